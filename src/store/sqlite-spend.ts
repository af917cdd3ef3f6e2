import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { noSpend, plus, within, type DaySpend, type SpendChange } from '../workflow/day-spend.ts';
import type { Caps } from '../workflow/ledger.ts';
import type { SpendOfDay } from './event-store.ts';
import type { Write } from './sqlite-write.ts';

interface Day {
  readonly tenant: string;
  readonly day: number;
  /** As committed, and with what the transaction under way adds. */
  committed: DaySpend;
  current: DaySpend;
}

/** Days held in memory; older ones are read again when something still settles on them. */
const daysHeldMax = 64;

/**
 * Spend of each day: a ledger of its own, written once in every transaction that changes it. What is committed is held in
 * memory too, for one process is the only one that writes.
 */
export class SqliteSpend {
  readonly #read: StatementSync;
  readonly #days = new Map<string, Day>();
  readonly #changed = new Set<Day>();

  constructor(database: DatabaseSync) {
    this.#read = database.prepare(
      'SELECT spent_nano_usd, held_nano_usd, spent_tokens, held_tokens FROM spend WHERE tenant = ? AND day = ?',
    );
  }

  /** The day that these changes would take over a cap, as it stands; undefined: none. Only new reservations can be refused. */
  refusal(tenant: string, changes: readonly SpendChange[], caps: Caps): SpendOfDay | undefined {
    for (const change of changes) {
      const { current } = this.#dayOf(tenant, change.day);
      if (change.reserves && !within(plus(current, change), caps)) return { day: change.day, spend: current };
    }
    return undefined;
  }

  /** Adds to the transaction that is being put together. */
  add(tenant: string, changes: readonly SpendChange[]): void {
    for (const change of changes) {
      const day = this.#dayOf(tenant, change.day);
      day.current = plus(day.current, change);
      this.#changed.add(day);
    }
  }

  /** The last writes of a transaction. */
  write(write: Write): void {
    for (const { tenant, day, current } of this.#changed) write.spend(tenant, day, current);
  }

  committed(): void {
    for (const day of this.#changed) day.committed = day.current;
    this.#changed.clear();
    if (this.#days.size > daysHeldMax) this.#days.clear();
  }

  /** What became of the transaction is unknown if its writer died, so the days are read again. */
  failed(): void {
    for (const { tenant, day } of this.#changed) this.#days.delete(keyOf(tenant, day));
    this.#changed.clear();
  }

  /** What is committed of a day. */
  of(tenant: string, day: number): DaySpend {
    return this.#dayOf(tenant, day).committed;
  }

  #dayOf(tenant: string, number: number): Day {
    const key = keyOf(tenant, number);
    const known = this.#days.get(key);
    if (known) return known;
    const row = this.#read.get(tenant, number);
    const committed = row
      ? {
          spentNanoUsd: Number(row['spent_nano_usd']),
          heldNanoUsd: Number(row['held_nano_usd']),
          spentTokens: Number(row['spent_tokens']),
          heldTokens: Number(row['held_tokens']),
        }
      : noSpend;
    const day: Day = { tenant, day: number, committed, current: committed };
    this.#days.set(key, day);
    return day;
  }
}

const keyOf = (tenant: string, day: number): string => `${day} ${tenant}`;
