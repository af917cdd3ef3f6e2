// Original file: proto/orchestrator/v1/workflow.proto


/**
 * A document given with the request.
 */
export interface InlineDocument__Input {
  /**
   * Shown in sources, at most 255 characters; unique in the request.
   */
  'name'?: (string);
  /**
   * The text, UTF-8.
   */
  'text'?: (string);
}

/**
 * A document given with the request.
 */
export interface InlineDocument__Output {
  /**
   * Shown in sources, at most 255 characters; unique in the request.
   */
  'name': (string);
  /**
   * The text, UTF-8.
   */
  'text': (string);
}
