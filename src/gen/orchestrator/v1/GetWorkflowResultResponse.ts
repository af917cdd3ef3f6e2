// Original file: proto/orchestrator/v1/workflow_service.proto

import type { WorkflowResult__Input as _orchestrator_v1_WorkflowResult__Input, WorkflowResult__Output as _orchestrator_v1_WorkflowResult__Output } from '../../orchestrator/v1/WorkflowResult.ts';

/**
 * The result of a workflow.
 */
export interface GetWorkflowResultResponse__Input {
  /**
   * The result.
   */
  'result'?: (_orchestrator_v1_WorkflowResult__Input | null);
}

/**
 * The result of a workflow.
 */
export interface GetWorkflowResultResponse__Output {
  /**
   * The result.
   */
  'result': (_orchestrator_v1_WorkflowResult__Output | null);
}
