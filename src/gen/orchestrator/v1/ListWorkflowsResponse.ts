// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';

/**
 * A page of workflows.
 */
export interface ListWorkflowsResponse__Input {
  /**
   * Newest first, without details.
   */
  'workflows'?: (_orchestrator_v1_Workflow__Input)[];
  /**
   * For the next page; empty: there are no more.
   */
  'nextPageToken'?: (string);
}

/**
 * A page of workflows.
 */
export interface ListWorkflowsResponse__Output {
  /**
   * Newest first, without details.
   */
  'workflows': (_orchestrator_v1_Workflow__Output)[];
  /**
   * For the next page; empty: there are no more.
   */
  'nextPageToken': (string);
}
