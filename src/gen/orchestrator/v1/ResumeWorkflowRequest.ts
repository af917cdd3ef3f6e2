// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * Which workflow to resume.
 */
export interface ResumeWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
}

/**
 * Which workflow to resume.
 */
export interface ResumeWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
}
