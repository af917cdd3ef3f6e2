// Original file: proto/orchestrator/v1/event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A result that a fork took over.
 */
export interface ReusedResult__Input {
  /**
   * The workflow it comes from.
   */
  'workflowId'?: (string);
  /**
   * The agent it comes from.
   */
  'agentId'?: (string);
  /**
   * Sequence of the event that holds it.
   */
  'sequence'?: (number | string | Long);
}

/**
 * A result that a fork took over.
 */
export interface ReusedResult__Output {
  /**
   * The workflow it comes from.
   */
  'workflowId': (string);
  /**
   * The agent it comes from.
   */
  'agentId': (string);
  /**
   * Sequence of the event that holds it.
   */
  'sequence': (string);
}
