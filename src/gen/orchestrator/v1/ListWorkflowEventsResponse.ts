// Original file: proto/orchestrator/v1/workflow_service.proto

import type { WorkflowEvent__Input as _orchestrator_v1_WorkflowEvent__Input, WorkflowEvent__Output as _orchestrator_v1_WorkflowEvent__Output } from '../../orchestrator/v1/WorkflowEvent.ts';

/**
 * A page of events.
 */
export interface ListWorkflowEventsResponse__Input {
  /**
   * In order, without gaps.
   */
  'events'?: (_orchestrator_v1_WorkflowEvent__Input)[];
  /**
   * For the next page; empty: there are no more events now.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of events.
 */
export interface ListWorkflowEventsResponse__Output {
  /**
   * In order, without gaps.
   */
  'events': (_orchestrator_v1_WorkflowEvent__Output)[];
  /**
   * For the next page; empty: there are no more events now.
   */
  'nextPageToken': (string);
}
