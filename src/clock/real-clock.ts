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
    return timerOn(Date.now, dueTime, fire);
  }

  after(ms: number, fire: () => void): Timer {
    return timerOn(() => performance.now(), performance.now() + ms, fire);
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

/** Fires when `now` has reached `dueTime`. */
function timerOn(now: () => number, dueTime: number, fire: () => void): Timer {
  let handle: NodeJS.Timeout | undefined;
  const arm = (): void => {
    const remaining = dueTime - now();
    handle = setTimeout(check, Math.min(HOP_MS, Math.max(0, Math.ceil(remaining))));
  };
  // The platform's timers round, and may fire a millisecond early by either clock.
  const check = (): void => (now() < dueTime ? arm() : fire());
  arm();
  return { cancel: () => clearTimeout(handle) };
}
