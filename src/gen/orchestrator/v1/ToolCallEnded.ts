// Original file: proto/orchestrator/v1/event.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * A tool call has ended.
 */
export interface ToolCallEnded__Input {
  /**
   * Counted from 0.
   */
  'turn'?: (number);
  /**
   * Given by the model.
   */
  'callId'?: (string);
  /**
   * ok, failed, aborted or unknown.
   */
  'result'?: (string);
  /**
   * What the tool answered; absent when it did not.
   */
  'output'?: (string);
  /**
   * Present unless result is ok.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
  /**
   * How long the call took.
   */
  'duration'?: (_google_protobuf_Duration__Input | null);
  '_output'?: "output";
}

/**
 * A tool call has ended.
 */
export interface ToolCallEnded__Output {
  /**
   * Counted from 0.
   */
  'turn': (number);
  /**
   * Given by the model.
   */
  'callId': (string);
  /**
   * ok, failed, aborted or unknown.
   */
  'result': (string);
  /**
   * What the tool answered; absent when it did not.
   */
  'output'?: (string);
  /**
   * Present unless result is ok.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
  /**
   * How long the call took.
   */
  'duration': (_google_protobuf_Duration__Output | null);
  '_output'?: "output";
}
