import type { Clock, Timer } from '../clock/clock.ts';

/**
 * A timer that is set and cleared with every message of a stream, and hardly ever fires. Setting it notes a time; the
 * clock's own timer stays where it is, and when it fires too early it is set again for what is left.
 */
export class LazyTimer {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #fire: () => void;
  #timer: Timer | undefined;
  /** When it is due, by the monotonic clock; undefined: it is not set. */
  #due: number | undefined;

  constructor(clock: Clock, ms: number, fire: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#fire = fire;
  }

  set(): void {
    this.#due = this.#clock.monotonic() + this.#ms;
    this.#timer ??= this.#clock.after(this.#ms, () => this.#check());
  }

  clear(): void {
    this.#due = undefined;
  }

  /** Clears it for good, the clock's timer too. */
  close(): void {
    this.#due = undefined;
    this.#timer?.cancel();
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#due === undefined) return;
    const left = this.#due - this.#clock.monotonic();
    if (left > 0) {
      this.#timer = this.#clock.after(left, () => this.#check());
      return;
    }
    this.#due = undefined;
    this.#fire();
  }
}
