// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { CircuitBreaker__Input as _orchestrator_v1_CircuitBreaker__Input, CircuitBreaker__Output as _orchestrator_v1_CircuitBreaker__Output } from '../../orchestrator/v1/CircuitBreaker.ts';
import type { RateLimit__Input as _orchestrator_v1_RateLimit__Input, RateLimit__Output as _orchestrator_v1_RateLimit__Output } from '../../orchestrator/v1/RateLimit.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A model endpoint.
 */
export interface Provider__Input {
  /**
   * What `provider_name` names.
   */
  'name'?: (string);
  /**
   * Whether a key (where one is needed) and an address are there.
   */
  'configured'?: (boolean);
  /**
   * Environment variables that may hold the key, the first found wins; empty: no key is needed.
   */
  'keyVariables'?: (string)[];
  /**
   * Where requests go.
   */
  'baseUrl'?: (string);
  /**
   * Default model of planners; empty when none is configured.
   */
  'defaultModel'?: (string);
  /**
   * Default model of working agents; empty when none is configured.
   */
  'defaultWorkerModel'?: (string);
  /**
   * Default model of syntheses; empty when none is configured.
   */
  'defaultSynthesisModel'?: (string);
  /**
   * Calls since this process started.
   */
  'calls'?: (number | string | Long);
  /**
   * Calls that failed.
   */
  'failures'?: (number | string | Long);
  /**
   * Tokens charged.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Mean duration of a call; absent when there was none.
   */
  'averageLatency'?: (_google_protobuf_Duration__Input | null);
  /**
   * Longest call; absent when there was none.
   */
  'maxLatency'?: (_google_protobuf_Duration__Input | null);
  /**
   * Providers that are called instead, in order, while a breaker of this one is open or its key is missing.
   */
  'fallbackProviders'?: (string)[];
  /**
   * One for each of its models that was called since this process started.
   */
  'breakers'?: (_orchestrator_v1_CircuitBreaker__Input)[];
  /**
   * What it allows, and who waits for it.
   */
  'rateLimit'?: (_orchestrator_v1_RateLimit__Input | null);
}

/**
 * A model endpoint.
 */
export interface Provider__Output {
  /**
   * What `provider_name` names.
   */
  'name': (string);
  /**
   * Whether a key (where one is needed) and an address are there.
   */
  'configured': (boolean);
  /**
   * Environment variables that may hold the key, the first found wins; empty: no key is needed.
   */
  'keyVariables': (string)[];
  /**
   * Where requests go.
   */
  'baseUrl': (string);
  /**
   * Default model of planners; empty when none is configured.
   */
  'defaultModel': (string);
  /**
   * Default model of working agents; empty when none is configured.
   */
  'defaultWorkerModel': (string);
  /**
   * Default model of syntheses; empty when none is configured.
   */
  'defaultSynthesisModel': (string);
  /**
   * Calls since this process started.
   */
  'calls': (string);
  /**
   * Calls that failed.
   */
  'failures': (string);
  /**
   * Tokens charged.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Mean duration of a call; absent when there was none.
   */
  'averageLatency': (_google_protobuf_Duration__Output | null);
  /**
   * Longest call; absent when there was none.
   */
  'maxLatency': (_google_protobuf_Duration__Output | null);
  /**
   * Providers that are called instead, in order, while a breaker of this one is open or its key is missing.
   */
  'fallbackProviders': (string)[];
  /**
   * One for each of its models that was called since this process started.
   */
  'breakers': (_orchestrator_v1_CircuitBreaker__Output)[];
  /**
   * What it allows, and who waits for it.
   */
  'rateLimit': (_orchestrator_v1_RateLimit__Output | null);
}
