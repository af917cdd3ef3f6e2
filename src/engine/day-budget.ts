import type { Clock, Timer } from '../clock/clock.ts';
import type { EventStore, SpendOfDay } from '../store/event-store.ts';
import {
  dayAffordability,
  dayOf,
  noSpend,
  plus,
  type DaySpend,
  type SpendChange,
} from '../workflow/day-spend.ts';
import type { Reservation } from '../workflow/event.ts';
import type { Affordability, Caps } from '../workflow/ledger.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';

export interface DayBudgetDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A day that may have caps. */
export interface Capped {
  /** Undefined: none. */
  readonly caps: Caps | undefined;
}

/**
 * What the days of each tenant stand at, as far as this process knows: enough to decide without asking the store. The
 * store has the last word with every append, so that a cap holds whatever this knows.
 */
export class DayBudget implements Capped {
  readonly caps: Caps | undefined;
  readonly #deps: DayBudgetDeps;
  /** By tenant and day: a clock that steps may make another day today. */
  readonly #days = new Map<string, DaySpend>();
  /** Workflows that wait until others have settled, in the order in which they looked last. */
  readonly #waiting = new Map<string, { readonly tenant: string; readonly wake: () => void }>();
  #timer: Timer | undefined;

  /** Without caps nothing is kept and everything fits. */
  constructor(deps: DayBudgetDeps, caps: Caps) {
    this.#deps = deps;
    const capped = caps.maxCostNanoUsd !== undefined || caps.maxTokens !== undefined;
    this.caps = capped ? caps : undefined;
  }

  /** Whether the day allows a call now, after what the batch has drafted already. */
  allows(
    tenant: string,
    time: number,
    drafted: readonly SpendChange[],
    reserved: Reservation,
  ): Affordability {
    if (!this.caps) return 'fits';
    const day = dayOf(time);
    const change = drafted.find((other) => other.day === day) ?? noSpend;
    return dayAffordability(plus(this.#spendOf(tenant, day), change), this.caps, reserved);
  }

  /** Something durable has changed the spend. */
  applied(tenant: string, changes: readonly SpendChange[]): void {
    if (!this.caps) return;
    let released = false;
    for (const change of changes) {
      this.#keep(tenant, change.day, plus(this.#spendOf(tenant, change.day), change));
      released ||= change.heldNanoUsd < 0 || change.heldTokens < 0;
    }
    if (released) this.#wake(tenant);
  }

  /** The store knows better. */
  corrected(tenant: string, { day, spend }: SpendOfDay): void {
    this.#keep(tenant, day, spend);
  }

  /** Calls `wake` when it is worth looking again: something has settled, or a while has passed. */
  wait(id: string, tenant: string, wake: () => void): void {
    this.#waiting.set(id, { tenant, wake });
    this.#look();
  }

  /** Why a workflow waits, in words; undefined: it does not wait for its day. */
  reason(id: string): string | undefined {
    if (!this.#waiting.has(id)) return undefined;
    return "budget: waits until reservations of other workflows have settled on the day's budget";
  }

  leave(id: string): void {
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.stop();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #spendOf(tenant: string, day: number): DaySpend {
    return this.#days.get(`${day} ${tenant}`) ?? noSpend;
  }

  #keep(tenant: string, day: number, spend: DaySpend): void {
    this.#days.set(`${day} ${tenant}`, spend);
    if (this.#days.size <= limits.dayBudgetDaysMax) return;
    // What is forgotten is told by the store when it matters.
    const [oldest] = this.#days.keys();
    if (oldest !== undefined) this.#days.delete(oldest);
  }

  #wake(tenant: string): void {
    // Those that do not fit now come to the end of the line when they have looked.
    for (const [id, waiter] of [...this.#waiting]) {
      if (waiter.tenant !== tenant) continue;
      this.#waiting.delete(id);
      waiter.wake();
    }
    if (this.#waiting.size === 0) this.stop();
  }

  /** Another process may have settled something, and the day may be over: what nobody tells is looked at. */
  #look(): void {
    this.#timer ??= this.#deps.clock.after(limits.dayBudgetLookMs, () => {
      this.#timer = undefined;
      const tenants = new Set([...this.#waiting.values()].map(({ tenant }) => tenant));
      for (const tenant of tenants) void this.#refresh(tenant);
    });
  }

  async #refresh(tenant: string): Promise<void> {
    const { store, clock, logger } = this.#deps;
    const day = dayOf(clock.now());
    try {
      const spend = await store.spendOf(tenant, day);
      this.corrected(tenant, { day, spend });
    } catch (error) {
      logger.error({ error }, 'the spend of the day could not be read; it is looked at again');
    }
    this.#wake(tenant);
  }
}
