import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock/clock.ts';
import type { DaySpend } from '../workflow/day-spend.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowRow } from '../workflow/row.ts';
import {
  type Append,
  type AppendResult,
  type EventStore,
  type EvictionRule,
  type KnownRequest,
  type LeaseStore,
  type ListPage,
  type ListQuery,
  type OpenWorkflow,
  type RemoveResult,
  StoreLockedError,
  StoreUnavailableError,
} from './event-store.ts';
import { type PreparedAppend, prepareAppend } from './prepared-append.ts';
import { SqliteCheckpointer } from './sqlite-checkpointer.ts';
import { SqliteClaims } from './sqlite-claims.ts';
import { SqliteCommitQueue } from './sqlite-commit-queue.ts';
import { SqliteList } from './sqlite-list.ts';
import { SqliteLock } from './sqlite-lock.ts';
import { SqliteLog } from './sqlite-log.ts';
import { SqliteRetention } from './sqlite-retention.ts';
import { SqliteSpend } from './sqlite-spend.ts';
import { openDatabase, pragma } from './sqlite-schema.ts';
import { unavailable } from './store-failure.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made if there is none. Local disks only: network file systems do not lock. */
  readonly path: string;
  /** Decides when a request record has expired. */
  readonly clock: Clock;
  /** The file does not grow beyond this many bytes; appends are refused as on a full disk. Default: no bound. */
  readonly bytesMax?: number | undefined;
}

/**
 * Event store and leases in one SQLite file of one process. An acknowledged append survives a power cut: one fsync per
 * transaction, shared by everything appended in one turn of the event loop. A claim always succeeds and fences the
 * former owner; claims of an earlier process are fenced by the next open. Space of evicted workflows is used again
 * but not given back to the file system.
 */
export class SqliteStore implements EventStore, LeaseStore {
  readonly #path: string;
  readonly #lock: SqliteLock;
  readonly #database: DatabaseSync;
  readonly #claims: SqliteClaims;
  readonly #log: SqliteLog;
  readonly #spend: SqliteSpend;
  readonly #list: SqliteList;
  readonly #retention: SqliteRetention;
  readonly #queue: SqliteCommitQueue<PreparedAppend, AppendResult>;
  readonly #checkpointer: SqliteCheckpointer;
  #closing: Promise<void> | undefined;

