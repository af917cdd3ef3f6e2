// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';

/**
 * A workflow.
 */
export interface GetWorkflowResponse__Input {
  /**
   * With all details.
   */
  'workflow'?: (_orchestrator_v1_Workflow__Input | null);
}

/**
 * A workflow.
 */
export interface GetWorkflowResponse__Output {
  /**
   * With all details.
   */
  'workflow': (_orchestrator_v1_Workflow__Output | null);
}
