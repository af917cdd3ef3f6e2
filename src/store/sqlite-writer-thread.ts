import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WorkflowKey } from '../workflow/id.ts';
import type { EvictionRule, RemoveResult } from './event-store.ts';
import type { DatabaseOptions } from './sqlite-schema.ts';

/** What the thread can be asked for; it does one after the other. */
export type WriterJob =
  | { readonly type: 'write'; readonly write: Uint8Array<ArrayBuffer> }
  | { readonly type: 'evict'; readonly rule: EvictionRule }
  | { readonly type: 'expire'; readonly now: number }
  | { readonly type: 'remove'; readonly key: WorkflowKey }
  | { readonly type: 'check' };

/** A job and its answer carry the same number. */
export interface NumberedJob {
  readonly number: number;
  readonly job: WriterJob;
}

export type WriterAnswer = { readonly number: number } & (
  | { readonly value: unknown }
  | { readonly failure: string }
);

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Beside this file, compiled or not. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './sqlite-writer-worker.ts' : './sqlite-writer-worker.js',
  import.meta.url,
);

/**
 * The thread that writes a store, but for what the deciding thread writes itself while this one has nothing to do. Its jobs
 * are done in the order in which they are asked for. When it dies, everything asked for and not answered rejects, and it is
 * unknown whether it was done; the next job starts another thread. It keeps the process alive only while it has something
 * to do.
 */
export class SqliteWriterThread {
  readonly #options: DatabaseOptions;
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;
  #closing = false;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  /** Whether it has nothing to do. */
  get idle(): boolean {
    return this.#waiting.size === 0;
  }

  /** Takes the memory of the write and gives it back when it is durable. */
  async write(write: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    return (await this.#ask({ type: 'write', write }, [write.buffer])) as ArrayBuffer;
  }

  async evict(rule: EvictionRule): Promise<readonly WorkflowKey[]> {
    return (await this.#ask({ type: 'evict', rule })) as readonly WorkflowKey[];
  }

  async expire(now: number): Promise<number> {
    return (await this.#ask({ type: 'expire', now })) as number;
  }

  async remove(key: WorkflowKey): Promise<RemoveResult> {
    return (await this.#ask({ type: 'remove', key })) as RemoveResult;
  }

  async check(): Promise<void> {
    await this.#ask({ type: 'check' });
  }

  /** Waits for what it was asked for and ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const exited = once(worker, 'exit');
    this.#closing = true;
    worker.ref();
    worker.postMessage('close');
    await exited;
  }

  /** What the worker answers to each job is of the type that its method here promises. */
  #ask(job: WriterJob, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker ??= this.#start();
      const number = ++this.#jobs;
      const numbered: NumberedJob = { number, job };
      // First, for it may throw, and then nobody answers.
      this.#worker.postMessage(numbered, moved);
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(number, { resolve, reject });
    });
  }

  #start(): Worker {
    const worker = new Worker(workerUrl, { workerData: this.#options, execArgv: [], name: 'writer' });
    worker.unref();
    let failure = 'the thread that writes has ended';
    worker.on('message', (answer: WriterAnswer) => {
      const waiting = this.#waiting.get(answer.number);
      this.#waiting.delete(answer.number);
      // Whoever closes waits for the end of the thread, not only for the last answer.
      if (this.#waiting.size === 0 && !this.#closing) worker.unref();
      if ('failure' in answer) waiting?.reject(new Error(answer.failure));
      else waiting?.resolve(answer.value);
    });
    // An answer that cannot be read is lost: nothing of what is under way may be relied on.
    worker.on('messageerror', () => void worker.terminate());
    worker.on('error', (error) => {
      failure = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      const lost = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of lost) reject(new Error(failure));
    });
    return worker;
  }
}
