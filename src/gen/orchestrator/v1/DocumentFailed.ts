// Original file: proto/orchestrator/v1/event.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';

/**
 * A document could not be rendered; the workflow goes on.
 */
export interface DocumentFailed__Input {
  /**
   * markdown, docx or pdf.
   */
  'format'?: (string);
  /**
   * Why.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
}

/**
 * A document could not be rendered; the workflow goes on.
 */
export interface DocumentFailed__Output {
  /**
   * markdown, docx or pdf.
   */
  'format': (string);
  /**
   * Why.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
}
