// Original file: proto/orchestrator/v1/workflow.proto

import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from '../../orchestrator/v1/Subtask.ts';

/**
 * What a workflow was divided into.
 */
export interface Plan__Input {
  /**
   * Subtasks the caller asked for.
   */
  'requested'?: (number);
  /**
   * Subtasks there are; fewer run when the model gave fewer.
   */
  'subtasks'?: (_orchestrator_v1_Subtask__Input)[];
}

/**
 * What a workflow was divided into.
 */
export interface Plan__Output {
  /**
   * Subtasks the caller asked for.
   */
  'requested': (number);
  /**
   * Subtasks there are; fewer run when the model gave fewer.
   */
  'subtasks': (_orchestrator_v1_Subtask__Output)[];
}
