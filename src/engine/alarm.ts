import type { Alarms } from './alarms.ts';

/** Whoever an alarm is for. */
export interface Sleeper {
  wake(): void;
}

/** The one alarm of a workflow: the earliest time at which it has something to decide without any news. */
export class Alarm {
  readonly #alarms: Alarms;
  readonly #sleeper: Sleeper;
  #time: number | undefined;
  /** Where it stands among the alarms that are set. Theirs alone to change. */
  place = -1;

  constructor(alarms: Alarms, sleeper: Sleeper) {
    this.#alarms = alarms;
    this.#sleeper = sleeper;
  }

  /** Wall time; undefined: it is not set. */
  get time(): number | undefined {
    return this.#time;
  }

  /** Whether its time has passed without a ring: the machine slept, or the wall clock was set forward. */
  get overdue(): boolean {
    return this.#time !== undefined && this.#time <= this.#alarms.now;
  }

  /** Replaces what was set; undefined: nothing to wait for. A time in the past rings at once. */
  set(time: number | undefined): void {
    if (time === this.#time && !this.overdue) return;
    if (this.#time !== undefined) this.#alarms.remove(this);
    this.#time = time;
    if (time !== undefined) this.#alarms.add(this, time);
  }

  /** Its time has come. */
  ring(): void {
    this.set(undefined);
    this.#sleeper.wake();
  }
}
