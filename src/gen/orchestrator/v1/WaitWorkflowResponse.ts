// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';

/**
 * The workflow after the wait.
 */
export interface WaitWorkflowResponse__Input {
  /**
   * With all details.
   */
  'workflow'?: (_orchestrator_v1_Workflow__Input | null);
  /**
   * Whether it has ended; false: the time was over first.
   */
  'done'?: (boolean);
}

/**
 * The workflow after the wait.
 */
export interface WaitWorkflowResponse__Output {
  /**
   * With all details.
   */
  'workflow': (_orchestrator_v1_Workflow__Output | null);
  /**
   * Whether it has ended; false: the time was over first.
   */
  'done': (boolean);
}
