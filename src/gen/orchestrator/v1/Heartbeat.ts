// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Says that the stream is alive.
 */
export interface Heartbeat__Input {
  /**
   * The last event sent on this stream.
   */
  'sequence'?: (number | string | Long);
  /**
   * When it was sent.
   */
  'time'?: (_google_protobuf_Timestamp__Input | null);
}

/**
 * Says that the stream is alive.
 */
export interface Heartbeat__Output {
  /**
   * The last event sent on this stream.
   */
  'sequence': (string);
  /**
   * When it was sent.
   */
  'time': (_google_protobuf_Timestamp__Output | null);
}
