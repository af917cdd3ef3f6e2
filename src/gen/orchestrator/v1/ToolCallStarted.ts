// Original file: proto/orchestrator/v1/event.proto


/**
 * A tool is about to be called.
 */
export interface ToolCallStarted__Input {
  /**
   * Counted from 0.
   */
  'turn'?: (number);
  /**
   * Given by the model.
   */
  'callId'?: (string);
  /**
   * Name of the tool.
   */
  'tool'?: (string);
  /**
   * JSON text, as the model wrote it.
   */
  'arguments'?: (string);
}

/**
 * A tool is about to be called.
 */
export interface ToolCallStarted__Output {
  /**
   * Counted from 0.
   */
  'turn': (number);
  /**
   * Given by the model.
   */
  'callId': (string);
  /**
   * Name of the tool.
   */
  'tool': (string);
  /**
   * JSON text, as the model wrote it.
   */
  'arguments': (string);
}
