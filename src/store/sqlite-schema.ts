import { DatabaseSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import { StoreUnavailableError } from './event-store.ts';
import { ensurePrivateFile } from './sqlite-file.ts';
import { sqliteCodeOf, sqliteNotADatabase } from './store-failure.ts';

/** "orch" in ASCII: marks a database file as ours. */
const applicationId = 0x6f726368;

/** Raised with every change of the tables. */
export const schemaVersion = 4;

/** Outlives the workflows whose calls it counts. */
const spendTable = `
  CREATE TABLE spend (
    tenant TEXT NOT NULL,
    -- Days since 1970-01-01, UTC.
    day INTEGER NOT NULL,
    spent_nano_usd INTEGER NOT NULL,
    held_nano_usd INTEGER NOT NULL,
    spent_tokens INTEGER NOT NULL,
    held_tokens INTEGER NOT NULL,
    PRIMARY KEY (tenant, day)
  ) STRICT, WITHOUT ROWID`;

/**
 * Counting the finished workflows would look at each of them, with every end that evicts one. Whoever changes them, on
 * whichever connection, changes their number in the same transaction.
 */
const finishedTriggers = `
  CREATE TRIGGER workflow_finishes AFTER UPDATE OF completion ON workflow
    WHEN old.completion IS NULL AND new.completion IS NOT NULL
    BEGIN UPDATE meta SET value = value + 1 WHERE name = 'finished'; END;
  CREATE TRIGGER workflow_goes AFTER DELETE ON workflow WHEN old.completion IS NOT NULL
    BEGIN UPDATE meta SET value = value - 1 WHERE name = 'finished'; END`;

/** What turns the tables of an earlier version into those of the next; the first one is for version 1. */
const migrations: readonly string[] = [
  'ALTER TABLE event ADD COLUMN checksum INTEGER',
  // The spend of each day as the logs that are there tell it; a call belongs to the day of its start.
  `${spendTable};
   WITH call AS (
     SELECT run, time, json_extract(body, '$.type') AS type, json_extract(body, '$.agentId') AS agent,
       json_extract(body, '$.turn') AS turn, json_extract(body, '$.attempt') AS attempt, body
     FROM event WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.type') END
       IN ('model_call_started', 'model_call_ended')
   )
   INSERT INTO spend
     SELECT workflow.tenant, CAST(floor(began.time / 86400000) AS INTEGER),
       sum(CASE WHEN ended.body IS NULL THEN 0 ELSE ifnull(json_extract(ended.body, '$.costNanoUsd'), 0) END),
       sum(CASE WHEN ended.body IS NULL THEN ifnull(json_extract(began.body, '$.reserved.costNanoUsd'), 0) ELSE 0 END),
       sum(CASE WHEN ended.body IS NULL THEN 0 ELSE
         json_extract(ended.body, '$.usage.inputTokens') + json_extract(ended.body, '$.usage.outputTokens') END),
       sum(CASE WHEN ended.body IS NULL THEN
         json_extract(began.body, '$.reserved.inputTokens') + json_extract(began.body, '$.reserved.outputTokens') ELSE 0 END)
     FROM call AS began JOIN workflow ON workflow.run = began.run
       LEFT JOIN call AS ended ON ended.type = 'model_call_ended' AND ended.run = began.run
         AND ended.agent = began.agent AND ended.turn = began.turn AND ended.attempt = began.attempt
     WHERE began.type = 'model_call_started' GROUP BY 1, 2`,
  `INSERT INTO meta SELECT 'finished', count(*) FROM workflow WHERE completion IS NOT NULL;
   ${finishedTriggers}`,
];

const synchronousFull = 2;

// What a writer needs again soon is the end of its tables and a few pages of each index. A cache of 32 MiB, whose pages
// have left the processor's own caches when they are used again, made a run and its eviction a tenth dearer.
const cacheKib = 8_192;

// Rows of an event table that is keyed by anything but its own growth are scattered over the file, five times slower
// to write; so events go to the end of a rowid table, and their one index holds two small integers.
export const tables = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT INTO meta VALUES ('generation', 0), ('check', 0), ('finished', 0);

  -- What every append changes. AUTOINCREMENT: a run number is never used again, also after an eviction.
  CREATE TABLE workflow (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    orchestrator TEXT NOT NULL,
    create_time REAL NOT NULL,
    priority INTEGER NOT NULL,
    status TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    -- Order of completion; null while the workflow is open.
    completion INTEGER,
    end_time REAL,
    summary TEXT NOT NULL,
    UNIQUE (tenant, workflow_id)
  ) STRICT;
  CREATE INDEX workflow_by_time ON workflow (tenant, create_time, run);
  CREATE INDEX workflow_by_status ON workflow (tenant, status, create_time, run);
  CREATE INDEX workflow_open ON workflow (run) WHERE completion IS NULL;
  CREATE INDEX workflow_finished ON workflow (end_time, completion) WHERE completion IS NOT NULL;

  -- What the first append writes and nothing changes.
  CREATE TABLE description (run INTEGER PRIMARY KEY, labels TEXT NOT NULL, body TEXT NOT NULL) STRICT;

  CREATE TABLE event (
    event_id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    time REAL NOT NULL,
    epoch INTEGER NOT NULL,
    progress REAL NOT NULL,
    body TEXT NOT NULL,
    -- Of the columns from sequence to body; null where an earlier version wrote the event.
    checksum INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX event_by_run ON event (run, sequence);

  CREATE TABLE blob (blob_id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE blob_use (
    run INTEGER NOT NULL,
    blob_id INTEGER NOT NULL REFERENCES blob,
    PRIMARY KEY (run, blob_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blob_use_by_blob ON blob_use (blob_id);

  CREATE TABLE request (
    tenant TEXT NOT NULL,
    method TEXT NOT NULL,
    request_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    expire_time REAL NOT NULL,
    UNIQUE (tenant, method, request_id)
  ) STRICT;
  CREATE INDEX request_by_expiry ON request (expire_time);
  ${spendTable};
  ${finishedTriggers};
`;

export interface DatabaseOptions {
  readonly path: string;
  /** The file does not grow beyond this; appends are refused as on a full disk. */
  readonly bytesMax?: number | undefined;
}

/**
 * Opens the store's database for writing, makes its tables if the file is new, and verifies that commits are durable.
 * Throws StoreUnavailableError for a file that is not a store, is from a newer version, or cannot be made durable.
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  ensurePrivateFile(options.path);
  const database = connect(options.path);
  try {
    const version = checkOwnership(database, options.path);
    configure(database, options);
    if (version === undefined) createTables(database);
    else if (version < schemaVersion) migrate(database, version);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** One more connection to a database that `openDatabase` has opened, as durable as the first. */
export function connectForWriting(options: DatabaseOptions): DatabaseSync {
  const database = connect(options.path);
  try {
    configure(database, options);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function connect(path: string): DatabaseSync {
  return new DatabaseSync(path, {
    timeout: limits.storeBusyMs,
    enableForeignKeyConstraints: true,
    defensive: true,
  });
}

/** The value of a setting as the database reports it. */
export function pragma(database: DatabaseSync, name: string): unknown {
  const answer = database.prepare(`PRAGMA ${name}`).get();
  return answer && Object.values(answer)[0];
}

/** A number of rows as SQL takes it: an integer, and never negative, which would mean no limit. */
export function rowLimit(limit: number): number {
  return Math.max(0, Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER));
}

/** Refuses a foreign file before anything in it is changed. Answers its schema version; undefined: the file is new. */
export function checkOwnership(database: DatabaseSync, path: string): number | undefined {
  let foundId: unknown;
  let foundVersion: unknown;
  let objects: unknown;
  try {
    foundId = pragma(database, 'application_id');
    foundVersion = pragma(database, 'user_version');
    objects = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  } catch (error) {
    if (sqliteCodeOf(error) !== sqliteNotADatabase) throw error;
    throw new StoreUnavailableError(`${path} is not a database; it was left as it is`, { cause: error });
  }
  if (foundId === 0 && objects === 0) return undefined;
  if (foundId !== applicationId) {
    throw new StoreUnavailableError(`${path} is the database of another application; it was left as it is`);
  }
  const version = Number(foundVersion);
  if (version < 1 || version > schemaVersion) {
    throw new StoreUnavailableError(
      `${path} has schema version ${String(foundVersion)}, this build knows ${schemaVersion}; it was left as it is`,
    );
  }
  return version;
}

function configure(database: DatabaseSync, options: DatabaseOptions): void {
  database.exec(`
    PRAGMA trusted_schema = OFF;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${cacheKib};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA journal_size_limit = ${limits.storeJournalBytesMax};
    PRAGMA wal_autocheckpoint = 0;
  `);
  if (options.bytesMax !== undefined) {
    const pageBytes = Number(pragma(database, 'page_size'));
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.bytesMax / pageBytes))}`);
  }
  // An acknowledged append must survive a power cut; without these two it would not.
  requireSetting(database, options.path, 'journal_mode', 'wal');
  requireSetting(database, options.path, 'synchronous', synchronousFull);
}

function requireSetting(database: DatabaseSync, path: string, name: string, expected: unknown): void {
  const found = pragma(database, name);
  if (found === expected) return;
  throw new StoreUnavailableError(
    `${path}: expected ${name} ${String(expected)}, found ${String(found)}; the file system may not support it`,
  );
}

function migrate(database: DatabaseSync, version: number): void {
  database.exec('BEGIN IMMEDIATE');
  for (const step of migrations.slice(version - 1)) database.exec(step);
  database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);
}

function createTables(database: DatabaseSync): void {
  // One transaction: a crash half-way leaves an empty file, which the next start takes as new.
  database.exec('BEGIN IMMEDIATE');
  database.exec(tables);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
}
