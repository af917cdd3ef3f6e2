// Original file: proto/orchestrator/v1/event.proto

import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from '../../orchestrator/v1/Subtask.ts';
import type { Passage__Input as _orchestrator_v1_Passage__Input, Passage__Output as _orchestrator_v1_Passage__Output } from '../../orchestrator/v1/Passage.ts';
import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * An agent exists from here on, with frozen input.
 */
export interface AgentScheduled__Input {
  /**
   * planner, researcher, synthesizer, executive, final, step or evaluator.
   */
  'role'?: (string);
  /**
   * What its work is for: plan, work or synthesis.
   */
  'stage'?: (string);
  /**
   * Level of a synthesis: group, executive or final; empty otherwise.
   */
  'level'?: (string);
  /**
   * For people.
   */
  'title'?: (string);
  /**
   * Its part of the task; absent for planners and synthesizers.
   */
  'subtask'?: (_orchestrator_v1_Subtask__Input | null);
  /**
   * Agents whose contents are its material, in order.
   */
  'inputAgentIds'?: (string)[];
  /**
   * Passages of documents it is given.
   */
  'passages'?: (_orchestrator_v1_Passage__Input)[];
  /**
   * Anything else the orchestrator's prompt needs; absent when there is nothing.
   */
  'parameters'?: (_google_protobuf_Struct__Input | null);
  /**
   * Model it calls.
   */
  'model'?: (string);
  /**
   * All its attempts and backoff; runs from its first call.
   */
  'timeout'?: (_google_protobuf_Duration__Input | null);
  /**
   * Lower-case hexadecimal SHA-256 over the frozen input.
   */
  'inputHash'?: (string);
  /**
   * Tools it may use, as `server.tool`; nothing else is ever executed for it.
   */
  'tools'?: (string)[];
}

/**
 * An agent exists from here on, with frozen input.
 */
export interface AgentScheduled__Output {
  /**
   * planner, researcher, synthesizer, executive, final, step or evaluator.
   */
  'role': (string);
  /**
   * What its work is for: plan, work or synthesis.
   */
  'stage': (string);
  /**
   * Level of a synthesis: group, executive or final; empty otherwise.
   */
  'level': (string);
  /**
   * For people.
   */
  'title': (string);
  /**
   * Its part of the task; absent for planners and synthesizers.
   */
  'subtask': (_orchestrator_v1_Subtask__Output | null);
  /**
   * Agents whose contents are its material, in order.
   */
  'inputAgentIds': (string)[];
  /**
   * Passages of documents it is given.
   */
  'passages': (_orchestrator_v1_Passage__Output)[];
  /**
   * Anything else the orchestrator's prompt needs; absent when there is nothing.
   */
  'parameters': (_google_protobuf_Struct__Output | null);
  /**
   * Model it calls.
   */
  'model': (string);
  /**
   * All its attempts and backoff; runs from its first call.
   */
  'timeout': (_google_protobuf_Duration__Output | null);
  /**
   * Lower-case hexadecimal SHA-256 over the frozen input.
   */
  'inputHash': (string);
  /**
   * Tools it may use, as `server.tool`; nothing else is ever executed for it.
   */
  'tools': (string)[];
}
