// Original file: proto/orchestrator/v1/event.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * Another attempt will be made.
 */
export interface AgentRetrying__Input {
  /**
   * Counted from 0.
   */
  'turn'?: (number);
  /**
   * The attempt that comes.
   */
  'attempt'?: (number);
  /**
   * What ended the last attempt.
   */
  'cause'?: (_orchestrator_v1_Failure__Input | null);
  /**
   * How long it waits.
   */
  'delay'?: (_google_protobuf_Duration__Input | null);
  /**
   * When the attempt comes at the earliest.
   */
  'retryTime'?: (_google_protobuf_Timestamp__Input | null);
}

/**
 * Another attempt will be made.
 */
export interface AgentRetrying__Output {
  /**
   * Counted from 0.
   */
  'turn': (number);
  /**
   * The attempt that comes.
   */
  'attempt': (number);
  /**
   * What ended the last attempt.
   */
  'cause': (_orchestrator_v1_Failure__Output | null);
  /**
   * How long it waits.
   */
  'delay': (_google_protobuf_Duration__Output | null);
  /**
   * When the attempt comes at the earliest.
   */
  'retryTime': (_google_protobuf_Timestamp__Output | null);
}
