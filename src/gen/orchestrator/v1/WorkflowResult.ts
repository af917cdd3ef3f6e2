// Original file: proto/orchestrator/v1/workflow_service.proto

import type { _orchestrator_v1_Workflow_State__Input, _orchestrator_v1_Workflow_State__Output } from '../../orchestrator/v1/Workflow.ts';
import type { AgentResult__Input as _orchestrator_v1_AgentResult__Input, AgentResult__Output as _orchestrator_v1_AgentResult__Output } from '../../orchestrator/v1/AgentResult.ts';
import type { FailedAgent__Input as _orchestrator_v1_FailedAgent__Input, FailedAgent__Output as _orchestrator_v1_FailedAgent__Output } from '../../orchestrator/v1/FailedAgent.ts';
import type { NumberedSource__Input as _orchestrator_v1_NumberedSource__Input, NumberedSource__Output as _orchestrator_v1_NumberedSource__Output } from '../../orchestrator/v1/NumberedSource.ts';
import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';
import type { WorkflowError__Input as _orchestrator_v1_WorkflowError__Input, WorkflowError__Output as _orchestrator_v1_WorkflowError__Output } from '../../orchestrator/v1/WorkflowError.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Document__Input as _orchestrator_v1_Document__Input, Document__Output as _orchestrator_v1_Document__Output } from '../../orchestrator/v1/Document.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a workflow that has ended leaves behind. Contents are together at most 3 MiB of UTF-8, the final one first: those
 * that do not fit are left out and marked.
 */
export interface WorkflowResult__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
  /**
   * The state it ended in.
   */
  'state'?: (_orchestrator_v1_Workflow_State__Input);
  /**
   * The title.
   */
  'title'?: (string);
  /**
   * The final text in Markdown; empty when there is none.
   */
  'content'?: (string);
  /**
   * Agent whose content that is; empty when there is none.
   */
  'finalAgentId'?: (string);
  /**
   * Whether `content` was left out for its size; it is in the document and in the log.
   */
  'contentOmitted'?: (boolean);
  /**
   * What each completed agent found, planners left out, in the order they were scheduled.
   */
  'agentResults'?: (_orchestrator_v1_AgentResult__Input)[];
  /**
   * Agents that failed, in the order they were scheduled.
   */
  'failedAgents'?: (_orchestrator_v1_FailedAgent__Input)[];
  /**
   * Sources in the order of their numbers; only of a completed workflow.
   */
  'sources'?: (_orchestrator_v1_NumberedSource__Input)[];
  /**
   * What the reader must know is missing; only of a completed workflow.
   */
  'gaps'?: (string)[];
  /**
   * Successful working agents divided by the requested ones, 0 to 1; absent unless completed.
   */
  'completeness'?: (number | string);
  /**
   * Outcome in the orchestrator's own terms; absent when there is none.
   */
  'details'?: (_google_protobuf_Struct__Input | null);
  /**
   * Why it failed or timed out; absent otherwise.
   */
  'error'?: (_orchestrator_v1_WorkflowError__Input | null);
  /**
   * Tokens charged.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Cost in billionths of a US dollar.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same cost in US dollars.
   */
  'costUsd'?: (number | string);
  /**
   * Finished calls whose price is unknown; above 0 the cost is a lower bound.
   */
  'unpricedCalls'?: (number);
  /**
   * From the first admission to the end; absent when it was never admitted.
   */
  'duration'?: (_google_protobuf_Duration__Input | null);
  /**
   * Rendered documents.
   */
  'documents'?: (_orchestrator_v1_Document__Input)[];
  '_completeness'?: "completeness";
}

/**
 * What a workflow that has ended leaves behind. Contents are together at most 3 MiB of UTF-8, the final one first: those
 * that do not fit are left out and marked.
 */
export interface WorkflowResult__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * The state it ended in.
   */
  'state': (_orchestrator_v1_Workflow_State__Output);
  /**
   * The title.
   */
  'title': (string);
  /**
   * The final text in Markdown; empty when there is none.
   */
  'content': (string);
  /**
   * Agent whose content that is; empty when there is none.
   */
  'finalAgentId': (string);
  /**
   * Whether `content` was left out for its size; it is in the document and in the log.
   */
  'contentOmitted': (boolean);
  /**
   * What each completed agent found, planners left out, in the order they were scheduled.
   */
  'agentResults': (_orchestrator_v1_AgentResult__Output)[];
  /**
   * Agents that failed, in the order they were scheduled.
   */
  'failedAgents': (_orchestrator_v1_FailedAgent__Output)[];
  /**
   * Sources in the order of their numbers; only of a completed workflow.
   */
  'sources': (_orchestrator_v1_NumberedSource__Output)[];
  /**
   * What the reader must know is missing; only of a completed workflow.
   */
  'gaps': (string)[];
  /**
   * Successful working agents divided by the requested ones, 0 to 1; absent unless completed.
   */
  'completeness'?: (number);
  /**
   * Outcome in the orchestrator's own terms; absent when there is none.
   */
  'details': (_google_protobuf_Struct__Output | null);
  /**
   * Why it failed or timed out; absent otherwise.
   */
  'error': (_orchestrator_v1_WorkflowError__Output | null);
  /**
   * Tokens charged.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Cost in billionths of a US dollar.
   */
  'costNanoUsd': (string);
  /**
   * The same cost in US dollars.
   */
  'costUsd': (number);
  /**
   * Finished calls whose price is unknown; above 0 the cost is a lower bound.
   */
  'unpricedCalls': (number);
  /**
   * From the first admission to the end; absent when it was never admitted.
   */
  'duration': (_google_protobuf_Duration__Output | null);
  /**
   * Rendered documents.
   */
  'documents': (_orchestrator_v1_Document__Output)[];
  '_completeness'?: "completeness";
}
