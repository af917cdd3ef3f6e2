// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One bucket of a histogram.
 */
export interface DurationBucket__Input {
  /**
   * Upper bound in seconds; the last is infinite.
   */
  'upperBoundSeconds'?: (number | string);
  /**
   * Runs that were not longer.
   */
  'count'?: (number | string | Long);
}

/**
 * One bucket of a histogram.
 */
export interface DurationBucket__Output {
  /**
   * Upper bound in seconds; the last is infinite.
   */
  'upperBoundSeconds': (number);
  /**
   * Runs that were not longer.
   */
  'count': (string);
}
