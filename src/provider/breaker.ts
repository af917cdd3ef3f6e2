import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  handleWhen,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import { FailureWindow } from './failure-window.ts';

/** - closed: calls go. - open: none goes. - half_open: one probe is under way and decides. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/** What became of a call as far as its provider's health is concerned. */
export type CallHealth =
  /** It answered. */
  | 'well'
  /** It did not do its work. */
  | 'ill'
  /** It answered something that says neither: a refusal of this request, a rate limit. */
  | 'neither'
  /** Nobody knows, for the call was stopped or never left. */
  | 'unknown';

/** One call let through. The first word about it counts. */
export interface BreakerPass {
  settle(health: CallHealth): void;
}

class IllCall extends Error {
  override readonly name = 'IllCall';
}

class UnknownEnd extends Error {
  override readonly name = 'UnknownEnd';
}

class NeitherEnd extends Error {
  override readonly name = 'NeitherEnd';
}

/**
 * How long it stays open. The library compares `duration` with the wall clock of the process; one that is infinite
 * either way leaves the decision to the injected clock alone, whatever the wall clock says.
 */
class OpenTime implements IBackoff<IHalfOpenAfterBackoffContext> {
  readonly dueTime: number;
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #set: (time: OpenTime) => void;

  constructor(clock: Clock, waitMs: number, delayMs: number, set: (time: OpenTime) => void) {
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#set = set;
    this.dueTime = clock.monotonic() + delayMs;
    set(this);
  }

  get over(): boolean {
    return this.#clock.monotonic() >= this.dueTime;
  }

  get duration(): number {
    return this.over ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** After a probe that failed it is longer; after one that nobody heard the end of, the next may go at once. */
  next({ result }: IHalfOpenAfterBackoffContext): OpenTime {
    if ('error' in result && result.error instanceof UnknownEnd) {
      return new OpenTime(this.#clock, this.#waitMs, 0, this.#set);
    }
    const waitMs = Math.min(limits.breakerWaitMsMax, this.#waitMs * 2);
    return new OpenTime(this.#clock, waitMs, waitMs, this.#set);
  }
}

/**
 * Keeps calls from a provider that does not answer. The states and their transitions are cockatiel's; what opens it
 * and for how long runs on the injected clock. A call is let through before it is made and settled when it has ended,
 * because between the two it becomes durable.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #policy: CircuitBreakerPolicy;
  readonly #window: FailureWindow;
  #openTime: OpenTime | undefined;
  #sinceTime: number;
  /** Raised with every change of state: calls let through before say nothing about now. */
  #era = 0;

  /** `changed` is called after every change of state. */
  constructor(clock: Clock, waitMs: number, changed: () => void) {
    this.#clock = clock;
    this.#sinceTime = clock.now();
    this.#window = new FailureWindow(clock);
    const set = (time: OpenTime): void => {
      this.#openTime = time;
    };
    this.#policy = circuitBreaker(
      handleWhen((error) => error instanceof IllCall || error instanceof UnknownEnd),
      {
        breaker: this.#window,
        halfOpenAfter: { next: () => new OpenTime(clock, waitMs, waitMs, set) },
      },
    );
    this.#policy.onStateChange(() => {
      this.#era++;
      this.#sinceTime = clock.now();
      changed();
    });
  }

  get state(): BreakerState {
    switch (this.#policy.state) {
      case CircuitState.Closed:
        return 'closed';
      case CircuitState.HalfOpen:
        return 'half_open';
      case CircuitState.Open:
      case CircuitState.Isolated:
        return 'open';
    }
  }

  /** Wall time of the last change of state. */
  get sinceTime(): number {
    return this.#sinceTime;
  }

  get failuresInARow(): number {
    return this.#window.failuresInARow;
  }

  /** Wall time from which a probe may go; undefined unless it is open. */
  get retryTime(): number | undefined {
    if (this.state !== 'open' || !this.#openTime) return undefined;
    return this.#clock.now() + Math.max(0, this.#openTime.dueTime - this.#clock.monotonic());
  }

  /** Whether a call may go now. */
  get passable(): boolean {
    return this.state === 'closed' || (this.state === 'open' && this.#openTime?.over === true);
  }

  /** Lets one call through; only while `passable`. */
  enter(): BreakerPass {
    if (!this.passable) throw new Error(`a call goes through a breaker that is ${this.state}`);
    if (this.state === 'closed') return new ClosedPass(this);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // How it ends is read off the state; the rejections are our own words to the library.
    this.#policy.execute(() => promise).catch(() => undefined);
    return {
      settle: (health) => {
        if (health === 'well') resolve();
        else if (health === 'ill') reject(new IllCall());
        else if (health === 'unknown') reject(new UnknownEnd());
        else reject(new NeitherEnd());
      },
    };
  }

  /** Raised with every change of state. */
  get era(): number {
    return this.#era;
  }

  /**
   * How a call ended that was let through while the breaker was closed and has not changed since. The library hears
   * of such a call when it is over, and of one that says nothing not at all: between, it would hold two suspended
   * functions and their promises for every call under way. With a success it does no more than hand it to the window.
   */
  ended(health: CallHealth): void {
    if (health === 'well') this.#window.success(CircuitState.Closed);
    else if (health === 'ill')
      this.#policy.execute(() => Promise.reject(new IllCall())).catch(() => undefined);
  }
}

/** Most calls. */
class ClosedPass implements BreakerPass {
  readonly #breaker: Breaker;
  readonly #era: number;
  #over = false;

  constructor(breaker: Breaker) {
    this.#breaker = breaker;
    this.#era = breaker.era;
  }

  settle(health: CallHealth): void {
    if (this.#over) return;
    this.#over = true;
    // After a change of state it says nothing about now.
    if (this.#era === this.#breaker.era) this.#breaker.ended(health);
  }
}
