// Original file: proto/orchestrator/v1/event.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * The workflow ends early with what it has.
 */
export interface ConclusionRequested__Input {
  /**
   * caller, deadline or budget.
   */
  'reason'?: (string);
  /**
   * Until then running agents may finish.
   */
  'graceDeadlineTime'?: (_google_protobuf_Timestamp__Input | null);
}

/**
 * The workflow ends early with what it has.
 */
export interface ConclusionRequested__Output {
  /**
   * caller, deadline or budget.
   */
  'reason': (string);
  /**
   * Until then running agents may finish.
   */
  'graceDeadlineTime': (_google_protobuf_Timestamp__Output | null);
}
