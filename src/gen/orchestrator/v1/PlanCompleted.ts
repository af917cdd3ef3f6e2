// Original file: proto/orchestrator/v1/event.proto

import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from '../../orchestrator/v1/Subtask.ts';

/**
 * There is a plan.
 */
export interface PlanCompleted__Input {
  /**
   * Subtasks the caller asked for.
   */
  'requested'?: (number);
  /**
   * Subtasks there are; fewer run when the model gave fewer.
   */
  'obtained'?: (number);
  /**
   * The subtasks.
   */
  'subtasks'?: (_orchestrator_v1_Subtask__Input)[];
}

/**
 * There is a plan.
 */
export interface PlanCompleted__Output {
  /**
   * Subtasks the caller asked for.
   */
  'requested': (number);
  /**
   * Subtasks there are; fewer run when the model gave fewer.
   */
  'obtained': (number);
  /**
   * The subtasks.
   */
  'subtasks': (_orchestrator_v1_Subtask__Output)[];
}
