// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';

/**
 * An agent whose part is missing.
 */
export interface FailedAgent__Input {
  /**
   * Stable inside the workflow.
   */
  'agentId'?: (string);
  /**
   * Its role.
   */
  'role'?: (string);
  /**
   * For people.
   */
  'title'?: (string);
  /**
   * Why.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
  /**
   * Attempts of all its turns.
   */
  'attempts'?: (number);
  /**
   * What kind of end that is: refused, truncated or infrastructure_failure.
   */
  'outcome'?: (string);
}

/**
 * An agent whose part is missing.
 */
export interface FailedAgent__Output {
  /**
   * Stable inside the workflow.
   */
  'agentId': (string);
  /**
   * Its role.
   */
  'role': (string);
  /**
   * For people.
   */
  'title': (string);
  /**
   * Why.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
  /**
   * Attempts of all its turns.
   */
  'attempts': (number);
  /**
   * What kind of end that is: refused, truncated or infrastructure_failure.
   */
  'outcome': (string);
}
