// Original file: proto/orchestrator/v1/catalog_service.proto


/**
 * A state of the machine.
 */
export interface LifecycleState__Input {
  /**
   * Its name.
   */
  'name'?: (string);
  /**
   * For people.
   */
  'description'?: (string);
  /**
   * Whether nothing follows it.
   */
  'terminal'?: (boolean);
}

/**
 * A state of the machine.
 */
export interface LifecycleState__Output {
  /**
   * Its name.
   */
  'name': (string);
  /**
   * For people.
   */
  'description': (string);
  /**
   * Whether nothing follows it.
   */
  'terminal': (boolean);
}