  private constructor(options: SqliteStoreOptions, lock: SqliteLock, database: DatabaseSync) {
    this.#path = options.path;
    this.#lock = lock;
    this.#database = database;
    this.#claims = new SqliteClaims(database);
    this.#spend = new SqliteSpend(database);
    this.#log = new SqliteLog(database, this.#claims, this.#spend, options.clock);
    this.#list = new SqliteList(database);
    this.#retention = new SqliteRetention(database);
    this.#checkpointer = new SqliteCheckpointer(options.path);
    this.#queue = new SqliteCommitQueue(database, {
      apply: (append) => this.#log.apply(append),
      finish: () => this.#log.finish(),
      bytesOf: (append) => this.#log.bytesOf(append),
      failed: (appends) => this.#log.failed(appends),
      committed: (appends) => {
        this.#log.committed(appends);
        this.#checkpointer.grown(appends.reduce((bytes, append) => bytes + append.bytes, 0));
      },
    });
  }

  /**
   * Opens the store, making the file if there is none, and begins a new generation of epochs. Throws StoreLockedError
   * when it is open already, StoreUnavailableError when the file is not a store, is from a newer version or cannot be
   * written durably.
   */
  static open(options: SqliteStoreOptions): SqliteStore {
    let lock: SqliteLock | undefined;
    let database: DatabaseSync | undefined;
    try {
      lock = new SqliteLock(options.path);
      database = openDatabase(options);
      return new SqliteStore(options, lock, database);
    } catch (error) {
      database?.close();
      lock?.release();
      throw error instanceof StoreLockedError ? error : unavailable(`opening ${options.path}`, error);
    }
  }

  /** Transactions of appends committed so far; each is one fsync. */
  get commits(): number {
    return this.#queue.commits;
  }

  /** Checkpoints done so far. */
  get checkpoints(): number {
    return this.#checkpointer.completed;
  }

  /** Claims held in memory. */
  get claims(): number {
    return this.#claims.size;
  }

  /** A setting of the writing connection as SQLite reports it, for example `synchronous` (2 is FULL). */
  setting(
    name: 'synchronous' | 'journal_mode' | 'wal_autocheckpoint' | 'mmap_size' | 'trusted_schema',
  ): unknown {
    return pragma(this.#database, name);
  }

  async append(append: Append): Promise<AppendResult> {
    this.#checkOpen();
    return await this.#queue.submit(prepareAppend(append));
  }

  async read(
    key: WorkflowKey,
    afterSequence: number,
    limit: number,
  ): Promise<readonly WorkflowEvent[] | undefined> {
    return this.#do(`reading ${keyText(key)}`, () => this.#log.read(key, afterSequence, limit));
  }

  async row(key: WorkflowKey): Promise<WorkflowRow | undefined> {
    return this.#do(`reading the row of ${keyText(key)}`, () => this.#list.row(key));
  }

  async list(query: ListQuery): Promise<ListPage> {
    return this.#do('listing workflows', () => this.#list.page(query));
  }

  async openWorkflows(): Promise<readonly OpenWorkflow[]> {
    return this.#do('listing open workflows', () =>
      this.#list.open().map((open) => ({ ...open, epoch: this.#claims.find(keyText(open.key))?.epoch })),
    );
  }

  async knownRequest(
    tenant: string,
    method: string,
    requestId: string,
    now: number,
  ): Promise<KnownRequest | undefined> {
    return this.#do('looking up a request', () => this.#log.knownRequest(tenant, method, requestId, now));
  }

  async blob(sha256: string): Promise<Uint8Array | undefined> {
    return this.#do(`reading blob ${sha256}`, () => this.#log.blob(sha256));
  }

  async spendOf(tenant: string, day: number): Promise<DaySpend> {
    return this.#do('reading the spend of a day', () => this.#spend.of(tenant, day));
  }

  async evict(rule: EvictionRule, now: number): Promise<readonly WorkflowKey[]> {
    const removed: WorkflowKey[] = [];
    for (;;) {
      const limit = rule.limit - removed.length;
      const some = limit > 0 ? this.#do('evicting', () => this.#retention.evictSome({ ...rule, limit })) : [];
      if (some.length === 0) break;
      removed.push(...some);
      // Appends get their turn between two transactions.
      await nextTurn();
    }
    while (
      this.#do('expiring requests', () => this.#retention.expireSome(now)) === limits.storeExpiredRequestsMax
    ) {
      await nextTurn();
    }
    return removed;
  }

  async remove(key: WorkflowKey): Promise<RemoveResult> {
    return this.#do(`removing ${keyText(key)}`, () => {
      const text = keyText(key);
      // An end that was handed over before counts.
      if (this.#queue.waits((append) => append.text === text)) this.#queue.flush();
      return this.#retention.remove(key);
    });
  }

  /** Also fails while the write-ahead log cannot be moved into the database: it would grow without bound. */
  async check(): Promise<void> {
    this.#do('checking the store', () => {
      const { failure } = this.#checkpointer;
      if (failure !== undefined) {
        // The next check finds how this one went.
        this.#checkpointer.request();
        throw new StoreUnavailableError(`the last checkpoint of ${this.#path} failed: ${failure}`);
      }
      const written = this.#database
        .prepare("UPDATE meta SET value = value + 1 WHERE name = 'check' RETURNING value")
        .get();
      const read = this.#database.prepare("SELECT value FROM meta WHERE name = 'check'").get();
      if (written?.['value'] !== read?.['value']) {
        throw new StoreUnavailableError(
          `${this.#path}: wrote ${String(written?.['value'])}, read ${String(read?.['value'])}`,
        );
      }
    });
  }

  async claim(key: WorkflowKey, _owner: string): Promise<number | undefined> {
    return this.#do(`claiming ${keyText(key)}`, () => {
      // What a former owner has handed over and is not committed yet will be fenced.
      return this.#claims.claim(key, this.#log.position(key));
    });
  }

  async release(key: WorkflowKey, epoch: number): Promise<void> {
    this.#do(`releasing ${keyText(key)}`, () => {
      const text = keyText(key);
      // What the owner handed over before counts.
      if (this.#queue.waits((append) => append.text === text)) this.#queue.flush();
      this.#claims.release(text, epoch);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      this.#queue.flush();
      await this.#checkpointer.close();
      this.#database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      throw unavailable(`closing ${this.#path}`, error);
    } finally {
      this.#database.close();
      this.#lock.release();
    }
  }

  #do<T>(doing: string, work: () => T): T {
    this.#checkOpen();
    try {
      return work();
    } catch (error) {
      throw unavailable(doing, error);
    }
  }

  #checkOpen(): void {
    if (this.#closing) throw new StoreUnavailableError(`the store ${this.#path} is closed`);
  }
}
