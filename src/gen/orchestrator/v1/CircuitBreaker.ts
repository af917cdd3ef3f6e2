// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

// Original file: proto/orchestrator/v1/catalog_service.proto

/**
 * Whether calls go.
 */
export const _orchestrator_v1_CircuitBreaker_State = {
  /**
   * Not used.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * They go.
   */
  STATE_CLOSED: 'STATE_CLOSED',
  /**
   * None goes; agents wait, or a fallback provider is called.
   */
  STATE_OPEN: 'STATE_OPEN',
  /**
   * One probe is under way and decides.
   */
  STATE_HALF_OPEN: 'STATE_HALF_OPEN',
} as const;

/**
 * Whether calls go.
 */
export type _orchestrator_v1_CircuitBreaker_State__Input =
  /**
   * Not used.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * They go.
   */
  | 'STATE_CLOSED'
  | 1
  /**
   * None goes; agents wait, or a fallback provider is called.
   */
  | 'STATE_OPEN'
  | 2
  /**
   * One probe is under way and decides.
   */
  | 'STATE_HALF_OPEN'
  | 3

/**
 * Whether calls go.
 */
export type _orchestrator_v1_CircuitBreaker_State__Output = typeof _orchestrator_v1_CircuitBreaker_State[keyof typeof _orchestrator_v1_CircuitBreaker_State]

/**
 * Keeps calls from a model that does not answer.
 */
export interface CircuitBreaker__Input {
  /**
   * The model.
   */
  'model'?: (string);
  /**
   * Whether calls go.
   */
  'state'?: (_orchestrator_v1_CircuitBreaker_State__Input);
  /**
   * When that last changed.
   */
  'sinceTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * From when a probe may go; set while it is open.
   */
  'retryTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Failed calls since the last answer.
   */
  'consecutiveFailures'?: (number);
}

/**
 * Keeps calls from a model that does not answer.
 */
export interface CircuitBreaker__Output {
  /**
   * The model.
   */
  'model': (string);
  /**
   * Whether calls go.
   */
  'state': (_orchestrator_v1_CircuitBreaker_State__Output);
  /**
   * When that last changed.
   */
  'sinceTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * From when a probe may go; set while it is open.
   */
  'retryTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Failed calls since the last answer.
   */
  'consecutiveFailures': (number);
}
