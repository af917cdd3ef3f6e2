// Original file: proto/orchestrator/v1/event.proto


/**
 * Back in line for a slot.
 */
export interface WorkflowResumed__Input {
}

/**
 * Back in line for a slot.
 */
export interface WorkflowResumed__Output {
}
