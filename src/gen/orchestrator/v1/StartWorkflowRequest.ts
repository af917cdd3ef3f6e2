// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';
import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from '../../orchestrator/v1/RunOptions.ts';

/**
 * A workflow to start.
 */
export interface StartWorkflowRequest__Input {
  /**
   * Name of an orchestrator that ListOrchestrators names.
   */
  'orchestrator'?: (string);
  /**
   * The orchestrator's own fields in lowerCamelCase, as its `input_schema` says. Nested at most 16 deep, at most
   * 256 KiB as JSON.
   */
  'input'?: (_google_protobuf_Struct__Input | null);
  /**
   * At most 200 characters after trimming; default made from the input.
   */
  'title'?: (string);
  /**
   * Options of the run.
   */
  'options'?: (_orchestrator_v1_RunOptions__Input | null);
  /**
   * Makes the start idempotent for 24 hours: the same id with the same body gives the same workflow. At most 128
   * printable ASCII characters without spaces.
   */
  'requestId'?: (string);
  /**
   * Checks the request and starts nothing: the reply holds the workflow as it would begin, without an id, or the error
   * names every bad field. `request_id` plays no part in it.
   */
  'validateOnly'?: (boolean);
}

/**
 * A workflow to start.
 */
export interface StartWorkflowRequest__Output {
  /**
   * Name of an orchestrator that ListOrchestrators names.
   */
  'orchestrator': (string);
  /**
   * The orchestrator's own fields in lowerCamelCase, as its `input_schema` says. Nested at most 16 deep, at most
   * 256 KiB as JSON.
   */
  'input': (_google_protobuf_Struct__Output | null);
  /**
   * At most 200 characters after trimming; default made from the input.
   */
  'title': (string);
  /**
   * Options of the run.
   */
  'options': (_orchestrator_v1_RunOptions__Output | null);
  /**
   * Makes the start idempotent for 24 hours: the same id with the same body gives the same workflow. At most 128
   * printable ASCII characters without spaces.
   */
  'requestId': (string);
  /**
   * Checks the request and starts nothing: the reply holds the workflow as it would begin, without an id, or the error
   * names every bad field. `request_id` plays no part in it.
   */
  'validateOnly': (boolean);
}
