// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';

/**
 * The workflow concludes.
 */
export interface ConcludeWorkflowResponse__Input {
  /**
   * With all details.
   */
  'workflow'?: (_orchestrator_v1_Workflow__Input | null);
}

/**
 * The workflow concludes.
 */
export interface ConcludeWorkflowResponse__Output {
  /**
   * With all details.
   */
  'workflow': (_orchestrator_v1_Workflow__Output | null);
}
