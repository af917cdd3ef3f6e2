import type { Clock } from '../clock/clock.ts';
import type { EventStore } from '../store/event-store.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';

export interface RetentionOptions {
  /** This many finished workflows stay until `retainForMs`. */
  readonly retainTerminal: number;
  /** Every finished workflow stays this long, however many there are; 0: only the count decides. */
  readonly retainAtLeastMs: number;
  readonly retainForMs: number;
}

export interface RetentionDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Removes finished workflows, oldest completion first, and says which. */
export class Retention {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #options: RetentionOptions;
  readonly #evicted: (key: WorkflowKey) => void;
  #underWay: Promise<void> | undefined;
  #wanted = false;

  constructor(deps: RetentionDeps, options: RetentionOptions, evicted: (key: WorkflowKey) => void) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#options = options;
    this.#evicted = evicted;
  }

  /** Settles when no eviction is under way that an end has set off. Never rejects. */
  async quiet(): Promise<void> {
    await this.#underWay;
  }

  /** A workflow has ended. Where the count alone decides, another one goes for it soon; otherwise the next sweep looks. */
  ended(): void {
    if (!this.#isByCount) return;
    this.#wanted = true;
    // Ends that come while others are being evicted share the next eviction: each one is a transaction.
    this.#underWay ??= this.#evictWanted();
  }

  /** Removes what is beyond the rule, batch by batch. */
  async evict(): Promise<void> {
    const now = this.#clock.now();
    const { retainTerminal, retainAtLeastMs, retainForMs } = this.#options;
    const rule = {
      keep: retainTerminal,
      // One that ended this very millisecond counts when only the number decides.
      endedBefore: now - retainAtLeastMs + (this.#isByCount ? 1 : 0),
      olderThan: now - retainForMs,
      limit: limits.evictionBatchMax,
    };
    for (;;) {
      const keys = await this.#store.evict(rule, now);
      for (const key of keys) this.#evicted(key);
      if (keys.length < limits.evictionBatchMax) return;
    }
  }

  get #isByCount(): boolean {
    return this.#options.retainAtLeastMs === 0;
  }

  async #evictWanted(): Promise<void> {
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.evict();
      }
    } catch (error) {
      this.#logger.error({ error }, 'eviction failed; the next sweep tries again');
    } finally {
      this.#underWay = undefined;
    }
  }
}
