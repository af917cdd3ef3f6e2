// Original file: proto/orchestrator/v1/workflow_service.proto


/**
 * The workflow is gone.
 */
export interface DeleteWorkflowResponse__Input {
}

/**
 * The workflow is gone.
 */
export interface DeleteWorkflowResponse__Output {
}
