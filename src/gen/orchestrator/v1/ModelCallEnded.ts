// Original file: proto/orchestrator/v1/event.proto

import type { ModelOutput__Input as _orchestrator_v1_ModelOutput__Input, ModelOutput__Output as _orchestrator_v1_ModelOutput__Output } from '../../orchestrator/v1/ModelOutput.ts';
import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A request to the provider has ended; it is never made again.
 */
export interface ModelCallEnded__Input {
  /**
   * Counted from 0.
   */
  'turn'?: (number);
  /**
   * Counted from 1.
   */
  'attempt'?: (number);
  /**
   * ok, failed, aborted or unknown (the process died while it ran).
   */
  'result'?: (string);
  /**
   * What the model answered; present exactly when result is ok.
   */
  'output'?: (_orchestrator_v1_ModelOutput__Input | null);
  /**
   * Present unless result is ok.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
  /**
   * Why it was stopped: cancel, deadline, conclude, shutdown, crash or ended; empty unless aborted or unknown.
   */
  'cause'?: (string);
  /**
   * Charged tokens: as reported, or the reservation when `assumed`.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Charged cost in billionths of a US dollar; absent: the price is unknown.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same cost in US dollars; absent: the price is unknown.
   */
  'costUsd'?: (number | string);
  /**
   * The provider reported no usage, so the full reservation was charged.
   */
  'assumed'?: (boolean);
  /**
   * How long the call took.
   */
  'duration'?: (_google_protobuf_Duration__Input | null);
  /**
   * Which price list the cost was computed with; empty when the price is unknown.
   */
  'priceSource'?: (string);
  '_costNanoUsd'?: "costNanoUsd";
  '_costUsd'?: "costUsd";
}

/**
 * A request to the provider has ended; it is never made again.
 */
export interface ModelCallEnded__Output {
  /**
   * Counted from 0.
   */
  'turn': (number);
  /**
   * Counted from 1.
   */
  'attempt': (number);
  /**
   * ok, failed, aborted or unknown (the process died while it ran).
   */
  'result': (string);
  /**
   * What the model answered; present exactly when result is ok.
   */
  'output': (_orchestrator_v1_ModelOutput__Output | null);
  /**
   * Present unless result is ok.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
  /**
   * Why it was stopped: cancel, deadline, conclude, shutdown, crash or ended; empty unless aborted or unknown.
   */
  'cause': (string);
  /**
   * Charged tokens: as reported, or the reservation when `assumed`.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Charged cost in billionths of a US dollar; absent: the price is unknown.
   */
  'costNanoUsd'?: (string);
  /**
   * The same cost in US dollars; absent: the price is unknown.
   */
  'costUsd'?: (number);
  /**
   * The provider reported no usage, so the full reservation was charged.
   */
  'assumed': (boolean);
  /**
   * How long the call took.
   */
  'duration': (_google_protobuf_Duration__Output | null);
  /**
   * Which price list the cost was computed with; empty when the price is unknown.
   */
  'priceSource': (string);
  '_costNanoUsd'?: "costNanoUsd";
  '_costUsd'?: "costUsd";
}
