import type { Clock, Timer } from '../../src/clock/clock.ts';
import { sleepOver } from '../../src/clock/sleep.ts';
import type { Dice } from './dice.ts';
import type { Happening, Host, Timeline } from './timeline.ts';

/** A long wait is made of hops, as in the real clock. */
const hopMs = 3_600_000;

/** One node's view of time: its wall clock may be wrong and may step; its alarms wait while the node sleeps. */
export class NodeClock implements Clock {
  /** How far the wall clock is ahead of true time, ms. */
  offsetMs: number;
  readonly #timeline: Timeline;
  readonly #host: Host;
  readonly #dice: Dice;
  readonly #bootTime: number;
  #pending = 0;

  constructor(timeline: Timeline, host: Host, dice: Dice, offsetMs: number) {
    this.#timeline = timeline;
    this.#host = host;
    this.#dice = dice;
    this.#bootTime = timeline.now;
    this.offsetMs = offsetMs;
  }

  /** Alarms that have not fired; 0 says that nothing waits for time. */
  get pendingAlarms(): number {
    return this.#pending;
  }

  now(): number {
    return this.#timeline.now + this.offsetMs;
  }

  monotonic(): number {
    return this.#timeline.now - this.#bootTime;
  }

  at(dueTime: number, fire: () => void): Timer {
    return this.#alarm(() => this.now(), dueTime, fire);
  }

  after(ms: number, fire: () => void): Timer {
    return this.#alarm(() => this.monotonic(), this.monotonic() + ms, fire);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleepOver(this, ms, signal);
  }

  soon(run: () => void): void {
    this.#timeline.in(0, this.#host, run);
  }

  random(): number {
    return this.#dice.next();
  }

  hex(bytes: number): string {
    let text = '';
    for (let index = 0; index < bytes; index++)
      text += this.#dice.whole(0, 255).toString(16).padStart(2, '0');
    return text;
  }

  #alarm(now: () => number, dueTime: number, fire: () => void): Timer {
    let happening: Happening | undefined;
    let over = false;
    const end = (): void => {
      over = true;
      this.#pending--;
    };
    const check = (): void => {
      if (now() < dueTime) {
        arm();
        return;
      }
      end();
      fire();
    };
    const arm = (): void => {
      const waitMs = Math.min(hopMs, Math.max(0, Math.ceil(dueTime - now())));
      happening = this.#timeline.in(waitMs, this.#host, check);
    };
    this.#pending++;
    arm();
    return {
      cancel: () => {
        if (over) return;
        end();
        if (happening) happening.cancelled = true;
      },
    };
  }
}
