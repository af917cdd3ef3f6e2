// Original file: proto/orchestrator/v1/workflow_service.proto

import type { WorkflowEvent__Input as _orchestrator_v1_WorkflowEvent__Input, WorkflowEvent__Output as _orchestrator_v1_WorkflowEvent__Output } from '../../orchestrator/v1/WorkflowEvent.ts';
import type { Snapshot__Input as _orchestrator_v1_Snapshot__Input, Snapshot__Output as _orchestrator_v1_Snapshot__Output } from '../../orchestrator/v1/Snapshot.ts';
import type { Progress__Input as _orchestrator_v1_Progress__Input, Progress__Output as _orchestrator_v1_Progress__Output } from '../../orchestrator/v1/Progress.ts';
import type { Heartbeat__Input as _orchestrator_v1_Heartbeat__Input, Heartbeat__Output as _orchestrator_v1_Heartbeat__Output } from '../../orchestrator/v1/Heartbeat.ts';

/**
 * One message of a watch: events in order without gaps, or one of the contents.
 */
export interface WatchWorkflowResponse__Input {
  /**
   * The next events, several at once when the reader is behind.
   */
  'events'?: (_orchestrator_v1_WorkflowEvent__Input)[];
  /**
   * First message when `after_sequence` was unset.
   */
  'snapshot'?: (_orchestrator_v1_Snapshot__Input | null);
  /**
   * Only with `include_progress`, and never about an attempt whose `model_call_ended` was sent on this stream.
   */
  'progress'?: (_orchestrator_v1_Progress__Input | null);
  /**
   * Sent about every 20 s while nothing happens.
   */
  'heartbeat'?: (_orchestrator_v1_Heartbeat__Input | null);
  /**
   * Anything that is not an event.
   */
  'content'?: "snapshot"|"progress"|"heartbeat";
}

/**
 * One message of a watch: events in order without gaps, or one of the contents.
 */
export interface WatchWorkflowResponse__Output {
  /**
   * The next events, several at once when the reader is behind.
   */
  'events': (_orchestrator_v1_WorkflowEvent__Output)[];
  /**
   * First message when `after_sequence` was unset.
   */
  'snapshot'?: (_orchestrator_v1_Snapshot__Output | null);
  /**
   * Only with `include_progress`, and never about an attempt whose `model_call_ended` was sent on this stream.
   */
  'progress'?: (_orchestrator_v1_Progress__Output | null);
  /**
   * Sent about every 20 s while nothing happens.
   */
  'heartbeat'?: (_orchestrator_v1_Heartbeat__Output | null);
  /**
   * Anything that is not an event.
   */
  'content'?: "snapshot"|"progress"|"heartbeat";
}
