// Original file: proto/orchestrator/v1/event.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * A caller holds the workflow; clocks stand still.
 */
export interface WorkflowPaused__Input {
  /**
   * The caller's words; empty when none were given.
   */
  'reason'?: (string);
  /**
   * What was left of the workflow's time; absent: it had not been admitted.
   */
  'remaining'?: (_google_protobuf_Duration__Input | null);
  /**
   * What was left of the time of each agent at work, by agent id.
   */
  'agentRemaining'?: ({[key: string]: _google_protobuf_Duration__Input});
  /**
   * When the pause itself times out.
   */
  'pauseDeadlineTime'?: (_google_protobuf_Timestamp__Input | null);
}

/**
 * A caller holds the workflow; clocks stand still.
 */
export interface WorkflowPaused__Output {
  /**
   * The caller's words; empty when none were given.
   */
  'reason': (string);
  /**
   * What was left of the workflow's time; absent: it had not been admitted.
   */
  'remaining': (_google_protobuf_Duration__Output | null);
  /**
   * What was left of the time of each agent at work, by agent id.
   */
  'agentRemaining': ({[key: string]: _google_protobuf_Duration__Output});
  /**
   * When the pause itself times out.
   */
  'pauseDeadlineTime': (_google_protobuf_Timestamp__Output | null);
}
