// Original file: proto/orchestrator/v1/event.proto

import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from '../../orchestrator/v1/Subtask.ts';
import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * An agent failed for good.
 */
export interface AgentFailed__Input {
  /**
   * Its role.
   */
  'role'?: (string);
  /**
   * Its part of the task; absent for planners and synthesizers.
   */
  'subtask'?: (_orchestrator_v1_Subtask__Input | null);
  /**
   * Why.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
  /**
   * Attempts of all its turns.
   */
  'attempts'?: (number);
  /**
   * From its first call to here.
   */
  'duration'?: (_google_protobuf_Duration__Input | null);
  /**
   * What kind of end that is: refused, truncated or infrastructure_failure.
   */
  'outcome'?: (string);
}

/**
 * An agent failed for good.
 */
export interface AgentFailed__Output {
  /**
   * Its role.
   */
  'role': (string);
  /**
   * Its part of the task; absent for planners and synthesizers.
   */
  'subtask': (_orchestrator_v1_Subtask__Output | null);
  /**
   * Why.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
  /**
   * Attempts of all its turns.
   */
  'attempts': (number);
  /**
   * From its first call to here.
   */
  'duration': (_google_protobuf_Duration__Output | null);
  /**
   * What kind of end that is: refused, truncated or infrastructure_failure.
   */
  'outcome': (string);
}
