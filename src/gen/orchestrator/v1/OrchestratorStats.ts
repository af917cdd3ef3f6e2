// Original file: proto/orchestrator/v1/catalog_service.proto

import type { DurationBucket__Input as _orchestrator_v1_DurationBucket__Input, DurationBucket__Output as _orchestrator_v1_DurationBucket__Output } from '../../orchestrator/v1/DurationBucket.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Counters of one orchestrator.
 */
export interface OrchestratorStats__Input {
  /**
   * Its name.
   */
  'orchestrator'?: (string);
  /**
   * Finished workflows.
   */
  'count'?: (number | string | Long);
  /**
   * Of them FAILED or TIMED_OUT.
   */
  'errors'?: (number | string | Long);
  /**
   * Of them CANCELLED.
   */
  'cancelled'?: (number | string | Long);
  /**
   * Shortest run in seconds, rounded to 2 decimals; 0 when there is none.
   */
  'minDurationSeconds'?: (number | string);
  /**
   * Mean run in seconds, rounded to 2 decimals; 0 when there is none.
   */
  'avgDurationSeconds'?: (number | string);
  /**
   * Longest run in seconds, rounded to 2 decimals; 0 when there is none.
   */
  'maxDurationSeconds'?: (number | string);
  /**
   * Histogram of durations, ascending; counts are cumulative.
   */
  'durationBuckets'?: (_orchestrator_v1_DurationBucket__Input)[];
  /**
   * Cost in billionths of a US dollar.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same in US dollars.
   */
  'costUsd'?: (number | string);
}

/**
 * Counters of one orchestrator.
 */
export interface OrchestratorStats__Output {
  /**
   * Its name.
   */
  'orchestrator': (string);
  /**
   * Finished workflows.
   */
  'count': (string);
  /**
   * Of them FAILED or TIMED_OUT.
   */
  'errors': (string);
  /**
   * Of them CANCELLED.
   */
  'cancelled': (string);
  /**
   * Shortest run in seconds, rounded to 2 decimals; 0 when there is none.
   */
  'minDurationSeconds': (number);
  /**
   * Mean run in seconds, rounded to 2 decimals; 0 when there is none.
   */
  'avgDurationSeconds': (number);
  /**
   * Longest run in seconds, rounded to 2 decimals; 0 when there is none.
   */
  'maxDurationSeconds': (number);
  /**
   * Histogram of durations, ascending; counts are cumulative.
   */
  'durationBuckets': (_orchestrator_v1_DurationBucket__Output)[];
  /**
   * Cost in billionths of a US dollar.
   */
  'costNanoUsd': (string);
  /**
   * The same in US dollars.
   */
  'costUsd': (number);
}
