import type { EventOf, WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { CommitObserver } from './commit-observer.ts';

/** Upper bounds of the duration histogram, seconds. */
export const durationBoundsSeconds: readonly number[] = [
  1,
  5,
  10,
  30,
  60,
  120,
  300,
  600,
  1_800,
  3_600,
  21_600,
  86_400,
  Number.POSITIVE_INFINITY,
];

/** Counters of the workflows of one orchestrator; durations in seconds, zeros when there are none. */
export interface OrchestratorCounts {
  readonly orchestrator: string;
  readonly count: number;
  /** Failed and timed out. */
  readonly errors: number;
  readonly cancelled: number;
  readonly duration: {
    readonly min: number;
    readonly avg: number;
    readonly max: number;
    /** Cumulative. */
    readonly buckets: readonly { readonly upperBound: number; readonly count: number }[];
  };
  readonly costNanoUsd: number;
}

/** What was counted so far. Money is exact nano-USD; rounding is left to who shows it. */
export interface StatsSnapshot {
  readonly totalWorkflows: number;
  readonly totalErrors: number;
  readonly totalCancelled: number;
  readonly totalCostNanoUsd: number;
  readonly byOrchestrator: readonly OrchestratorCounts[];
  readonly providerCalls: number;
  readonly providerFailures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unpricedCalls: number;
}

class Tally {
  count = 0;
  errors = 0;
  cancelled = 0;
  costNanoUsd = 0;
  #min = 0;
  #max = 0;
  #sum = 0;
  readonly #buckets = durationBoundsSeconds.map(() => 0);

  add(state: WorkflowState, endTime: number): void {
    const seconds = Math.max(0, endTime - (state.startTime ?? state.createTime)) / 1_000;
    this.#min = this.count === 0 ? seconds : Math.min(this.#min, seconds);
    this.#max = Math.max(this.#max, seconds);
    this.#sum += seconds;
    const bucket = durationBoundsSeconds.findIndex((bound) => seconds <= bound);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.count++;
    if (state.status === 'failed' || state.status === 'timed_out') this.errors++;
    if (state.status === 'cancelled') this.cancelled++;
    this.costNanoUsd += state.ledger.spentNanoUsd;
  }

  counts(orchestrator: string): OrchestratorCounts {
    let below = 0;
    const buckets = durationBoundsSeconds.map((upperBound, index) => {
      below += this.#buckets[index] ?? 0;
      return { upperBound, count: below };
    });
    const avg = this.count === 0 ? 0 : this.#sum / this.count;
    return {
      orchestrator,
      count: this.count,
      errors: this.errors,
      cancelled: this.cancelled,
      duration: { min: this.#min, avg, max: this.#max, buckets },
      costNanoUsd: this.costNanoUsd,
    };
  }
}

/**
 * Counts finished workflows, at their terminal event, and ended provider calls, since the process started. A workflow's
 * duration runs from its first admission (from its start when it was never admitted); its cost counts however it
 * ended. Memory grows with the number of orchestrators only.
 */
export class StatsObserver implements CommitObserver {
  readonly #tallies = new Map<string, Tally>();
  #providerCalls = 0;
  #providerFailures = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #unpricedCalls = 0;

  /** `orchestrators` are listed from the beginning, with zeros. */
  constructor(orchestrators: readonly string[] = []) {
    for (const name of orchestrators) this.#tallies.set(name, new Tally());
  }

  committed(state: WorkflowState, events: readonly WorkflowEvent[]): void {
    for (const { data, time } of events) {
      // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- only these are counted
      switch (data.type) {
        case 'model_call_ended':
          this.#callEnded(data);
          break;
        case 'workflow_completed':
        case 'workflow_failed':
        case 'workflow_timed_out':
        case 'workflow_cancelled':
          this.#tallyOf(state.orchestrator).add(state, time);
          break;
      }
    }
  }

  snapshot(): StatsSnapshot {
    const byOrchestrator = [...this.#tallies].map(([name, tally]) => tally.counts(name));
    const sum = (of: (counts: OrchestratorCounts) => number): number =>
      byOrchestrator.reduce((total, counts) => total + of(counts), 0);
    return {
      totalWorkflows: sum(({ count }) => count),
      totalErrors: sum(({ errors }) => errors),
      totalCancelled: sum(({ cancelled }) => cancelled),
      totalCostNanoUsd: sum(({ costNanoUsd }) => costNanoUsd),
      byOrchestrator,
      providerCalls: this.#providerCalls,
      providerFailures: this.#providerFailures,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      unpricedCalls: this.#unpricedCalls,
    };
  }

  #callEnded(data: EventOf<'model_call_ended'>): void {
    this.#providerCalls++;
    if (data.result === 'failed') this.#providerFailures++;
    this.#inputTokens += data.usage.inputTokens;
    this.#outputTokens += data.usage.outputTokens;
    if (data.costNanoUsd === undefined) this.#unpricedCalls++;
  }

  #tallyOf(orchestrator: string): Tally {
    const known = this.#tallies.get(orchestrator);
    if (known) return known;
    const tally = new Tally();
    this.#tallies.set(orchestrator, tally);
    return tally;
  }
}
