// Original file: proto/orchestrator/v1/event.proto


/**
 * A document is being rendered.
 */
export interface DocumentStarted__Input {
  /**
   * markdown, docx or pdf.
   */
  'format'?: (string);
}

/**
 * A document is being rendered.
 */
export interface DocumentStarted__Output {
  /**
   * markdown, docx or pdf.
   */
  'format': (string);
}
