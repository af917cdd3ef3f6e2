// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Which workflow to show.
 */
export interface GetWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
}

/**
 * Which workflow to show.
 */
export interface GetWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
}
