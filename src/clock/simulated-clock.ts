import type { Clock, Timer } from './clock.ts';
import { sleepOver } from './sleep.ts';

interface Alarm {
  /** By the wall clock, or by the time that has passed. */
  readonly by: 'wall' | 'elapsed';
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
  /** What the wall clock shows beyond the time that has passed. */
  #wallAhead: number;
  #elapsed = 0;
  #order = 0;
  #seed: number;
  readonly #alarms = new Set<Alarm>();

  constructor(startTime = Date.UTC(2026, 0, 1), seed = 1) {
    this.#wallAhead = startTime;
    this.#seed = seed >>> 0;
  }

  now(): number {
    return this.#wallAhead + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** Alarms that have not fired; 0 says that nothing waits for time. */
  get pendingTimers(): number {
    return this.#alarms.size;
  }

  at(dueTime: number, fire: () => void): Timer {
    return this.#add({ by: 'wall', dueTime, order: this.#order++, fire });
  }

  after(ms: number, fire: () => void): Timer {
    return this.#add({ by: 'elapsed', dueTime: this.#elapsed + ms, order: this.#order++, fire });
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepOver(this, ms, signal);
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
    const end = this.#elapsed + ms;
    await settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || this.#due(next) > end) break;
      this.#alarms.delete(next);
      this.#elapsed = Math.max(this.#elapsed, this.#due(next));
      next.fire();
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }

  /** Moves time forward by `ms` at once, as a machine that was suspended sees it: what came due on the way fires now, once. */
  async jump(ms: number): Promise<void> {
    await settle();
    this.#elapsed += ms;
    await this.advance(0);
  }

  /** Puts the wall clock forward, or back where `ms` is negative, as an operator or NTP does; no time passes. */
  async step(ms: number): Promise<void> {
    await settle();
    this.#wallAhead += ms;
    await this.advance(0);
  }

  #add(alarm: Alarm): Timer {
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm) };
  }

  /** When it is due, in time that has passed. */
  #due({ by, dueTime }: Alarm): number {
    return by === 'wall' ? dueTime - this.#wallAhead : dueTime;
  }

  #next(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (first) {
        const later = this.#due(alarm) - this.#due(first);
        if (later > 0 || (later === 0 && alarm.order > first.order)) continue;
      }
      first = alarm;
    }
    return first;
  }
}
