import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import { sqliteBusy, sqliteCodeOf } from './store-failure.ts';

const looksMax = limits.storeBusyMs / limits.storeBusyLookMs;

/** Nobody wakes it: a thread that waits on it sleeps for as long as it says. */
const bed = new Int32Array(new SharedArrayBuffer(4));

/**
 * Begins transactions that write, on a connection of a thread that may stand still. A checkpoint holds writers up for about
 * a millisecond, but SQLite's own patience looks again after one, three and then eight: so this one looks itself.
 */
export class SqliteBegin {
  readonly #begin: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec('PRAGMA busy_timeout = 0');
    this.#begin = database.prepare('BEGIN IMMEDIATE');
  }

  /** Throws as SQLite does when the database is still held by another connection after about `limits.storeBusyMs`. */
  run(): void {
    for (let looks = 0; ; looks++) {
      try {
        this.#begin.run();
        return;
      } catch (error) {
        if (sqliteCodeOf(error) !== sqliteBusy || looks >= looksMax) throw error;
      }
      Atomics.wait(bed, 0, 0, limits.storeBusyLookMs);
    }
  }
}
