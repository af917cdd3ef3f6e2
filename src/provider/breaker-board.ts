import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { Breaker } from './breaker.ts';
import type { Asker } from './waiting-line.ts';

export interface BreakerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long one stays open before its first probe, ms. */
  readonly waitMs: number;
}

/** The breaker of one provider and model, and the workflows that wait for it. */
export class WatchedBreaker {
  readonly provider: string;
  readonly model: string;
  readonly breaker: Breaker;
  readonly #askers = new Map<string, Asker>();

  constructor(provider: string, model: string, deps: BreakerDeps) {
    this.provider = provider;
    this.model = model;
    this.breaker = new Breaker(deps.clock, deps.waitMs, () => {
      this.#tell(deps.logger);
      for (const asker of this.#askers.values()) asker.wake();
    });
  }

  get idle(): boolean {
    return this.#askers.size === 0 && this.breaker.state === 'closed';
  }

  join(asker: Asker): void {
    this.#askers.set(asker.id, asker);
  }

  leave(id: string): void {
    this.#askers.delete(id);
  }

  #tell(logger: Logger): void {
    const { state, failuresInARow, retryTime } = this.breaker;
    const fields = { provider: this.provider, model: this.model };
    if (state === 'open') {
      const retry = retryTime === undefined ? undefined : new Date(retryTime).toISOString();
      logger.warn(
        { ...fields, failures_in_a_row: failuresInARow, retry_time: retry },
        'provider breaker opened',
      );
    } else if (state === 'closed') logger.info(fields, 'provider breaker closed');
    else logger.info(fields, 'provider breaker lets a probe through');
  }

  /** Why it waits, for people. */
  describe(id: string): string | undefined {
    if (!this.#askers.has(id)) return undefined;
    const { state, sinceTime, retryTime } = this.breaker;
    const what =
      retryTime === undefined
        ? 'a probe is under way'
        : `open since ${new Date(sinceTime).toISOString()}, next probe at ${new Date(retryTime).toISOString()}`;
    return `breaker of ${this.provider}/${this.model}: ${state === 'closed' ? 'closed again' : what}`;
  }
}

/** The breakers of one process, one for each provider and model that was called. */
export class BreakerBoard {
  readonly #deps: BreakerDeps;
  /** Oldest first. */
  readonly #breakers = new Set<WatchedBreaker>();
  /** By provider and model: asked before every call, and a key of both would be made each time. */
  readonly #byProvider = new Map<string, Map<string, WatchedBreaker>>();

  constructor(deps: BreakerDeps) {
    this.#deps = deps;
  }

  of(provider: string, model: string): WatchedBreaker {
    const known = this.#byProvider.get(provider)?.get(model);
    if (known) return known;
    this.#makeRoom();
    const breaker = new WatchedBreaker(provider, model, this.#deps);
    this.#breakers.add(breaker);
    const models = this.#byProvider.get(provider) ?? new Map<string, WatchedBreaker>();
    this.#byProvider.set(provider, models.set(model, breaker));
    return breaker;
  }

  ofProvider(provider: string): readonly WatchedBreaker[] {
    return [...(this.#byProvider.get(provider)?.values() ?? [])];
  }

  /** Forgets the oldest one that has nothing to tell; those that are open and those waited for are never forgotten. */
  #makeRoom(): void {
    if (this.#breakers.size < limits.breakersMax) return;
    for (const breaker of this.#breakers) {
      if (!breaker.idle) continue;
      this.#breakers.delete(breaker);
      this.#byProvider.get(breaker.provider)?.delete(breaker.model);
      return;
    }
  }
}
