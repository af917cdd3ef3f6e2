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
  /**
   * Also send what agents write and do between two events. Progress is not part of the log: it is neither numbered nor
   * stored, has no history, and a reader that is slow, or behind in the log, gets less of it. Default false.
   */
  'includeProgress'?: (boolean);
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
  /**
   * Also send what agents write and do between two events. Progress is not part of the log: it is neither numbered nor
   * stored, has no history, and a reader that is slow, or behind in the log, gets less of it. Default false.
   */
  'includeProgress': (boolean);
  '_afterSequence'?: "afterSequence";
}
