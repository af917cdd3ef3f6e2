// Original file: proto/orchestrator/v1/event.proto

import type { WorkflowError__Input as _orchestrator_v1_WorkflowError__Input, WorkflowError__Output as _orchestrator_v1_WorkflowError__Output } from '../../orchestrator/v1/WorkflowError.ts';

/**
 * Last event: the workflow failed.
 */
export interface WorkflowFailed__Input {
  /**
   * Why.
   */
  'error'?: (_orchestrator_v1_WorkflowError__Input | null);
}

/**
 * Last event: the workflow failed.
 */
export interface WorkflowFailed__Output {
  /**
   * Why.
   */
  'error': (_orchestrator_v1_WorkflowError__Output | null);
}
