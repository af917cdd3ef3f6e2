// Original file: proto/orchestrator/v1/event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What a call may use at most.
 */
export interface Reservation__Input {
  /**
   * Upper bound of its input.
   */
  'inputTokens'?: (number | string | Long);
  /**
   * Enforced maximum of its output.
   */
  'outputTokens'?: (number | string | Long);
  /**
   * Upper bound of its cost in billionths of a US dollar; absent: the price is unknown.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same bound in US dollars; absent: the price is unknown.
   */
  'costUsd'?: (number | string);
  '_costNanoUsd'?: "costNanoUsd";
  '_costUsd'?: "costUsd";
}

/**
 * What a call may use at most.
 */
export interface Reservation__Output {
  /**
   * Upper bound of its input.
   */
  'inputTokens': (string);
  /**
   * Enforced maximum of its output.
   */
  'outputTokens': (string);
  /**
   * Upper bound of its cost in billionths of a US dollar; absent: the price is unknown.
   */
  'costNanoUsd'?: (string);
  /**
   * The same bound in US dollars; absent: the price is unknown.
   */
  'costUsd'?: (number);
  '_costNanoUsd'?: "costNanoUsd";
  '_costUsd'?: "costUsd";
}
