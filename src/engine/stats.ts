import type { DaySpend } from '../workflow/day-spend.ts';
import type { Caps } from '../workflow/ledger.ts';

/** Durations in seconds; zeros when there are none. */
export interface DurationStats {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  /** Cumulative counts by upper bound in seconds, ascending; the last bound is infinite. */
  readonly buckets: readonly { readonly upperBound: number; readonly count: number }[];
}

export interface OrchestratorStats {
  readonly orchestrator: string;
  /** Finished workflows. */
  readonly count: number;
  /** FAILED and TIMED_OUT. */
  readonly errors: number;
  readonly cancelled: number;
  readonly duration: DurationStats;
  readonly costNanoUsd: number;
}

/** Counters of this process since it started; bounded memory for ever. */
export interface Stats {
  readonly uptimeSeconds: number;
  readonly totalWorkflows: number;
  readonly totalErrors: number;
  readonly totalCancelled: number;
  readonly totalCostNanoUsd: number;
  readonly byOrchestrator: readonly OrchestratorStats[];
  readonly liveWorkflows: number;
  readonly pendingWorkflows: number;
  readonly activeWatches: number;
  readonly registeredWebhooks: number;
  readonly providerCalls: number;
  readonly providerFailures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unpricedCalls: number;
  /** What all workflows together have spent and hold today, UTC. */
  readonly today: { readonly day: number; readonly spend: DaySpend; readonly caps: Caps };
  readonly appends: number;
  readonly appendLatencyMsAvg: number;
  readonly appendLatencyMsMax: number;
  /** Breakers that are open or half open. */
  readonly openBreakers: number;
  /** Workflows that wait for a provider's rate limit. */
  readonly rateLimitedWorkflows: number;
  /** Calls that providers refused as too many. */
  readonly throttledCalls: number;
}

/** The part of the stats that observers count; the rest is read off the supervisor. */
export type CountedStats = Omit<
  Stats,
  | 'uptimeSeconds'
  | 'liveWorkflows'
  | 'pendingWorkflows'
  | 'activeWatches'
  | 'registeredWebhooks'
  | 'today'
  | 'appends'
  | 'appendLatencyMsAvg'
  | 'appendLatencyMsMax'
  | 'openBreakers'
  | 'rateLimitedWorkflows'
  | 'throttledCalls'
>;
