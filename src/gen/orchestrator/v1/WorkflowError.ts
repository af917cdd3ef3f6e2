// Original file: proto/orchestrator/v1/workflow.proto


/**
 * Why a workflow failed or timed out.
 */
export interface WorkflowError__Input {
  /**
   * Stable, for programs.
   */
  'type'?: (string);
  /**
   * For people.
   */
  'message'?: (string);
}

/**
 * Why a workflow failed or timed out.
 */
export interface WorkflowError__Output {
  /**
   * Stable, for programs.
   */
  'type': (string);
  /**
   * For people.
   */
  'message': (string);
}
