// Original file: proto/orchestrator/v1/workflow.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { InlineDocument__Input as _orchestrator_v1_InlineDocument__Input, InlineDocument__Output as _orchestrator_v1_InlineDocument__Output } from '../../orchestrator/v1/InlineDocument.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Options that every orchestrator shares. Everything is optional; in replies the defaults are filled.
 */
export interface RunOptions__Input {
  /**
   * Provider of all calls, `^[a-z_]+$`; default `xai` unless the server's configuration says otherwise.
   */
  'providerName'?: (string);
  /**
   * Model of every kind of work that has no model of its own, at most 200 characters; default by configuration. In
   * replies: the model that plans.
   */
  'model'?: (string);
  /**
   * Model of the working agents; default `model`.
   */
  'workerModel'?: (string);
  /**
   * Model of the syntheses; default `model`.
   */
  'synthesisModel'?: (string);
  /**
   * Whether documents are rendered; default true.
   */
  'generateDocuments'?: (boolean);
  /**
   * `markdown`, `docx`, `pdf`, each at most once; default `markdown`.
   */
  'documentFormats'?: (string)[];
  /**
   * Where events are posted to, http or https; private addresses are refused unless configured. Empty: nowhere.
   */
  'webhookUrl'?: (string);
  /**
   * Runs from admission, at most 30 days; absent or 0: agents × agent timeout × 1.5, never less than the sum of the
   * stages.
   */
  'workflowTimeout'?: (_google_protobuf_Duration__Input | null);
  /**
   * All attempts and backoff of one agent, at most 24 hours; absent or 0: the default of the agent's role (180 to 300
   * seconds).
   */
  'agentTimeout'?: (_google_protobuf_Duration__Input | null);
  /**
   * Further attempts of one model call after a failure that may pass; 0 to 10, default 2.
   */
  'maxRetries'?: (number);
  /**
   * Agents of this workflow that work at the same time; 1 to 100, default 10.
   */
  'maxConcurrentAgents'?: (number);
  /**
   * Most the workflow may cost, US dollars, up to 1,000,000. Refused for a model without a known price. Absent: no cap.
   */
  'maxCostUsd'?: (number | string);
  /**
   * Most tokens, input and output together, the workflow may use. Absent: no cap.
   */
  'maxTokens'?: (number | string | Long);
  /**
   * What happens when a deadline or a cap is reached: `fail` (default) or `conclude`.
   */
  'onLimit'?: (string);
  /**
   * Fewer successful working agents than this fail the workflow; default 1.
   */
  'minSuccessfulAgents'?: (number);
  /**
   * At most 64; keys up to 63, values up to 255 characters.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Higher is admitted first; -100 to 100, default 0.
   */
  'priority'?: (number);
  /**
   * Documents the agents work on, at most 100, together at most 512 KiB of UTF-8. Empty in replies.
   */
  'documents'?: (_orchestrator_v1_InlineDocument__Input)[];
  /**
   * Name of a folder of documents that the server's configuration knows; excludes `documents`.
   */
  'corpus'?: (string);
  /**
   * Most output tokens of one call; default the model's own limit, else 4096.
   */
  'maxOutputTokens'?: (number);
  '_generateDocuments'?: "generateDocuments";
  '_maxRetries'?: "maxRetries";
  '_maxConcurrentAgents'?: "maxConcurrentAgents";
  '_maxCostUsd'?: "maxCostUsd";
  '_maxTokens'?: "maxTokens";
  '_minSuccessfulAgents'?: "minSuccessfulAgents";
  '_maxOutputTokens'?: "maxOutputTokens";
}

/**
 * Options that every orchestrator shares. Everything is optional; in replies the defaults are filled.
 */
export interface RunOptions__Output {
  /**
   * Provider of all calls, `^[a-z_]+$`; default `xai` unless the server's configuration says otherwise.
   */
  'providerName': (string);
  /**
   * Model of every kind of work that has no model of its own, at most 200 characters; default by configuration. In
   * replies: the model that plans.
   */
  'model': (string);
  /**
   * Model of the working agents; default `model`.
   */
  'workerModel': (string);
  /**
   * Model of the syntheses; default `model`.
   */
  'synthesisModel': (string);
  /**
   * Whether documents are rendered; default true.
   */
  'generateDocuments'?: (boolean);
  /**
   * `markdown`, `docx`, `pdf`, each at most once; default `markdown`.
   */
  'documentFormats': (string)[];
  /**
   * Where events are posted to, http or https; private addresses are refused unless configured. Empty: nowhere.
   */
  'webhookUrl': (string);
  /**
   * Runs from admission, at most 30 days; absent or 0: agents × agent timeout × 1.5, never less than the sum of the
   * stages.
   */
  'workflowTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * All attempts and backoff of one agent, at most 24 hours; absent or 0: the default of the agent's role (180 to 300
   * seconds).
   */
  'agentTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * Further attempts of one model call after a failure that may pass; 0 to 10, default 2.
   */
  'maxRetries'?: (number);
  /**
   * Agents of this workflow that work at the same time; 1 to 100, default 10.
   */
  'maxConcurrentAgents'?: (number);
  /**
   * Most the workflow may cost, US dollars, up to 1,000,000. Refused for a model without a known price. Absent: no cap.
   */
  'maxCostUsd'?: (number);
  /**
   * Most tokens, input and output together, the workflow may use. Absent: no cap.
   */
  'maxTokens'?: (string);
  /**
   * What happens when a deadline or a cap is reached: `fail` (default) or `conclude`.
   */
  'onLimit': (string);
  /**
   * Fewer successful working agents than this fail the workflow; default 1.
   */
  'minSuccessfulAgents'?: (number);
  /**
   * At most 64; keys up to 63, values up to 255 characters.
   */
  'labels': ({[key: string]: string});
  /**
   * Higher is admitted first; -100 to 100, default 0.
   */
  'priority': (number);
  /**
   * Documents the agents work on, at most 100, together at most 512 KiB of UTF-8. Empty in replies.
   */
  'documents': (_orchestrator_v1_InlineDocument__Output)[];
  /**
   * Name of a folder of documents that the server's configuration knows; excludes `documents`.
   */
  'corpus': (string);
  /**
   * Most output tokens of one call; default the model's own limit, else 4096.
   */
  'maxOutputTokens'?: (number);
  '_generateDocuments'?: "generateDocuments";
  '_maxRetries'?: "maxRetries";
  '_maxConcurrentAgents'?: "maxConcurrentAgents";
  '_maxCostUsd'?: "maxCostUsd";
  '_maxTokens'?: "maxTokens";
  '_minSuccessfulAgents'?: "minSuccessfulAgents";
  '_maxOutputTokens'?: "maxOutputTokens";
}
