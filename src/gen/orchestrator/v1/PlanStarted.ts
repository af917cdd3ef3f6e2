// Original file: proto/orchestrator/v1/event.proto


/**
 * Planning began.
 */
export interface PlanStarted__Input {
}

/**
 * Planning began.
 */
export interface PlanStarted__Output {
}
