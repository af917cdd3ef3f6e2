// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Whose documents to list.
 */
export interface ListDocumentsRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
}

/**
 * Whose documents to list.
 */
export interface ListDocumentsRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
}
