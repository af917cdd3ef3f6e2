import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from './clock.ts';
import { sleepOver } from './sleep.ts';

/**
 * A platform timer takes at most 2^31-1 ms and stands still while the machine sleeps; a longer wait is made of hops
 * this long.
 */
const HOP_MS = 3_600_000;

/** Random bytes drawn at once: asking the system costs more than the bytes. */
const POOL_BYTES = 4_096;

/** The operating system's clock, timers and random numbers. */
export class RealClock implements Clock {
  #pool: Buffer = Buffer.alloc(0);

  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  at(dueTime: number, fire: () => void): Timer {
    // A hop re-reads the wall clock, so a clock that steps moves the alarm with it.
    return new HoppingTimer(Date.now, dueTime, fire);
  }

  after(ms: number, fire: () => void): Timer {
    return new HoppingTimer(monotonic, performance.now() + ms, fire);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepOver(this, ms, signal);
  }

  soon(run: () => void): void {
    setImmediate(run);
  }

  random(): number {
    return Math.random();
  }

  hex(bytes: number): string {
    if (bytes > POOL_BYTES) return randomBytes(bytes).toString('hex');
    if (this.#pool.length < bytes) this.#pool = randomBytes(POOL_BYTES);
    const hex = this.#pool.toString('hex', 0, bytes);
    this.#pool = this.#pool.subarray(bytes);
    return hex;
  }
}

const monotonic = (): number => performance.now();

/** Fires when `now` has reached `dueTime`. An object rather than closures: calls under way have several each. */
class HoppingTimer implements Timer {
  readonly #now: () => number;
  readonly #dueTime: number;
  readonly #fire: () => void;
  #handle: NodeJS.Timeout;

  constructor(now: () => number, dueTime: number, fire: () => void) {
    this.#now = now;
    this.#dueTime = dueTime;
    this.#fire = fire;
    this.#handle = this.#hop();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  #hop(): NodeJS.Timeout {
    const ms = Math.ceil(this.#dueTime - this.#now());
    return setTimeout(() => this.#check(), Math.min(HOP_MS, Math.max(0, ms)));
  }

  // The platform's timers round, and may fire a millisecond early by either clock.
  #check(): void {
    if (this.#now() < this.#dueTime) this.#handle = this.#hop();
    else this.#fire();
  }
}
