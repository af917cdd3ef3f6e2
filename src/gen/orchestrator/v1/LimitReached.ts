// Original file: proto/orchestrator/v1/event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A cap does not allow the next call and nothing is held any more.
 */
export interface LimitReached__Input {
  /**
   * cost (billionths of a US dollar) or tokens.
   */
  'cap'?: (string);
  /**
   * Spent, in the unit of the cap.
   */
  'used'?: (number | string | Long);
  /**
   * The cap.
   */
  'limit'?: (number | string | Long);
}

/**
 * A cap does not allow the next call and nothing is held any more.
 */
export interface LimitReached__Output {
  /**
   * cost (billionths of a US dollar) or tokens.
   */
  'cap': (string);
  /**
   * Spent, in the unit of the cap.
   */
  'used': (string);
  /**
   * The cap.
   */
  'limit': (string);
}
