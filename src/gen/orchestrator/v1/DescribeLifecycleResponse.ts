// Original file: proto/orchestrator/v1/catalog_service.proto

import type { LifecycleState__Input as _orchestrator_v1_LifecycleState__Input, LifecycleState__Output as _orchestrator_v1_LifecycleState__Output } from '../../orchestrator/v1/LifecycleState.ts';
import type { LifecycleTransition__Input as _orchestrator_v1_LifecycleTransition__Input, LifecycleTransition__Output as _orchestrator_v1_LifecycleTransition__Output } from '../../orchestrator/v1/LifecycleTransition.ts';

/**
 * The chart of the machine that runs.
 */
export interface DescribeLifecycleResponse__Input {
  /**
   * All states.
   */
  'states'?: (_orchestrator_v1_LifecycleState__Input)[];
  /**
   * All transitions.
   */
  'transitions'?: (_orchestrator_v1_LifecycleTransition__Input)[];
  /**
   * The same as a Mermaid state diagram.
   */
  'mermaid'?: (string);
}

/**
 * The chart of the machine that runs.
 */
export interface DescribeLifecycleResponse__Output {
  /**
   * All states.
   */
  'states': (_orchestrator_v1_LifecycleState__Output)[];
  /**
   * All transitions.
   */
  'transitions': (_orchestrator_v1_LifecycleTransition__Output)[];
  /**
   * The same as a Mermaid state diagram.
   */
  'mermaid': (string);
}
