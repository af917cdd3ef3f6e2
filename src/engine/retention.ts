import type { Clock } from '../clock/clock.ts';
import type { EventStore } from '../store/event-store.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';

export interface RetentionOptions {
  /** This many finished workflows stay until `retainForMs`. */
  readonly retainTerminal: number;
  /** Every finished workflow stays this long, however many there are; 0: only the count decides. */
  readonly retainAtLeastMs: number;
  readonly retainForMs: number;
}

/** Removes finished workflows, oldest completion first. */
export class Retention {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #options: RetentionOptions;

  constructor(deps: { readonly store: EventStore; readonly clock: Clock }, options: RetentionOptions) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#options = options;
  }

  /** Whether the count alone decides, so that an end may evict at once. */
  get isByCount(): boolean {
    return this.#options.retainAtLeastMs === 0;
  }

  /** Removes what is beyond the rule, batch by batch; answers the removed ones. */
  async evict(): Promise<readonly WorkflowKey[]> {
    const now = this.#clock.now();
    const { retainTerminal, retainAtLeastMs, retainForMs } = this.#options;
    const rule = {
      keep: retainTerminal,
      // One that ended this very millisecond counts when only the number decides.
      endedBefore: now - retainAtLeastMs + (this.isByCount ? 1 : 0),
      olderThan: now - retainForMs,
      limit: limits.evictionBatchMax,
    };
    const evicted: WorkflowKey[] = [];
    for (;;) {
      const keys = await this.#store.evict(rule, now);
      evicted.push(...keys);
      if (keys.length < limits.evictionBatchMax) return evicted;
    }
  }
}
