// Original file: proto/orchestrator/v1/catalog_service.proto


/**
 * A way from one state to another.
 */
export interface LifecycleTransition__Input {
  /**
   * Name of the state it leaves.
   */
  'source'?: (string);
  /**
   * Type of the event that takes it.
   */
  'event'?: (string);
  /**
   * Name of the state it enters.
   */
  'target'?: (string);
}

/**
 * A way from one state to another.
 */
export interface LifecycleTransition__Output {
  /**
   * Name of the state it leaves.
   */
  'source': (string);
  /**
   * Type of the event that takes it.
   */
  'event': (string);
  /**
   * Name of the state it enters.
   */
  'target': (string);
}
