import type { Clock } from '../clock/clock.ts';
import type { Application } from '../engine/application.ts';
import { ApplicationError } from '../engine/application-error.ts';
import type { WatchWorkflowResponse__Input } from '../gen/orchestrator/v1/WatchWorkflowResponse.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import { isTerminal } from '../workflow/status.ts';
import { type EncodedLog, EncodedReply } from './encoded-log.ts';
import { LazyTimer } from './lazy-timer.ts';
import { type Send, StalledError } from './message-sender.ts';
import { ProgressSender } from './progress-sender.ts';
import { timestampMessage } from './timestamp.ts';
import { workflowMessage } from './workflow-message.ts';

export type WatchMessage = WatchWorkflowResponse__Input | EncodedReply;

export interface WatchContext {
  readonly application: Application;
  readonly clock: Clock;
  readonly log: EncodedLog;
}

export interface WatchOptions {
  /** Undefined: a snapshot, then what comes next. */
  readonly afterSequence: number | undefined;
  readonly includeProgress: boolean;
}

/**
 * One reader of one log. It keeps a sequence and nothing else: what it has not taken stays in the log. Returns after
 * the terminal event; whatever ends it before says in its metadata where to go on.
 */
export async function watch(
  context: WatchContext,
  key: WorkflowKey,
  { afterSequence, includeProgress }: WatchOptions,
  signal: AbortSignal,
  send: Send<WatchMessage>,
): Promise<void> {
  const closed = context.application.watchOpened();
  const unfollow = context.log.follow(key);
  const progress = includeProgress
    ? new ProgressSender(context.application, key, (message) => send(message, { patient: true }))
    : undefined;
  const reader = new LogReader(context, key, signal, send, progress);
  try {
    await reader.run(afterSequence);
  } catch (error) {
    throw resumable(error, signal, reader.sent);
  } finally {
    reader.close();
    progress?.close();
    unfollow();
    closed();
  }
}

class LogReader {
  readonly #context: WatchContext;
  readonly #key: WorkflowKey;
  readonly #signal: AbortSignal;
  readonly #send: Send<WatchMessage>;
  readonly #progress: ProgressSender | undefined;
  readonly #heartbeat: LazyTimer;
  /** Aborts with the call and when the reader is closed: nobody is left then who would have to hear news. */
  readonly #over = new AbortController();
  readonly #callOver = (): void => this.#over.abort(this.#signal.reason);
  /** The wait for news that goes on, over heartbeats too. */
  #listening = false;
  #waiting:
    | { readonly resolve: (news: boolean) => void; readonly reject: (error: unknown) => void }
    | undefined;
  /** Doubles with every message the client takes, so that one that takes nothing costs little. */
  #batchBytes: number = limits.watchFirstBatchBytes;
  /** Last sequence the client has; undefined until something was sent or asked for. */
  sent: number | undefined;

  constructor(
    context: WatchContext,
    key: WorkflowKey,
    signal: AbortSignal,
    send: Send<WatchMessage>,
    progress: ProgressSender | undefined,
  ) {
    this.#progress = progress;
    this.#context = context;
    this.#key = key;
    this.#signal = signal;
    signal.addEventListener('abort', this.#callOver, { once: true });
    this.#send = send;
    this.#heartbeat = new LazyTimer(context.clock, limits.watchHeartbeatMs, () =>
      this.#waiting?.resolve(false),
    );
  }

  /** Ends a wait for news and takes its listener away, also where the call goes on or has succeeded. */
  close(): void {
    this.#heartbeat.close();
    this.#signal.removeEventListener('abort', this.#callOver);
    this.#over.abort(new Error('the reader is closed'));
  }

  async run(afterSequence: number | undefined): Promise<void> {
    let after = afterSequence ?? (await this.#sendSnapshot());
    this.sent = after;
    // A reader that comes back may have had the end already; only the first look has to ask.
    let mayHaveEnded = true;
    // Told of news it looks into the log whatever the hint says, or the two could send it round in circles.
    let news = true;
    for (;;) {
      if (news || !this.#context.log.isHead(this.#key, after)) {
        const page = await this.#context.log.page(
          this.#key,
          after,
          limits.watchBatchEventsMax,
          this.#batchBytes,
        );
        this.#signal.throwIfAborted();
        if (page.bytes.length > 0) {
          await this.#send(new EncodedReply(page.bytes));
          this.#batchBytes = Math.min(this.#batchBytes * 2, limits.watchBatchBytesMax);
          after = page.sequence;
          this.sent = after;
          if (page.terminal) return;
          mayHaveEnded = false;
          news = false;
          continue;
        }
      }
      if (mayHaveEnded && (await this.#endedAt(after))) return;
      mayHaveEnded = false;
      // Only while it waits at the end of the log: no event ever stands behind a message of progress that could wait.
      this.#progress?.begin(after);
      news = await this.#advanced(after);
      this.#progress?.pause();
      // A client that has yet to take a message knows that the stream is alive.
      if (!news && !this.#progress?.busy) await this.#sendHeartbeat(after);
    }
  }

  async #sendSnapshot(): Promise<number> {
    const { state, blockedReason } = await this.#context.application.get(this.#key);
    await this.#send({
      snapshot: { workflow: workflowMessage(state, blockedReason), sequence: state.sequence },
    });
    return state.sequence;
  }

  async #sendHeartbeat(sequence: number): Promise<void> {
    await this.#send({ heartbeat: { sequence, time: timestampMessage(this.#context.clock.now()) } });
  }

  async #endedAt(sequence: number): Promise<boolean> {
    const { state } = await this.#context.application.get(this.#key);
    return isTerminal(state.status) && state.sequence <= sequence;
  }

  /** Waits for news; false when a heartbeat is due instead. */
  async #advanced(after: number): Promise<boolean> {
    this.#signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting = { resolve, reject };
    this.#heartbeat.set();
    this.#listen(after);
    try {
      return await promise;
    } finally {
      this.#waiting = undefined;
      this.#heartbeat.clear();
    }
  }

  /** What comes while nobody waits is not lost: the next wait is over at once. */
  #listen(after: number): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#context.application.advanced(this.#key, after, this.#over.signal).then(
      () => {
        this.#listening = false;
        this.#waiting?.resolve(true);
      },
      (error: unknown) => {
        this.#listening = false;
        this.#waiting?.reject(error);
      },
    );
  }
}

/** The same error with the sequence to go on from, where going on makes sense. */
function resumable(error: unknown, signal: AbortSignal, sent: number | undefined): unknown {
  const cause: unknown = error instanceof ApplicationError ? error : (signal.reason ?? error);
  if (!(cause instanceof ApplicationError) || sent === undefined) return error;
  const metadata = { ...cause.metadata, after_sequence: String(sent) };
  if (cause instanceof StalledError) return new StalledError(metadata);
  if (cause.kind !== 'unavailable') return error;
  return new ApplicationError(cause.kind, cause.message, {
    reason: cause.reason,
    metadata,
    retryDelayMs: cause.retryDelayMs ?? limits.startRetryDelayMs,
    cause,
  });
}
