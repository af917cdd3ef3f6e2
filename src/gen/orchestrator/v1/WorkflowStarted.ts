// Original file: proto/orchestrator/v1/event.proto

import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';
import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from '../../orchestrator/v1/RunOptions.ts';
import type { SourceDocument__Input as _orchestrator_v1_SourceDocument__Input, SourceDocument__Output as _orchestrator_v1_SourceDocument__Output } from '../../orchestrator/v1/SourceDocument.ts';
import type { ForkOrigin__Input as _orchestrator_v1_ForkOrigin__Input, ForkOrigin__Output as _orchestrator_v1_ForkOrigin__Output } from '../../orchestrator/v1/ForkOrigin.ts';

/**
 * The workflow exists; the caller has its answer.
 */
export interface WorkflowStarted__Input {
  /**
   * Name of the orchestrator.
   */
  'orchestrator'?: (string);
  /**
   * Version of the orchestrator's rules.
   */
  'orchestratorVersion'?: (number);
  /**
   * The task or query.
   */
  'task'?: (string);
  /**
   * The title.
   */
  'title'?: (string);
  /**
   * The orchestrator's own input, defaults filled, fields in lowerCamelCase.
   */
  'input'?: (_google_protobuf_Struct__Input | null);
  /**
   * The options of the run, defaults filled.
   */
  'options'?: (_orchestrator_v1_RunOptions__Input | null);
  /**
   * Documents that came with the request.
   */
  'sources'?: (_orchestrator_v1_SourceDocument__Input)[];
  /**
   * Name of the configured folder of documents; empty when there is none.
   */
  'corpus'?: (string);
  /**
   * The caller's request id; empty when none was given.
   */
  'requestId'?: (string);
  /**
   * W3C trace context of the workflow's root span; empty when there is none.
   */
  'traceparent'?: (string);
  /**
   * The workflow this one was forked from; absent unless it is a fork.
   */
  'forkedFrom'?: (_orchestrator_v1_ForkOrigin__Input | null);
  /**
   * Whom the workflow belongs to; `default` until there is authentication.
   */
  'tenant'?: (string);
  /**
   * W3C trace context of the start request; the root span links to it. Empty when there is none.
   */
  'callerTraceparent'?: (string);
  /**
   * The `x-request-id` of the start request, the caller's or one the server made; empty when it is not known.
   */
  'callerRequestId'?: (string);
}

/**
 * The workflow exists; the caller has its answer.
 */
export interface WorkflowStarted__Output {
  /**
   * Name of the orchestrator.
   */
  'orchestrator': (string);
  /**
   * Version of the orchestrator's rules.
   */
  'orchestratorVersion': (number);
  /**
   * The task or query.
   */
  'task': (string);
  /**
   * The title.
   */
  'title': (string);
  /**
   * The orchestrator's own input, defaults filled, fields in lowerCamelCase.
   */
  'input': (_google_protobuf_Struct__Output | null);
  /**
   * The options of the run, defaults filled.
   */
  'options': (_orchestrator_v1_RunOptions__Output | null);
  /**
   * Documents that came with the request.
   */
  'sources': (_orchestrator_v1_SourceDocument__Output)[];
  /**
   * Name of the configured folder of documents; empty when there is none.
   */
  'corpus': (string);
  /**
   * The caller's request id; empty when none was given.
   */
  'requestId': (string);
  /**
   * W3C trace context of the workflow's root span; empty when there is none.
   */
  'traceparent': (string);
  /**
   * The workflow this one was forked from; absent unless it is a fork.
   */
  'forkedFrom': (_orchestrator_v1_ForkOrigin__Output | null);
  /**
   * Whom the workflow belongs to; `default` until there is authentication.
   */
  'tenant': (string);
  /**
   * W3C trace context of the start request; the root span links to it. Empty when there is none.
   */
  'callerTraceparent': (string);
  /**
   * The `x-request-id` of the start request, the caller's or one the server made; empty when it is not known.
   */
  'callerRequestId': (string);
}
