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
import { SqliteBegin } from './sqlite-begin.ts';
import { SqliteCheckpointer } from './sqlite-checkpointer.ts';
import { SqliteClaims } from './sqlite-claims.ts';
import { SqliteCommitQueue } from './sqlite-commit-queue.ts';
import { SqliteList } from './sqlite-list.ts';
import { SqliteLock } from './sqlite-lock.ts';
import { SqliteLog } from './sqlite-log.ts';
import { SqliteNearWriter } from './sqlite-near-writer.ts';
import { SqliteSpend } from './sqlite-spend.ts';
import { SqliteWriterThread } from './sqlite-writer-thread.ts';
import { openDatabase, pragma } from './sqlite-schema.ts';
import { unavailable } from './store-failure.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made if there is none. Local disks only: network file systems do not lock. */
  readonly path: string;
  /** Decides when a request record has expired, and how long a write takes. */
  readonly clock: Clock;
  /** The file does not grow beyond this many bytes; appends are refused as on a full disk. Default: no bound. */
  readonly bytesMax?: number | undefined;
}

/**
 * Event store and leases in one SQLite file of one process. An acknowledged append survives a power cut: one fsync per
 * transaction, shared by everything appended in one turn of the event loop or while the one before was written. This
 * thread checks and reads; another one writes, unless a small append comes alone and the disk is quick. A claim always
 * succeeds and fences the former owner; claims of an earlier process are fenced by the next open. Space of evicted
 * workflows is used again but not given back to the file system.
 */
export class SqliteStore implements EventStore, LeaseStore {
  readonly #path: string;
  readonly #lock: SqliteLock;
  readonly #database: DatabaseSync;
  readonly #claims: SqliteClaims;
  readonly #log: SqliteLog;
  readonly #spend: SqliteSpend;
  readonly #list: SqliteList;
  readonly #writer: SqliteWriterThread;
  readonly #queue: SqliteCommitQueue<PreparedAppend, AppendResult>;
  readonly #checkpointer: SqliteCheckpointer;
  #closing: Promise<void> | undefined;

  private constructor(options: SqliteStoreOptions, lock: SqliteLock, database: DatabaseSync) {
    this.#path = options.path;
    this.#lock = lock;
    this.#database = database;
    const { clock } = options;
    const claims = new SqliteClaims(database, new SqliteBegin(database));
    const spend = new SqliteSpend(database);
    const writer = new SqliteWriterThread({ path: options.path, bytesMax: options.bytesMax });
    this.#claims = claims;
    this.#spend = spend;
    this.#writer = writer;
    const near = new SqliteNearWriter(database, writer, clock);
    this.#log = new SqliteLog({ database, claims, spend, writer: near, clock });
    this.#list = new SqliteList(database);
    this.#checkpointer = new SqliteCheckpointer(options.path);
    this.#queue = new SqliteCommitQueue({
      apply: (append) => this.#log.apply(append),
      write: () => this.#log.write(),
      bytesOf: (append) => this.#log.bytesOf(append),
      failed: () => this.#log.failed(),
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

  /**
   * A setting as SQLite reports it, for example `synchronous` (2 is FULL), of this thread's connection. That of the thread
   * that writes is configured alike; neither begins where a setting that durability rests on does not hold.
   */
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
    // Appends get their turn between two transactions.
    for (;;) {
      const limit = rule.limit - removed.length;
      const some =
        limit > 0 ? await this.#change('evicting', () => this.#writer.evict({ ...rule, limit })) : [];
      if (some.length === 0) break;
      removed.push(...some);
    }
    for (;;) {
      const expired = await this.#change('expiring requests', () => this.#writer.expire(now));
      if (expired < limits.storeExpiredRequestsMax) return removed;
    }
  }

  async remove(key: WorkflowKey): Promise<RemoveResult> {
    const text = keyText(key);
    // An end that was handed over before counts.
    while (this.#queue.holds((append) => append.text === text)) await this.#queue.turn;
    return this.#change(`removing ${text}`, () => this.#writer.remove(key));
  }

  /** Also fails while the write-ahead log cannot be moved into the database: it would grow without bound. */
  async check(): Promise<void> {
    const { failure } = this.#checkpointer;
    if (failure !== undefined) {
      // The next check finds how this one went.
      this.#checkpointer.request();
      throw new StoreUnavailableError(`the last checkpoint of ${this.#path} failed: ${failure}`);
    }
    await this.#change('checking the store', () => this.#writer.check());
  }

  async claim(key: WorkflowKey, _owner: string): Promise<number | undefined> {
    const text = keyText(key);
    // What a former owner has handed over counts if it is being written, or goes on to be when that has ended; what waits
    // for the end of its turn will be fenced.
    while (this.#queue.writes((append) => append.text === text)) await this.#queue.turn;
    return this.#do(`claiming ${text}`, () => this.#claims.claim(key, this.#log.position(key)));
  }

  async release(key: WorkflowKey, epoch: number): Promise<void> {
    const text = keyText(key);
    // What the owner handed over before counts.
    while (this.#queue.holds((append) => append.text === text)) await this.#queue.turn;
    this.#do(`releasing ${text}`, () => this.#claims.release(text, epoch));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      while (this.#queue.holds(() => true)) await this.#queue.turn;
      try {
        await this.#writer.close();
      } finally {
        // A thread that fails to end does not keep the other.
        await this.#checkpointer.close();
      }
      this.#database.exec(`PRAGMA busy_timeout = ${limits.storeBusyMs}`);
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

  /** As `#do`, in the thread that writes. */
  async #change<T>(doing: string, work: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    try {
      return await work();
    } catch (error) {
      throw unavailable(doing, error);
    }
  }

  #checkOpen(): void {
    if (this.#closing) throw new StoreUnavailableError(`the store ${this.#path} is closed`);
  }
}
