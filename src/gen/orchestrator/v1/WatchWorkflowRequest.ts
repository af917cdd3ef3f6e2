// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which workflow to watch, from where.
 */
export interface WatchWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
  /**
   * Unset: a snapshot, then what comes next. 0: the whole history, then what comes next. n: everything after event n.
   */
  'afterSequence'?: (number | string | Long);
  '_afterSequence'?: "afterSequence";
}

/**
 * Which workflow to watch, from where.
 */
export interface WatchWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * Unset: a snapshot, then what comes next. 0: the whole history, then what comes next. n: everything after event n.
   */
  'afterSequence'?: (string);
  '_afterSequence'?: "afterSequence";
}
