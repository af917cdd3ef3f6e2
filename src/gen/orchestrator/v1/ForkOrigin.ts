// Original file: proto/orchestrator/v1/event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Where a fork began.
 */
export interface ForkOrigin__Input {
  /**
   * The workflow that was forked.
   */
  'workflowId'?: (string);
  /**
   * The last event taken over.
   */
  'sequence'?: (number | string | Long);
}

/**
 * Where a fork began.
 */
export interface ForkOrigin__Output {
  /**
   * The workflow that was forked.
   */
  'workflowId': (string);
  /**
   * The last event taken over.
   */
  'sequence': (string);
}
