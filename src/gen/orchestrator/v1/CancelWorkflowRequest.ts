// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Which workflow to cancel.
 */
export interface CancelWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
  /**
   * Why, for the log; at most 1,000 characters.
   */
  'reason'?: (string);
}

/**
 * Which workflow to cancel.
 */
export interface CancelWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * Why, for the log; at most 1,000 characters.
   */
  'reason': (string);
}
