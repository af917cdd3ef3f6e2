// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Which workflow to pause.
 */
export interface PauseWorkflowRequest__Input {
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
 * Which workflow to pause.
 */
export interface PauseWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * Why, for the log; at most 1,000 characters.
   */
  'reason': (string);
}
