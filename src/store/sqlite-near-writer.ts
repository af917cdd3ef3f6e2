import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import { SqliteBegin } from './sqlite-begin.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import type { SqliteWriterThread } from './sqlite-writer-thread.ts';
import { sqliteBusy, sqliteCodeOf } from './store-failure.ts';

/**
 * Writes what is small and alone in this thread, and has another one write the rest. Handing a write over and hearing of its
 * end wakes a thread twice, which costs more than an fsync of a quick disk; so at rest, with one append at a time,
 * whoever waits for it waits less. Under load, and as long as the disk takes its time, this thread only decides.
 */
export class SqliteNearWriter {
  readonly #near: SqliteWriter;
  readonly #thread: SqliteWriterThread;
  readonly #clock: Clock;
  /** What the latest write took, here or there, also one that failed: a disk that gives up takes its time for it. */
  #latestMs = 0;

  constructor(database: DatabaseSync, thread: SqliteWriterThread, clock: Clock) {
    this.#near = new SqliteWriter(database, new SqliteBegin(database, 0));
    this.#thread = thread;
    this.#clock = clock;
  }

  /**
   * One durable transaction of the appends of so many workflows. Answers the memory of the write: at once when it is
   * durable already. Throws or rejects when nothing of it may be relied on.
   */
  write(write: Uint8Array<ArrayBuffer>, workflows: number): ArrayBuffer | Promise<ArrayBuffer> {
    const near = workflows === 1 && write.byteLength <= limits.storeNearBytesMax && this.#thread.idle;
    if (near && this.#latestMs <= limits.storeNearMs && this.#writesNear(write)) return write.buffer;
    return this.#writeFar(write);
  }

  /** False: a checkpoint or another process holds writers up at this moment, and nothing was written. */
  #writesNear(write: Uint8Array): boolean {
    const begin = this.#clock.monotonic();
    try {
      this.#near.write(write);
    } catch (error) {
      if (sqliteCodeOf(error) === sqliteBusy) return false;
      throw error;
    } finally {
      this.#latestMs = this.#clock.monotonic() - begin;
    }
    return true;
  }

  async #writeFar(write: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    const begin = this.#clock.monotonic();
    try {
      return await this.#thread.write(write);
    } finally {
      this.#latestMs = this.#clock.monotonic() - begin;
    }
  }
}
