import { DatabaseSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import { StoreLockedError } from './event-store.ts';
import { ensurePrivateFile } from './sqlite-file.ts';
import { sqliteBusy, sqliteCodeOf } from './store-failure.ts';

/**
 * Keeps a second process away from a store: an exclusive transaction on a file of its own, `<store>.lock`. The
 * operating system releases it with the process, also after kill -9, so it is never stale.
 */
export class SqliteLock {
  readonly #database: DatabaseSync;

  /** Throws StoreLockedError when another store, of this or another process, has the file open. */
  constructor(storePath: string) {
    const path = `${storePath}.lock`;
    ensurePrivateFile(path);
    this.#database = new DatabaseSync(path, { timeout: limits.storeLockWaitMs });
    try {
      this.#database.exec('PRAGMA journal_mode = MEMORY');
      this.#database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#database.close();
      if (sqliteCodeOf(error) !== sqliteBusy) throw error;
      throw new StoreLockedError(
        `the store ${storePath} is in use by another process; stop it, or choose another data directory`,
        { cause: error },
      );
    }
  }

  release(): void {
    this.#database.close();
  }
}
