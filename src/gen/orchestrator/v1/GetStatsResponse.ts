// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { OrchestratorStats__Input as _orchestrator_v1_OrchestratorStats__Input, OrchestratorStats__Output as _orchestrator_v1_OrchestratorStats__Output } from '../../orchestrator/v1/OrchestratorStats.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { DayBudget__Input as _orchestrator_v1_DayBudget__Input, DayBudget__Output as _orchestrator_v1_DayBudget__Output } from '../../orchestrator/v1/DayBudget.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Counters of this process since it started.
 */
export interface GetStatsResponse__Input {
  /**
   * How long it has been running.
   */
  'uptime'?: (_google_protobuf_Duration__Input | null);
  /**
   * Finished workflows.
   */
  'totalWorkflows'?: (number | string | Long);
  /**
   * Of them FAILED or TIMED_OUT.
   */
  'totalErrors'?: (number | string | Long);
  /**
   * Of them CANCELLED.
   */
  'totalCancelled'?: (number | string | Long);
  /**
   * Cost of all of them in billionths of a US dollar, failed ones included.
   */
  'totalCostNanoUsd'?: (number | string | Long);
  /**
   * The same in US dollars, rounded to 2 decimals.
   */
  'totalCostUsd'?: (number | string);
  /**
   * By orchestrator; empty until one has finished.
   */
  'byOrchestrator'?: (_orchestrator_v1_OrchestratorStats__Input)[];
  /**
   * Workflows that are admitted and have not ended.
   */
  'activeWorkflows'?: (number | string | Long);
  /**
   * Workflows that wait for a slot.
   */
  'pendingWorkflows'?: (number | string | Long);
  /**
   * Open watch streams.
   */
  'activeStreams'?: (number | string | Long);
  /**
   * Webhooks that are registered.
   */
  'registeredWebhooks'?: (number | string | Long);
  /**
   * Model calls that have ended.
   */
  'providerCalls'?: (number | string | Long);
  /**
   * Of them failed.
   */
  'providerFailures'?: (number | string | Long);
  /**
   * Tokens charged.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Calls whose price is unknown.
   */
  'unpricedCalls'?: (number | string | Long);
  /**
   * Appends to logs.
   */
  'appends'?: (number | string | Long);
  /**
   * Mean time until an append was durable.
   */
  'appendLatencyAverage'?: (_google_protobuf_Duration__Input | null);
  /**
   * Longest time until an append was durable.
   */
  'appendLatencyMax'?: (_google_protobuf_Duration__Input | null);
  /**
   * Breakers of providers that are open or half open; see ListProviders.
   */
  'openBreakers'?: (number);
  /**
   * Workflows that wait for a provider's rate limit.
   */
  'rateLimitedWorkflows'?: (number);
  /**
   * Calls that providers refused as too many (429).
   */
  'throttledCalls'?: (number | string | Long);
  /**
   * What all workflows together have spent on this day.
   */
  'today'?: (_orchestrator_v1_DayBudget__Input | null);
}

/**
 * Counters of this process since it started.
 */
export interface GetStatsResponse__Output {
  /**
   * How long it has been running.
   */
  'uptime': (_google_protobuf_Duration__Output | null);
  /**
   * Finished workflows.
   */
  'totalWorkflows': (string);
  /**
   * Of them FAILED or TIMED_OUT.
   */
  'totalErrors': (string);
  /**
   * Of them CANCELLED.
   */
  'totalCancelled': (string);
  /**
   * Cost of all of them in billionths of a US dollar, failed ones included.
   */
  'totalCostNanoUsd': (string);
  /**
   * The same in US dollars, rounded to 2 decimals.
   */
  'totalCostUsd': (number);
  /**
   * By orchestrator; empty until one has finished.
   */
  'byOrchestrator': (_orchestrator_v1_OrchestratorStats__Output)[];
  /**
   * Workflows that are admitted and have not ended.
   */
  'activeWorkflows': (string);
  /**
   * Workflows that wait for a slot.
   */
  'pendingWorkflows': (string);
  /**
   * Open watch streams.
   */
  'activeStreams': (string);
  /**
   * Webhooks that are registered.
   */
  'registeredWebhooks': (string);
  /**
   * Model calls that have ended.
   */
  'providerCalls': (string);
  /**
   * Of them failed.
   */
  'providerFailures': (string);
  /**
   * Tokens charged.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Calls whose price is unknown.
   */
  'unpricedCalls': (string);
  /**
   * Appends to logs.
   */
  'appends': (string);
  /**
   * Mean time until an append was durable.
   */
  'appendLatencyAverage': (_google_protobuf_Duration__Output | null);
  /**
   * Longest time until an append was durable.
   */
  'appendLatencyMax': (_google_protobuf_Duration__Output | null);
  /**
   * Breakers of providers that are open or half open; see ListProviders.
   */
  'openBreakers': (number);
  /**
   * Workflows that wait for a provider's rate limit.
   */
  'rateLimitedWorkflows': (number);
  /**
   * Calls that providers refused as too many (429).
   */
  'throttledCalls': (string);
  /**
   * What all workflows together have spent on this day.
   */
  'today': (_orchestrator_v1_DayBudget__Output | null);
}
