import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { limits } from '../workflow/limits.ts';

/** What the worker answers to a checkpoint. */
export interface CheckpointReport {
  readonly journalBytes: number;
  readonly failure?: string | undefined;
}

/** Beside this file, compiled or not. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './sqlite-checkpoint-worker.ts' : './sqlite-checkpoint-worker.js',
  import.meta.url,
);

/**
 * Moves pages from the write-ahead log to the database in another thread, whenever the log has grown by
 * `limits.storeCheckpointBytes`. One checkpoint runs at a time. The thread starts with the first checkpoint and does
 * not keep the process alive.
 */
export class SqliteCheckpointer {
  readonly #path: string;
  #worker: Worker | undefined;
  #running = false;
  #grownBytes = 0;
  #completed = 0;
  #failure: string | undefined;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Checkpoints that succeeded. */
  get completed(): number {
    return this.#completed;
  }

  /** Why the latest checkpoint failed; undefined when it succeeded. Appends stay durable, only the log grows. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Says that about this many bytes were committed. */
  grown(bytes: number): void {
    this.#grownBytes += bytes;
    if (this.#grownBytes >= limits.storeCheckpointBytes) this.request();
  }

  /** Starts a checkpoint unless one runs. */
  request(): void {
    if (this.#running || this.#closed) return;
    this.#grownBytes = 0;
    this.#running = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  /** Waits for a checkpoint under way and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = undefined;
    const exited = once(worker, 'exit');
    worker.ref();
    worker.postMessage('close');
    await exited;
  }

  #start(): Worker {
    const worker = new Worker(workerUrl, { workerData: this.#path, execArgv: [], name: 'checkpoint' });
    worker.unref();
    worker.on('message', (report: CheckpointReport) => {
      this.#running = false;
      this.#failure = report.failure;
      if (report.failure === undefined) this.#completed++;
    });
    // The next growth starts another thread.
    worker.on('error', (error) => {
      this.#failure = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      this.#running = false;
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
