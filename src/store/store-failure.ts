import { DamagedLogError, StoreUnavailableError } from './event-store.ts';

/** SQLite's primary result code of an error thrown by node:sqlite, or undefined for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** The database is held by another connection. */
export const sqliteBusy = 5;
/** The file, or one it needs beside it, cannot be opened. */
export const sqliteCannotOpen = 14;
/** The file is not a database. */
export const sqliteNotADatabase = 26;

/** Wraps whatever the database threw, saying what was being done. */
export function unavailable(doing: string, cause: unknown): StoreUnavailableError | DamagedLogError {
  if (cause instanceof StoreUnavailableError || cause instanceof DamagedLogError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnavailableError(`${doing}: ${message}`, { cause });
}
