// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What all workflows together spend on one day, in UTC. A call counts for the day on which it was started.
 */
export interface DayBudget__Input {
  /**
   * When the day began.
   */
  'startTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Cost of the day's calls that have ended, US dollars.
   */
  'costUsd'?: (number | string);
  /**
   * Reserved for the day's calls under way, US dollars.
   */
  'heldCostUsd'?: (number | string);
  /**
   * Tokens of the day's calls that have ended.
   */
  'tokens'?: (number | string | Long);
  /**
   * Reserved for the day's calls under way.
   */
  'heldTokens'?: (number | string | Long);
  /**
   * Cost and held cost together stay within it; absent: no cap (`daily_max_cost_usd`).
   */
  'maxCostUsd'?: (number | string);
  /**
   * Tokens and held tokens together stay within it; absent: no cap (`daily_max_tokens`).
   */
  'maxTokens'?: (number | string | Long);
  '_maxCostUsd'?: "maxCostUsd";
  '_maxTokens'?: "maxTokens";
}

/**
 * What all workflows together spend on one day, in UTC. A call counts for the day on which it was started.
 */
export interface DayBudget__Output {
  /**
   * When the day began.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Cost of the day's calls that have ended, US dollars.
   */
  'costUsd': (number);
  /**
   * Reserved for the day's calls under way, US dollars.
   */
  'heldCostUsd': (number);
  /**
   * Tokens of the day's calls that have ended.
   */
  'tokens': (string);
  /**
   * Reserved for the day's calls under way.
   */
  'heldTokens': (string);
  /**
   * Cost and held cost together stay within it; absent: no cap (`daily_max_cost_usd`).
   */
  'maxCostUsd'?: (number);
  /**
   * Tokens and held tokens together stay within it; absent: no cap (`daily_max_tokens`).
   */
  'maxTokens'?: (string);
  '_maxCostUsd'?: "maxCostUsd";
  '_maxTokens'?: "maxTokens";
}
