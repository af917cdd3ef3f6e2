import type { Clock, Timer } from '../clock/clock.ts';

/** Whoever an alarm is for. */
export interface Sleeper {
  wake(): void;
}

/** The one timer of a workflow: the earliest time at which it has something to decide without any news. */
export class Alarm {
  readonly #clock: Clock;
  readonly #sleeper: Sleeper;
  #timer: Timer | undefined;
  #time: number | undefined;

  constructor(clock: Clock, sleeper: Sleeper) {
    this.#clock = clock;
    this.#sleeper = sleeper;
  }

  /** Whether its time has passed without a ring: the machine slept, or the wall clock was set forward. */
  get overdue(): boolean {
    return this.#time !== undefined && this.#time <= this.#clock.now();
  }

  /** Replaces what was set; undefined: nothing to wait for. A time in the past rings at once. */
  set(time: number | undefined): void {
    this.#timer?.cancel();
    this.#time = time;
    this.#timer =
      time === undefined
        ? undefined
        : this.#clock.at(time, () => {
            this.#time = undefined;
            this.#sleeper.wake();
          });
  }
}
