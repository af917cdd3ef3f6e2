// Original file: proto/orchestrator/v1/event.proto


/**
 * A tool call the model asked for.
 */
export interface ToolCall__Input {
  /**
   * Given by the model.
   */
  'id'?: (string);
  /**
   * Name of the tool.
   */
  'name'?: (string);
  /**
   * JSON text, as the model wrote it.
   */
  'arguments'?: (string);
}

/**
 * A tool call the model asked for.
 */
export interface ToolCall__Output {
  /**
   * Given by the model.
   */
  'id': (string);
  /**
   * Name of the tool.
   */
  'name': (string);
  /**
   * JSON text, as the model wrote it.
   */
  'arguments': (string);
}
