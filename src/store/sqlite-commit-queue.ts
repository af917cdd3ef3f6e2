import { limits } from '../workflow/limits.ts';
import { StoreUnavailableError } from './event-store.ts';
import { unavailable } from './store-failure.ts';

interface Entry<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** What is done with the items of one transaction. One transaction is under way at a time. */
export interface CommitWork<Item, Result> {
  /**
   * Checks one item against what is durable and what the items before it add, and adds what it writes. A refusal is a
   * result; throwing fails the whole transaction. Undefined: it can only be judged when the items before it are durable.
   */
  apply(item: Item): Result | undefined;
  /** Writes what the items come to: durable at once or when it resolves, unknown when it throws or rejects. */
  write(): Promise<void> | 'durable' | 'nothing';
  /** The transaction is durable. */
  committed(items: readonly Item[]): void;
  /** Nothing of the transaction may be relied on. */
  failed(items: readonly Item[]): void;
  bytesOf(item: Item): number;
}

/**
 * Group commit: what is handed over in one turn of the event loop, and whatever comes while the transaction before is
 * being written, shares one transaction and one fsync. There is no timed gathering; at rest an item waits only for the
 * end of its turn, and in a busy turn not even for that.
 */
export class SqliteCommitQueue<Item, Result> {
  readonly #work: CommitWork<Item, Result>;
  #waiting: Entry<Item, Result>[] = [];
  /** Of the transaction that is being written. */
  #underWay: readonly Entry<Item, Result>[] = [];
  #scheduled = false;
  #commits = 0;
  #turn: PromiseWithResolvers<void> | undefined;

  constructor(work: CommitWork<Item, Result>) {
    this.#work = work;
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
      // What is worked out first is written while the rest is.
      if (this.#waiting.length >= limits.storeCommitEarlyAppends && this.#underWay.length === 0)
        this.#begin();
      else this.#schedule();
    });
  }

  /** Whether something like this is being written. */
  writes(like: (item: Item) => boolean): boolean {
    return this.#underWay.some(({ item }) => like(item));
  }

  /** Whether something like this has no result yet. */
  holds(like: (item: Item) => boolean): boolean {
    return this.writes(like) || this.#waiting.some(({ item }) => like(item));
  }

  /** Resolves when the transaction under way, or the next one, has ended; whoever waits looks again then. */
  get turn(): Promise<void> {
    this.#turn ??= Promise.withResolvers();
    return this.#turn.promise;
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay.length > 0 || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#underWay.length === 0) this.#begin();
    });
  }

  #begin(): void {
    if (this.#waiting.length === 0) return;
    const batch: Entry<Item, Result>[] = [];
    const results: Result[] = [];
    let written: ReturnType<CommitWork<Item, Result>['write']>;
    try {
      this.#compose(batch, results);
      written = this.#work.write();
    } catch (error) {
      this.#failed(batch, error);
      return;
    }
    if (typeof written === 'string') {
      if (written === 'durable') this.#commits++;
      this.#ended(batch, results);
      return;
    }
    this.#underWay = batch;
    written.then(
      () => {
        this.#commits++;
        this.#ended(batch, results);
      },
      (error: unknown) => this.#failed(batch, error),
    );
  }

  /** Takes from those that wait what fits into one transaction. */
  #compose(batch: Entry<Item, Result>[], results: Result[]): void {
    let bytes = 0;
    try {
      for (const entry of this.#waiting) {
        bytes += this.#work.bytesOf(entry.item);
        if (batch.length > 0 && bytes > limits.storeCommitBytesMax) return;
        // Before it is judged: one that throws belongs to the transaction it breaks.
        batch.push(entry);
        const result = this.#work.apply(entry.item);
        if (result === undefined) {
          batch.pop();
          return;
        }
        results.push(result);
        if (batch.length === limits.storeCommitAppendsMax) return;
      }
    } finally {
      this.#waiting = this.#waiting.slice(batch.length);
    }
  }

  #ended(batch: readonly Entry<Item, Result>[], results: readonly Result[]): void {
    this.#work.committed(batch.map(({ item }) => item));
    // Before the next transaction, which may be durable at once; whoever is told acts only when that is handed over, so that
    // writing and acting overlap.
    this.#tell(batch, results, 0);
    this.#next();
  }

  /**
   * In portions, a turn of the event loop for each: what follows from a large batch takes longer than writing the next one,
   * and its end must be noticed, so that the writer does not stand idle.
   */
  #tell(batch: readonly Entry<Item, Result>[], results: readonly Result[], from: number): void {
    const end = Math.min(results.length, from + limits.storeToldAppendsMax);
    for (const [index, result] of results.slice(from, end).entries()) batch[from + index]?.resolve(result);
    if (end < results.length) setImmediate(() => this.#tell(batch, results, end));
  }

  #failed(batch: readonly Entry<Item, Result>[], error: unknown): void {
    this.#work.failed(batch.map(({ item }) => item));
    const reason = unavailable('appending', error);
    for (const entry of batch) entry.reject(reason);
    this.#next();
  }

  #next(): void {
    const wasWritten = this.#underWay.length > 0;
    this.#underWay = [];
    this.#turn?.resolve();
    this.#turn = undefined;
    if (wasWritten) this.#begin();
    else this.#schedule();
  }
}
