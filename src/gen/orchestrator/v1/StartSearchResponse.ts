// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';

/**
 * The workflow was started.
 */
export interface StartSearchResponse__Input {
  /**
   * The workflow as it stands.
   */
  'workflow'?: (_orchestrator_v1_Workflow__Input | null);
  /**
   * The request id was known: this is the workflow of the first request.
   */
  'alreadyStarted'?: (boolean);
}

/**
 * The workflow was started.
 */
export interface StartSearchResponse__Output {
  /**
   * The workflow as it stands.
   */
  'workflow': (_orchestrator_v1_Workflow__Output | null);
  /**
   * The request id was known: this is the workflow of the first request.
   */
  'alreadyStarted': (boolean);
}
