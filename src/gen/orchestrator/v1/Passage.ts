// Original file: proto/orchestrator/v1/event.proto


/**
 * A stretch of a source document, by reference.
 */
export interface Passage__Input {
  /**
   * Cited as `[handle]`, for example `D3.12`.
   */
  'handle'?: (string);
  /**
   * Name of the document.
   */
  'documentName'?: (string);
  /**
   * Lower-case hexadecimal SHA-256 of the document.
   */
  'sha256'?: (string);
  /**
   * First UTF-16 code unit.
   */
  'start'?: (number);
  /**
   * UTF-16 code unit after the last.
   */
  'end'?: (number);
}

/**
 * A stretch of a source document, by reference.
 */
export interface Passage__Output {
  /**
   * Cited as `[handle]`, for example `D3.12`.
   */
  'handle': (string);
  /**
   * Name of the document.
   */
  'documentName': (string);
  /**
   * Lower-case hexadecimal SHA-256 of the document.
   */
  'sha256': (string);
  /**
   * First UTF-16 code unit.
   */
  'start': (number);
  /**
   * UTF-16 code unit after the last.
   */
  'end': (number);
}
