// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Whose result to read.
 */
export interface GetWorkflowResultRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
}

/**
 * Whose result to read.
 */
export interface GetWorkflowResultRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
}
