// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How fast a provider may be called, for all workflows of this process together.
 */
export interface RateLimit__Input {
  /**
   * Configured requests a minute; 0: nobody said.
   */
  'requestsPerMinute'?: (number);
  /**
   * Configured tokens a minute; 0: nobody said.
   */
  'tokensPerMinute'?: (number | string | Long);
  /**
   * Configured calls under way at once; 0: nobody said.
   */
  'concurrentCalls'?: (number);
  /**
   * Workflows that wait for their turn.
   */
  'waitingWorkflows'?: (number);
  /**
   * Until when nobody calls, because the provider asked for it; absent: it is not paused.
   */
  'pausedUntilTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Calls it refused as too many (429) since this process started.
   */
  'throttledCalls'?: (number | string | Long);
}

/**
 * How fast a provider may be called, for all workflows of this process together.
 */
export interface RateLimit__Output {
  /**
   * Configured requests a minute; 0: nobody said.
   */
  'requestsPerMinute': (number);
  /**
   * Configured tokens a minute; 0: nobody said.
   */
  'tokensPerMinute': (string);
  /**
   * Configured calls under way at once; 0: nobody said.
   */
  'concurrentCalls': (number);
  /**
   * Workflows that wait for their turn.
   */
  'waitingWorkflows': (number);
  /**
   * Until when nobody calls, because the provider asked for it; absent: it is not paused.
   */
  'pausedUntilTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Calls it refused as too many (429) since this process started.
   */
  'throttledCalls': (string);
}
