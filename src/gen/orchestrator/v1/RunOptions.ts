// Original file: proto/orchestrator/v1/workflow.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { InlineDocument__Input as _orchestrator_v1_InlineDocument__Input, InlineDocument__Output as _orchestrator_v1_InlineDocument__Output } from '../../orchestrator/v1/InlineDocument.ts';
import type { Reserve__Input as _orchestrator_v1_Reserve__Input, Reserve__Output as _orchestrator_v1_Reserve__Output } from '../../orchestrator/v1/Reserve.ts';
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
   * Model of every kind of work that has no model of its own, at most 200 characters; default: the server's default of
   * that provider for each kind of work. In replies: the model that plans.
   */
  'model'?: (string);
  /**
   * Model of the working agents, at most 200 characters; default `model`, without it the server's default for them.
   */
  'workerModel'?: (string);
  /**
   * Model of the syntheses, at most 200 characters; default `model`, without it the server's default for them.
   */
  'synthesisModel'?: (string);
  /**
   * Whether documents are rendered; default true.
   */
  'generateDocuments'?: (boolean);
  /**
   * Any of `markdown`, `docx` and `pdf`, at most 12 entries; one named twice counts once. Default `markdown`. A format
   * the server cannot render is refused (NOT_SUPPORTED_YET).
   */
  'documentFormats'?: (string)[];
  /**
   * Where events are posted to, http or https. Refused by servers without webhooks (NOT_SUPPORTED_YET). Empty: nowhere.
   */
  'webhookUrl'?: (string);
  /**
   * Runs from admission, at most 30 days; absent or 0: agents × agent timeout (300 s without one) × 1.5, never less than
   * the sum of the stages and never more than 30 days.
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
   * Most the workflow may cost, US dollars, above 0 and up to 1,000,000. Refused for a model without a known price
   * (NOT_SUPPORTED_YET). Absent: no cap.
   */
  'maxCostUsd'?: (number | string);
  /**
   * Most tokens, input and output together, the workflow may use; 1 to 1,000,000,000,000. Absent: no cap.
   */
  'maxTokens'?: (number | string | Long);
  /**
   * What happens when the workflow's time or a cap is reached: `fail` (default), or `conclude`: a quarter of each is kept
   * for the report, work stops where the rest is used up, and the report is written from what there is.
   */
  'onLimit'?: (string);
  /**
   * Fewer successful working agents than this fail the workflow; 1 to the number of working agents asked for, at most
   * 20; default 1.
   */
  'minSuccessfulAgents'?: (number);
  /**
   * At most 64; keys of 1 to 63, values up to 255 characters.
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
   * Name of a folder of documents that the server's configuration knows; excludes `documents`. Empty: none.
   */
  'corpus'?: (string);
  /**
   * Most output tokens of one call; 1 to 1,000,000. Default: the smallest limit the server's configuration names for the
   * models of the run, 4,096 when it names none.
   */
  'maxOutputTokens'?: (number);
  /**
   * Ignored in a request; in a reply what is kept for the report when `on_limit` is `conclude`.
   */
  'reserve'?: (_orchestrator_v1_Reserve__Input | null);
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
   * Model of every kind of work that has no model of its own, at most 200 characters; default: the server's default of
   * that provider for each kind of work. In replies: the model that plans.
   */
  'model': (string);
  /**
   * Model of the working agents, at most 200 characters; default `model`, without it the server's default for them.
   */
  'workerModel': (string);
  /**
   * Model of the syntheses, at most 200 characters; default `model`, without it the server's default for them.
   */
  'synthesisModel': (string);
  /**
   * Whether documents are rendered; default true.
   */
  'generateDocuments'?: (boolean);
  /**
   * Any of `markdown`, `docx` and `pdf`, at most 12 entries; one named twice counts once. Default `markdown`. A format
   * the server cannot render is refused (NOT_SUPPORTED_YET).
   */
  'documentFormats': (string)[];
  /**
   * Where events are posted to, http or https. Refused by servers without webhooks (NOT_SUPPORTED_YET). Empty: nowhere.
   */
  'webhookUrl': (string);
  /**
   * Runs from admission, at most 30 days; absent or 0: agents × agent timeout (300 s without one) × 1.5, never less than
   * the sum of the stages and never more than 30 days.
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
   * Most the workflow may cost, US dollars, above 0 and up to 1,000,000. Refused for a model without a known price
   * (NOT_SUPPORTED_YET). Absent: no cap.
   */
  'maxCostUsd'?: (number);
  /**
   * Most tokens, input and output together, the workflow may use; 1 to 1,000,000,000,000. Absent: no cap.
   */
  'maxTokens'?: (string);
  /**
   * What happens when the workflow's time or a cap is reached: `fail` (default), or `conclude`: a quarter of each is kept
   * for the report, work stops where the rest is used up, and the report is written from what there is.
   */
  'onLimit': (string);
  /**
   * Fewer successful working agents than this fail the workflow; 1 to the number of working agents asked for, at most
   * 20; default 1.
   */
  'minSuccessfulAgents'?: (number);
  /**
   * At most 64; keys of 1 to 63, values up to 255 characters.
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
   * Name of a folder of documents that the server's configuration knows; excludes `documents`. Empty: none.
   */
  'corpus': (string);
  /**
   * Most output tokens of one call; 1 to 1,000,000. Default: the smallest limit the server's configuration names for the
   * models of the run, 4,096 when it names none.
   */
  'maxOutputTokens'?: (number);
  /**
   * Ignored in a request; in a reply what is kept for the report when `on_limit` is `conclude`.
   */
  'reserve': (_orchestrator_v1_Reserve__Output | null);
  '_generateDocuments'?: "generateDocuments";
  '_maxRetries'?: "maxRetries";
  '_maxConcurrentAgents'?: "maxConcurrentAgents";
  '_maxCostUsd'?: "maxCostUsd";
  '_maxTokens'?: "maxTokens";
  '_minSuccessfulAgents'?: "minSuccessfulAgents";
  '_maxOutputTokens'?: "maxOutputTokens";
}
