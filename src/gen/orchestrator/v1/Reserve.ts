// Original file: proto/orchestrator/v1/workflow.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a workflow that concludes at its limits keeps for the report.
 */
export interface Reserve__Input {
  /**
   * Of `max_cost_usd`, in billionths of a US dollar; absent without that cap.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * Of `max_tokens`; absent without that cap.
   */
  'tokens'?: (number | string | Long);
  /**
   * Of `workflow_timeout`.
   */
  'time'?: (_google_protobuf_Duration__Input | null);
  '_costNanoUsd'?: "costNanoUsd";
  '_tokens'?: "tokens";
}

/**
 * What a workflow that concludes at its limits keeps for the report.
 */
export interface Reserve__Output {
  /**
   * Of `max_cost_usd`, in billionths of a US dollar; absent without that cap.
   */
  'costNanoUsd'?: (string);
  /**
   * Of `max_tokens`; absent without that cap.
   */
  'tokens'?: (string);
  /**
   * Of `workflow_timeout`.
   */
  'time': (_google_protobuf_Duration__Output | null);
  '_costNanoUsd'?: "costNanoUsd";
  '_tokens'?: "tokens";
}
