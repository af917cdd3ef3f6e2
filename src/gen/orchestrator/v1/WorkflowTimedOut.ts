// Original file: proto/orchestrator/v1/event.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { WorkflowError__Input as _orchestrator_v1_WorkflowError__Input, WorkflowError__Output as _orchestrator_v1_WorkflowError__Output } from '../../orchestrator/v1/WorkflowError.ts';

/**
 * Last event: a limit of time was reached.
 */
export interface WorkflowTimedOut__Input {
  /**
   * workflow_timeout or paused.
   */
  'limit'?: (string);
  /**
   * The limit's value.
   */
  'limitDuration'?: (_google_protobuf_Duration__Input | null);
  /**
   * The same for people.
   */
  'error'?: (_orchestrator_v1_WorkflowError__Input | null);
}

/**
 * Last event: a limit of time was reached.
 */
export interface WorkflowTimedOut__Output {
  /**
   * workflow_timeout or paused.
   */
  'limit': (string);
  /**
   * The limit's value.
   */
  'limitDuration': (_google_protobuf_Duration__Output | null);
  /**
   * The same for people.
   */
  'error': (_orchestrator_v1_WorkflowError__Output | null);
}
