// Original file: proto/orchestrator/v1/workflow.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Tokens as the provider counts them.
 */
export interface Usage__Input {
  /**
   * All input tokens, cached ones included.
   */
  'inputTokens'?: (number | string | Long);
  /**
   * Output tokens, reasoning included.
   */
  'outputTokens'?: (number | string | Long);
}

/**
 * Tokens as the provider counts them.
 */
export interface Usage__Output {
  /**
   * All input tokens, cached ones included.
   */
  'inputTokens': (string);
  /**
   * Output tokens, reasoning included.
   */
  'outputTokens': (string);
}
