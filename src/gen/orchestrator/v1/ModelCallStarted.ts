// Original file: proto/orchestrator/v1/event.proto

import type { Reservation__Input as _orchestrator_v1_Reservation__Input, Reservation__Output as _orchestrator_v1_Reservation__Output } from '../../orchestrator/v1/Reservation.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * A request to the provider is about to leave; durable before it does.
 */
export interface ModelCallStarted__Input {
  /**
   * Counted from 0.
   */
  'turn'?: (number);
  /**
   * Counted from 1.
   */
  'attempt'?: (number);
  /**
   * Name of the provider that is called; another one than the workflow's when that one cannot be.
   */
  'provider'?: (string);
  /**
   * Name of the model, of that provider.
   */
  'model'?: (string);
  /**
   * What the call may use at most; held until it has ended.
   */
  'reserved'?: (_orchestrator_v1_Reservation__Input | null);
  /**
   * When the agent's time is over; set in its first call.
   */
  'agentDeadlineTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * How long a rate limit or a breaker kept it from beginning; the agent's time is longer by that. Absent: it did not,
   * or it is the agent's first call, whose time begins now.
   */
  'waitedDuration'?: (_google_protobuf_Duration__Input | null);
}

/**
 * A request to the provider is about to leave; durable before it does.
 */
export interface ModelCallStarted__Output {
  /**
   * Counted from 0.
   */
  'turn': (number);
  /**
   * Counted from 1.
   */
  'attempt': (number);
  /**
   * Name of the provider that is called; another one than the workflow's when that one cannot be.
   */
  'provider': (string);
  /**
   * Name of the model, of that provider.
   */
  'model': (string);
  /**
   * What the call may use at most; held until it has ended.
   */
  'reserved': (_orchestrator_v1_Reservation__Output | null);
  /**
   * When the agent's time is over; set in its first call.
   */
  'agentDeadlineTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * How long a rate limit or a breaker kept it from beginning; the agent's time is longer by that. Absent: it did not,
   * or it is the agent's first call, whose time begins now.
   */
  'waitedDuration': (_google_protobuf_Duration__Output | null);
}
