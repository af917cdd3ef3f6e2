// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Which workflow to delete.
 */
export interface DeleteWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
}

/**
 * Which workflow to delete.
 */
export interface DeleteWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
}
