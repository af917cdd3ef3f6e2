// Original file: proto/orchestrator/v1/event.proto


/**
 * A synthesis is there.
 */
export interface SynthesisCompleted__Input {
  /**
   * group, executive or final.
   */
  'level'?: (string);
}

/**
 * A synthesis is there.
 */
export interface SynthesisCompleted__Output {
  /**
   * group, executive or final.
   */
  'level': (string);
}
