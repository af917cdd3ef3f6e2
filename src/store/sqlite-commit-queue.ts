import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import { StoreUnavailableError } from './event-store.ts';
import { unavailable } from './store-failure.ts';

interface Entry<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** What is done with the items of one transaction. */
export interface CommitWork<Item, Result> {
  /** Reads and writes inside the transaction. A refusal is a result; throwing undoes the whole transaction. */
  apply(item: Item): Result;
  /** Writes what all items of the transaction come to, last before its commit. */
  finish(): void;
  /** The transaction is durable. */
  committed(items: readonly Item[]): void;
  /** Nothing of the transaction may be relied on. */
  failed(items: readonly Item[]): void;
  bytesOf(item: Item): number;
}

/**
 * Group commit: what is handed over in one turn of the event loop shares one transaction and one fsync. There is no
 * timed gathering; at rest an item waits only for the end of its turn. The transaction runs in the caller's thread:
 * two thread hops cost more than they save at the fsync times measured.
 */
export class SqliteCommitQueue<Item, Result> {
  readonly #database: DatabaseSync;
  readonly #work: CommitWork<Item, Result>;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #waiting: Entry<Item, Result>[] = [];
  #scheduled = false;
  #commits = 0;

  constructor(database: DatabaseSync, work: CommitWork<Item, Result>) {
    this.#database = database;
    this.#work = work;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  /** Transactions committed so far. */
  get commits(): number {
    return this.#commits;
  }

  /** Resolves when the item is durable or refused; rejects with StoreUnavailableError when the transaction failed. */
  submit(item: Item): Promise<Result> {
    if (this.#waiting.length >= limits.storeQueuedAppendsMax) {
      return Promise.reject(new StoreUnavailableError(`${this.#waiting.length} appends wait already`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Whether something that waits is like this. */
  waits(like: (item: Item) => boolean): boolean {
    return this.#waiting.some(({ item }) => like(item));
  }

  /** Commits everything that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commitBatch();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#commitBatch();
      // The rest waits for the next turn, so that a long queue does not shut out everything else.
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #takeBatch(): Entry<Item, Result>[] {
    let count = 0;
    let bytes = 0;
    for (const { item } of this.#waiting) {
      bytes += this.#work.bytesOf(item);
      if (count > 0 && bytes > limits.storeCommitBytesMax) break;
      count++;
      if (count === limits.storeCommitAppendsMax) break;
    }
    if (count === this.#waiting.length) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, count);
  }

  #commitBatch(): void {
    const batch = this.#takeBatch();
    const items = batch.map((entry) => entry.item);
    let results: Result[];
    try {
      this.#begin.run();
      results = items.map((item) => this.#work.apply(item));
      this.#work.finish();
      this.#commit.run();
    } catch (error) {
      const reason = this.#rollBack(error);
      this.#work.failed(items);
      for (const entry of batch) entry.reject(reason);
      return;
    }
    this.#commits++;
    this.#work.committed(items);
    for (const [index, result] of results.entries()) batch[index]?.resolve(result);
  }

  #rollBack(error: unknown): Error {
    try {
      // A full disk has ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch (rollbackError) {
      return unavailable(
        'appending, then undoing it',
        new AggregateError([error, rollbackError], String(error)),
      );
    }
    return unavailable('appending', error);
  }
}
