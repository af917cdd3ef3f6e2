// Original file: proto/orchestrator/v1/event.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

/**
 * A slot was given; each admission sets the deadline.
 */
export interface WorkflowAdmitted__Input {
  /**
   * When the workflow timeout is over.
   */
  'deadlineTime'?: (_google_protobuf_Timestamp__Input | null);
}

/**
 * A slot was given; each admission sets the deadline.
 */
export interface WorkflowAdmitted__Output {
  /**
   * When the workflow timeout is over.
   */
  'deadlineTime': (_google_protobuf_Timestamp__Output | null);
}
