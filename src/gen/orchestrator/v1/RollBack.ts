// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';

/**
 * The text of an attempt is void.
 */
export interface RollBack__Input {
  /**
   * Why the earlier attempt failed; absent when nobody knows, for example after a crash of the server.
   */
  'cause'?: (_orchestrator_v1_Failure__Input | null);
}

/**
 * The text of an attempt is void.
 */
export interface RollBack__Output {
  /**
   * Why the earlier attempt failed; absent when nobody knows, for example after a crash of the server.
   */
  'cause': (_orchestrator_v1_Failure__Output | null);
}
