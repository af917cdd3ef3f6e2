import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import { sqliteBusy, sqliteCodeOf } from './store-failure.ts';

/** Nobody wakes it: a thread that waits on it sleeps for as long as it says. */
const bed = new Int32Array(new SharedArrayBuffer(4));

/**
 * Begins transactions that write. A checkpoint holds writers up for about a millisecond, but SQLite's own patience looks
 * again after one, three and then eight: so this one looks itself, and its thread stands still meanwhile.
 */
export class SqliteBegin {
  readonly #begin: StatementSync;
  readonly #looksMax: number;

  /** Takes the connection's own patience away. With `patienceMs` 0 it looks once. */
  constructor(database: DatabaseSync, patienceMs: number = limits.storeBusyMs) {
    database.exec('PRAGMA busy_timeout = 0');
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#looksMax = patienceMs / limits.storeBusyLookMs;
  }

  /** Throws as SQLite does when another connection still writes after about as long as its patience. */
  run(): void {
    for (let looks = 0; ; looks++) {
      try {
        this.#begin.run();
        return;
      } catch (error) {
        if (sqliteCodeOf(error) !== sqliteBusy || looks >= this.#looksMax) throw error;
      }
      Atomics.wait(bed, 0, 0, limits.storeBusyLookMs);
    }
  }
}
