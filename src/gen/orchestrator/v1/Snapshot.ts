// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A workflow as it stood at one event.
 */
export interface Snapshot__Input {
  /**
   * With all details.
   */
  'workflow'?: (_orchestrator_v1_Workflow__Input | null);
  /**
   * The last event it contains; events of the stream follow on it.
   */
  'sequence'?: (number | string | Long);
}

/**
 * A workflow as it stood at one event.
 */
export interface Snapshot__Output {
  /**
   * With all details.
   */
  'workflow': (_orchestrator_v1_Workflow__Output | null);
  /**
   * The last event it contains; events of the stream follow on it.
   */
  'sequence': (string);
}
