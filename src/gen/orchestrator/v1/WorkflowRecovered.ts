// Original file: proto/orchestrator/v1/event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Another process took the workflow over after a crash or a restart.
 */
export interface WorkflowRecovered__Input {
  /**
   * Ownership period of the process before.
   */
  'previousEpoch'?: (number | string | Long);
  /**
   * Calls that were in flight and are closed as unknown.
   */
  'callsInterrupted'?: (number);
  /**
   * Agents that had completed and are not run again.
   */
  'agentsCompletedKept'?: (number);
  /**
   * Finished calls that are not made again.
   */
  'callsFinishedKept'?: (number);
}

/**
 * Another process took the workflow over after a crash or a restart.
 */
export interface WorkflowRecovered__Output {
  /**
   * Ownership period of the process before.
   */
  'previousEpoch': (string);
  /**
   * Calls that were in flight and are closed as unknown.
   */
  'callsInterrupted': (number);
  /**
   * Agents that had completed and are not run again.
   */
  'agentsCompletedKept': (number);
  /**
   * Finished calls that are not made again.
   */
  'callsFinishedKept': (number);
}
