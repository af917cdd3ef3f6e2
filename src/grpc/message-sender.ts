import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Clock } from '../clock/clock.ts';
import { ApplicationError } from '../engine/application-error.ts';
import { limits } from '../workflow/limits.ts';
import { LazyTimer } from './lazy-timer.ts';

/** Hands one message to the client; resolves when the connection has taken it. */
export type Send<Reply> = (message: Reply, options?: SendOptions) => Promise<void>;

export interface SendOptions {
  /** A client that does not take it is left in peace: for what it may do without. Default false: StalledError. */
  readonly patient?: boolean;
}

/** The client took nothing for `limits.watchStalledMs`. */
export class StalledError extends ApplicationError {
  constructor(metadata: Readonly<Record<string, string>> = {}) {
    super('exhausted', `the client took nothing for ${limits.watchStalledMs / 1_000} s`, {
      reason: 'SLOW_CONSUMER',
      metadata,
      retryDelayMs: limits.startRetryDelayMs,
    });
  }
}

/**
 * Writes the messages of one server stream, each when it is told to, and says when the connection has taken it, so that
 * a slow client costs one message of memory.
 */
export class MessageSender<Request, Reply> {
  readonly #surface: ServerWritableStream<Request, Reply>;
  readonly #signal: AbortSignal;
  /** Of the messages the connection has not taken yet: one, and one more that is patient. */
  readonly #waiting = new Set<(error: unknown) => void>();
  readonly #stalled: LazyTimer;

  constructor(surface: ServerWritableStream<Request, Reply>, clock: Clock, signal: AbortSignal) {
    this.#surface = surface;
    this.#signal = signal;
    this.#stalled = new LazyTimer(clock, limits.watchStalledMs, () => this.#giveUp(new StalledError()));
    // After a cancel neither the callback of a write nor `drain` comes.
    signal.addEventListener('abort', () => this.#giveUp(signal.reason), { once: true });
  }

  /**
   * Rejects with StalledError after `limits.watchStalledMs` unless it is patient, and with the signal's reason when the
   * call is over.
   */
  send(message: Reply, { patient = false }: SendOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) {
        reject(this.#signal.reason);
        return;
      }
      this.#waiting.add(reject);
      if (!patient) this.#stalled.set();
      this.#surface.write(message, () => {
        this.#waiting.delete(reject);
        if (!patient) this.#stalled.clear();
        resolve();
      });
    });
  }

  close(): void {
    this.#stalled.close();
  }

  #giveUp(error: unknown): void {
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}
