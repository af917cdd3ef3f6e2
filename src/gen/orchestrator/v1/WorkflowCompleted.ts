// Original file: proto/orchestrator/v1/event.proto

import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';

/**
 * Last event: there is a result.
 */
export interface WorkflowCompleted__Input {
  /**
   * Successful working agents divided by the requested ones, 0 to 1.
   */
  'completeness'?: (number | string);
  /**
   * Agents whose part is missing.
   */
  'failedAgentIds'?: (string)[];
  /**
   * Agent whose content is the report's body; empty when there is none.
   */
  'finalAgentId'?: (string);
  /**
   * Outcome in the orchestrator's own terms; absent when there is none.
   */
  'details'?: (_google_protobuf_Struct__Input | null);
}

/**
 * Last event: there is a result.
 */
export interface WorkflowCompleted__Output {
  /**
   * Successful working agents divided by the requested ones, 0 to 1.
   */
  'completeness': (number);
  /**
   * Agents whose part is missing.
   */
  'failedAgentIds': (string)[];
  /**
   * Agent whose content is the report's body; empty when there is none.
   */
  'finalAgentId': (string);
  /**
   * Outcome in the orchestrator's own terms; absent when there is none.
   */
  'details': (_google_protobuf_Struct__Output | null);
}
