// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Which workflow to wait for.
 */
export interface WaitWorkflowRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
  /**
   * How long to wait at most; default and maximum 24 hours. 0 answers at once. The deadline of the call ends it too.
   */
  'timeout'?: (_google_protobuf_Duration__Input | null);
}

/**
 * Which workflow to wait for.
 */
export interface WaitWorkflowRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * How long to wait at most; default and maximum 24 hours. 0 answers at once. The deadline of the call ends it too.
   */
  'timeout': (_google_protobuf_Duration__Output | null);
}
