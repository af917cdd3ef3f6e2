// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Which workflow to conclude.
 */
export interface ConcludeWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
}

/**
 * Which workflow to conclude.
 */
export interface ConcludeWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
}
