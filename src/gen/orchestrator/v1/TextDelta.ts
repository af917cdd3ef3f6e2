// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A stretch of the answer an attempt is writing.
 */
export interface TextDelta__Input {
  /**
   * Bytes of UTF-8 that stand before it in this attempt's text. Exactly what a reader has of the text: append. More: what
   * lies between was dropped.
   */
  'offset'?: (number | string | Long);
  /**
   * Whole characters, never empty. Deltas without a gap between them, put together, are the beginning of the text that
   * `model_call_ended` has.
   */
  'text'?: (string);
}

/**
 * A stretch of the answer an attempt is writing.
 */
export interface TextDelta__Output {
  /**
   * Bytes of UTF-8 that stand before it in this attempt's text. Exactly what a reader has of the text: append. More: what
   * lies between was dropped.
   */
  'offset': (string);
  /**
   * Whole characters, never empty. Deltas without a gap between them, put together, are the beginning of the text that
   * `model_call_ended` has.
   */
  'text': (string);
}
