// Original file: proto/orchestrator/v1/event.proto


/**
 * A tool is about to be called; durable before it is. After a crash it may come again, but only for an idempotent tool.
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
  /**
   * Whether doing it twice is the same as doing it once; what is not is never repeated.
   */
  'idempotent'?: (boolean);
}

/**
 * A tool is about to be called; durable before it is. After a crash it may come again, but only for an idempotent tool.
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
  /**
   * Whether doing it twice is the same as doing it once; what is not is never repeated.
   */
  'idempotent': (boolean);
}
