import type { Clock, Timer } from './clock.ts';

interface Alarm {
  readonly dueTime: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A report, its append and what follows from it take a few turns; an alarm waits for them. */
const TURNS_BETWEEN_ALARMS = 6;

/** Gives pending promise callbacks and I/O turns a chance to run between two alarms. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS_BETWEEN_ALARMS; turn++)
    await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until a test moves it, with a seeded random generator. */
export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  #seed: number;
  readonly #alarms = new Set<Alarm>();

  constructor(startTime = Date.UTC(2026, 0, 1), seed = 1) {
    this.#now = startTime;
    this.#seed = seed >>> 0;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** Alarms that have not fired; 0 says that nothing waits for time. */
  get pendingTimers(): number {
    return this.#alarms.size;
  }

  at(dueTime: number, fire: () => void): Timer {
    const alarm: Alarm = { dueTime, order: this.#order++, fire };
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm) };
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        timer.cancel();
        reject(signal.reason);
      };
      const timer = this.at(this.#now + ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  soon(run: () => void): void {
    setImmediate(run);
  }

  random(): number {
    // mulberry32: small, seeded, good enough for jitter and schedules.
    this.#seed = (this.#seed + 0x6d2b79f5) >>> 0;
    let t = this.#seed;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  hex(bytes: number): string {
    let text = '';
    for (let i = 0; i < bytes; i++)
      text += Math.floor(this.random() * 256)
        .toString(16)
        .padStart(2, '0');
    return text;
  }

  /** Moves time forward by `ms`, firing every alarm on the way in order of time, then of creation. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.dueTime > end) break;
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.dueTime);
      next.fire();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Moves time forward by `ms` at once, as a machine that was suspended sees it: what came due on the way fires now, once. */
  async jump(ms: number): Promise<void> {
    await settle();
    this.#now += ms;
    await this.advance(0);
  }

  #next(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (
        !first ||
        alarm.dueTime < first.dueTime ||
        (alarm.dueTime === first.dueTime && alarm.order < first.order)
      ) {
        first = alarm;
      }
    }
    return first;
  }
}
