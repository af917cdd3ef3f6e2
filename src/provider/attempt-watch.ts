import type { Clock, Timer } from '../clock/clock.ts';
import { type Failure, failure } from '../workflow/failure.ts';
import { AttemptError } from './provider-failure.ts';

/** How long one attempt may take, ms. */
export interface AttemptTimeouts {
  /** From the start to the first part of the answer, thinking included. */
  readonly firstByteMs: number;
  /** Between two parts of the answer. Keep-alive comments and empty deltas are none. */
  readonly idleMs: number;
  /** The whole attempt. */
  readonly attemptMs: number;
}

/**
 * Everything that may stop one attempt from outside: the caller's signal and three timers. The first one wins, aborts
 * the request at once and rejects `stopped`; what the HTTP library makes of it does not matter any more.
 */
export class AttemptWatch {
  /** Never resolves. Rejects with the AttemptError that stopped the attempt. */
  readonly stopped: Promise<never>;
  readonly #request = new AbortController();
  readonly #clock: Clock;
  readonly #caller: AbortSignal;
  readonly #timeouts: AttemptTimeouts;
  readonly #provider: string;
  readonly #attemptTimer: Timer;
  #progressTimer: Timer;
  #reject: (error: AttemptError) => void = () => {};
  #over = false;
  readonly #onAbort = (): void => this.#stop(abortFailure(this.#provider), this.#caller.reason);

  constructor(provider: string, timeouts: AttemptTimeouts, clock: Clock, caller: AbortSignal) {
    this.#provider = provider;
    this.#timeouts = timeouts;
    this.#clock = clock;
    this.#caller = caller;
    this.stopped = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#attemptTimer = clock.after(timeouts.attemptMs, () =>
      this.#timeOut(`the attempt took over ${timeouts.attemptMs} ms`),
    );
    this.#progressTimer = clock.after(timeouts.firstByteMs, () =>
      this.#timeOut(`no answer began within ${timeouts.firstByteMs} ms`),
    );
    caller.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborts the request, down to its socket. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }

  /** A part of the answer came. */
  progress(): void {
    if (this.#over) return;
    this.#progressTimer.cancel();
    const { idleMs } = this.#timeouts;
    this.#progressTimer = this.#clock.after(idleMs, () =>
      this.#timeOut(`the stream was idle for ${idleMs} ms`),
    );
  }

  /** Ends the watch. A request that has not ended by itself is aborted. */
  close(requestEnded: boolean): void {
    this.#over = true;
    this.#attemptTimer.cancel();
    this.#progressTimer.cancel();
    this.#caller.removeEventListener('abort', this.#onAbort);
    if (!requestEnded) this.#request.abort();
  }

  #timeOut(message: string): void {
    this.#stop(failure('timeout', `${this.#provider}: ${message}`, true));
  }

  #stop(reason: Failure, cause?: unknown): void {
    if (this.#over) return;
    const error = new AttemptError(reason, cause === undefined ? undefined : { cause });
    this.#reject(error);
    this.close(false);
  }
}

/** The failure of an attempt that its caller stopped. */
export function abortFailure(provider: string): Failure {
  return failure('aborted', `${provider}: the call was aborted`, false);
}
