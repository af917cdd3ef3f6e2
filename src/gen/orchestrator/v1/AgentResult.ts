// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from '../../orchestrator/v1/Subtask.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What one agent found.
 */
export interface AgentResult__Input {
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
   * Its part of the task; absent for synthesizers.
   */
  'subtask'?: (_orchestrator_v1_Subtask__Input | null);
  /**
   * What it wrote.
   */
  'content'?: (string);
  /**
   * Whether `content` was left out for its size; the event at `output_sequence` holds it.
   */
  'contentOmitted'?: (boolean);
  /**
   * Sequence of the event that holds the content.
   */
  'outputSequence'?: (number | string | Long);
  /**
   * Handles the content cites.
   */
  'citations'?: (string)[];
  /**
   * What came of it: answered, or abstained (it says that it could not find out; not counted in the completeness).
   */
  'outcome'?: (string);
}

/**
 * What one agent found.
 */
export interface AgentResult__Output {
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
   * Its part of the task; absent for synthesizers.
   */
  'subtask': (_orchestrator_v1_Subtask__Output | null);
  /**
   * What it wrote.
   */
  'content': (string);
  /**
   * Whether `content` was left out for its size; the event at `output_sequence` holds it.
   */
  'contentOmitted': (boolean);
  /**
   * Sequence of the event that holds the content.
   */
  'outputSequence': (string);
  /**
   * Handles the content cites.
   */
  'citations': (string)[];
  /**
   * What came of it: answered, or abstained (it says that it could not find out; not counted in the completeness).
   */
  'outcome': (string);
}
