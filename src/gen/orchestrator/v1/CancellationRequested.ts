// Original file: proto/orchestrator/v1/event.proto


/**
 * A cancel was asked for.
 */
export interface CancellationRequested__Input {
  /**
   * The caller's words; empty when none were given.
   */
  'reason'?: (string);
}

/**
 * A cancel was asked for.
 */
export interface CancellationRequested__Output {
  /**
   * The caller's words; empty when none were given.
   */
  'reason': (string);
}
