import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError } from './event-store.ts';
import type { SqliteBegin } from './sqlite-begin.ts';

/** Writes something and reads it again; throws when either fails. */
export function checkDatabase(database: DatabaseSync, begin: SqliteBegin): void {
  begin.run();
  try {
    const written = database
      .prepare("UPDATE meta SET value = value + 1 WHERE name = 'check' RETURNING value")
      .get()?.['value'];
    const read = database.prepare("SELECT value FROM meta WHERE name = 'check'").get()?.['value'];
    if (written !== read) throw new StoreUnavailableError(`wrote ${String(written)}, read ${String(read)}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
