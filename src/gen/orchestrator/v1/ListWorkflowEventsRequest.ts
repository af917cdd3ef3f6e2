// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which events to list.
 */
export interface ListWorkflowEventsRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
  /**
   * Only events after this sequence; 0: all.
   */
  'afterSequence'?: (number | string | Long);
  /**
   * At most this many; 0: 50; more than 1,000 is taken as 1,000; negative is refused. A page holds at most about 1 MiB,
   * but at least one event.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of an earlier reply to the same workflow and `after_sequence`.
   */
  'pageToken'?: (string);
}

/**
 * Which events to list.
 */
export interface ListWorkflowEventsRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * Only events after this sequence; 0: all.
   */
  'afterSequence': (string);
  /**
   * At most this many; 0: 50; more than 1,000 is taken as 1,000; negative is refused. A page holds at most about 1 MiB,
   * but at least one event.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of an earlier reply to the same workflow and `after_sequence`.
   */
  'pageToken': (string);
}
