// Original file: proto/orchestrator/v1/event.proto

import type { Reservation__Input as _orchestrator_v1_Reservation__Input, Reservation__Output as _orchestrator_v1_Reservation__Output } from '../../orchestrator/v1/Reservation.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

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
   * Name of the provider.
   */
  'provider'?: (string);
  /**
   * Name of the model.
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
   * Whether the model may ask for tools in this turn.
   */
  'toolsOffered'?: (boolean);
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
   * Name of the provider.
   */
  'provider': (string);
  /**
   * Name of the model.
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
   * Whether the model may ask for tools in this turn.
   */
  'toolsOffered': (boolean);
}
