// Original file: proto/orchestrator/v1/workflow.proto


/**
 * A document given with the request.
 */
export interface InlineDocument__Input {
  /**
   * Shown in sources, 1 to 255 characters after trimming; unique in the request.
   */
  'name'?: (string);
  /**
   * The text, UTF-8; not empty.
   */
  'text'?: (string);
}

/**
 * A document given with the request.
 */
export interface InlineDocument__Output {
  /**
   * Shown in sources, 1 to 255 characters after trimming; unique in the request.
   */
  'name': (string);
  /**
   * The text, UTF-8; not empty.
   */
  'text': (string);
}
