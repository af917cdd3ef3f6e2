// Original file: proto/orchestrator/v1/event.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { ToolSource__Input as _orchestrator_v1_ToolSource__Input, ToolSource__Output as _orchestrator_v1_ToolSource__Output } from '../../orchestrator/v1/ToolSource.ts';

/**
 * A tool call has ended. Without a start before it: the call was refused and nothing was executed.
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
  /**
   * Why it was stopped: cancel, deadline, conclude, shutdown, crash or ended; empty unless aborted or unknown.
   */
  'cause'?: (string);
  /**
   * What it found, citable by the agent.
   */
  'sources'?: (_orchestrator_v1_ToolSource__Input)[];
  '_output'?: "output";
}

/**
 * A tool call has ended. Without a start before it: the call was refused and nothing was executed.
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
  /**
   * Why it was stopped: cancel, deadline, conclude, shutdown, crash or ended; empty unless aborted or unknown.
   */
  'cause': (string);
  /**
   * What it found, citable by the agent.
   */
  'sources': (_orchestrator_v1_ToolSource__Output)[];
  '_output'?: "output";
}
