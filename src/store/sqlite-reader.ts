import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { limits } from '../workflow/limits.ts';
import { StoreMissingError } from './event-store.ts';
import { checkOwnership } from './sqlite-schema.ts';
import { sqliteCannotOpen, sqliteCodeOf, unavailable } from './store-failure.ts';

export interface ReadOnlyDatabase {
  readonly database: DatabaseSync;
  /** Undefined: nothing was ever written to the file. */
  readonly version: number | undefined;
}

/**
 * Opens a store's file so that nothing in it can be changed; a server may have it open. The reader needs the
 * write-ahead log's index beside the file and makes one if there is none. Throws StoreMissingError when there is
 * no file, StoreUnavailableError when it is foreign, newer than this build or not readable.
 */
export function openForReading(path: string): ReadOnlyDatabase {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new StoreMissingError(`there is no store at ${path}`);
  }
  let database: DatabaseSync | undefined;
  try {
    database = connect(path);
    return { database, version: checkOwnership(database, path) };
  } catch (error) {
    database?.close();
    throw unavailable(`opening ${path} for reading`, error);
  }
}

function connect(path: string): DatabaseSync {
  const options = { readOnly: true, timeout: limits.storeBusyMs, defensive: true };
  const database = new DatabaseSync(path, options);
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    const journal = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (sqliteCodeOf(error) !== sqliteCannotOpen || journal > 0) {
      // A foreign file, or a damaged one: whoever looks closer says so.
      return new DatabaseSync(path, options);
    }
    // A folder that nobody may write to, and no journal: nobody changes the file, so no index is needed.
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, options);
  }
}
