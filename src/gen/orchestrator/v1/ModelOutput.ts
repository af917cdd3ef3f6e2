// Original file: proto/orchestrator/v1/event.proto

import type { ToolCall__Input as _orchestrator_v1_ToolCall__Input, ToolCall__Output as _orchestrator_v1_ToolCall__Output } from '../../orchestrator/v1/ToolCall.ts';

/**
 * What a model answered in one turn.
 */
export interface ModelOutput__Input {
  /**
   * The text; at most 1 MiB.
   */
  'text'?: (string);
  /**
   * Tools the model wants to be called.
   */
  'toolCalls'?: (_orchestrator_v1_ToolCall__Input)[];
  /**
   * Why the model stopped, as the provider says.
   */
  'finishReason'?: (string);
}

/**
 * What a model answered in one turn.
 */
export interface ModelOutput__Output {
  /**
   * The text; at most 1 MiB.
   */
  'text': (string);
  /**
   * Tools the model wants to be called.
   */
  'toolCalls': (_orchestrator_v1_ToolCall__Output)[];
  /**
   * Why the model stopped, as the provider says.
   */
  'finishReason': (string);
}
