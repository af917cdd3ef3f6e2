/** A pending timer. `cancel()` may be called twice and after it fired. */
export interface Timer {
  cancel(): void;
}

/**
 * Time and chance as a dependency. Nothing else in the product reads the wall clock, starts a timer or draws a
 * random number, so that a simulation can own all of them.
 */
export interface Clock {
  /** Wall time, milliseconds since the Unix epoch. May step; use it for what people read and for deadlines in the log. */
  now(): number;
  /** Milliseconds that only ever grow, from an arbitrary origin. Use it for durations. */
  monotonic(): number;
  /**
   * Calls `fire` once at wall time `dueTime` (ms since the epoch) or as soon as possible after, never before. Any distance
   * is allowed. A wall clock that steps moves it: use it for deadlines in the log, and `after` for everything else.
   */
  at(dueTime: number, fire: () => void): Timer;
  /** Calls `fire` once when `ms` have passed by `monotonic`, never before; steps of the wall clock do not matter. */
  after(ms: number, fire: () => void): Timer;
  /** Resolves after `ms` as `after` counts them; rejects with the signal's reason as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `run` after everything that is ready in this turn of the event loop, so that what arrives together is handled together. */
  soon(run: () => void): void;
  /** A number in [0, 1). */
  random(): number;
  /** `bytes` random bytes as lower-case hexadecimal; unpredictable in the real clock. */
  hex(bytes: number): string;
}
