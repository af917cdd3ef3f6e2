// Original file: proto/orchestrator/v1/event.proto


/**
 * A synthesis began.
 */
export interface SynthesisStarted__Input {
  /**
   * group, executive or final.
   */
  'level'?: (string);
}

/**
 * A synthesis began.
 */
export interface SynthesisStarted__Output {
  /**
   * group, executive or final.
   */
  'level': (string);
}
