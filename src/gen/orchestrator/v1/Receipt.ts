// Original file: proto/orchestrator/v1/workflow.proto

import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was done and billed until a workflow was cancelled.
 */
export interface Receipt__Input {
  /**
   * Model calls that were aborted in flight.
   */
  'callsAborted'?: (number);
  /**
   * Model calls that had finished.
   */
  'callsFinished'?: (number);
  /**
   * Calls that had not obeyed the abort when the workflow was closed, each as
   * `<workflow_id>/<agent_id>/<turn>/<attempt>`.
   */
  'ignoredAbort'?: (string)[];
  /**
   * Tokens charged.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Cost in billionths of a US dollar.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same cost in US dollars.
   */
  'costUsd'?: (number | string);
  /**
   * Part of the cost that is a reservation charged in full because no usage was reported, billionths of a US dollar.
   */
  'assumedCostNanoUsd'?: (number | string | Long);
  /**
   * The same part in US dollars.
   */
  'assumedCostUsd'?: (number | string);
  /**
   * Finished calls whose price is unknown.
   */
  'unpricedCalls'?: (number);
  /**
   * Time from the cancel request until nothing ran any more.
   */
  'quiescence'?: (_google_protobuf_Duration__Input | null);
  /**
   * Model calls that a crash interrupted; whether the provider answered is unknown. They are not among `calls_aborted`.
   */
  'callsUnknown'?: (number);
}

/**
 * What was done and billed until a workflow was cancelled.
 */
export interface Receipt__Output {
  /**
   * Model calls that were aborted in flight.
   */
  'callsAborted': (number);
  /**
   * Model calls that had finished.
   */
  'callsFinished': (number);
  /**
   * Calls that had not obeyed the abort when the workflow was closed, each as
   * `<workflow_id>/<agent_id>/<turn>/<attempt>`.
   */
  'ignoredAbort': (string)[];
  /**
   * Tokens charged.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Cost in billionths of a US dollar.
   */
  'costNanoUsd': (string);
  /**
   * The same cost in US dollars.
   */
  'costUsd': (number);
  /**
   * Part of the cost that is a reservation charged in full because no usage was reported, billionths of a US dollar.
   */
  'assumedCostNanoUsd': (string);
  /**
   * The same part in US dollars.
   */
  'assumedCostUsd': (number);
  /**
   * Finished calls whose price is unknown.
   */
  'unpricedCalls': (number);
  /**
   * Time from the cancel request until nothing ran any more.
   */
  'quiescence': (_google_protobuf_Duration__Output | null);
  /**
   * Model calls that a crash interrupted; whether the provider answered is unknown. They are not among `calls_aborted`.
   */
  'callsUnknown': (number);
}
