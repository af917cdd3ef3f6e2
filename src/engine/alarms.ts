import type { Clock, Timer } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import type { Alarm } from './alarm.ts';

/**
 * The alarms of a process that are set, on one timer of the clock. One timer for each would hold several times what the
 * alarm does, for every workflow that waits, and be made anew with every batch.
 */
export class Alarms {
  readonly #clock: Clock;
  /** A heap: whoever stands at `i` is due no later than those at `2i + 1` and `2i + 2`. */
  readonly #heap: Alarm[] = [];
  #timer: Timer | undefined;
  #timerTime = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock.now();
  }

  add(alarm: Alarm, time: number): void {
    this.#put(alarm, this.#heap.length);
    this.#rise(alarm);
    if (time < this.#timerTime) this.#arm(time);
    else this.#replaceLate();
  }

  remove(alarm: Alarm): void {
    const { place } = alarm;
    const last = this.#heap.pop();
    alarm.place = -1;
    if (last && last !== alarm) {
      this.#put(last, place);
      this.#rise(last);
      this.#sink(last);
    }
    // Where only a later one is left, the timer comes for nothing, once, rather than being set again each time.
    if (this.#heap.length === 0) this.#disarm();
  }

  #arm(time: number): void {
    this.#disarm();
    this.#timerTime = time;
    this.#timer = this.#clock.at(time, () => this.#ring());
  }

  /**
   * When the machine slept or the wall clock was set forward, the timer comes late, and all behind it would too. A busy
   * process is late by less, and to set its timer anew with every alarm would put it off for ever.
   */
  #replaceLate(): void {
    const { now } = this;
    if (now - this.#timerTime < limits.timerLateMs) return;
    this.#arm(Math.max(now, this.#heap[0]?.time ?? now));
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerTime = Number.POSITIVE_INFINITY;
  }

  #ring(): void {
    this.#disarm();
    const { now } = this;
    for (;;) {
      const [first] = this.#heap;
      if (first?.time === undefined) return;
      if (first.time > now) {
        if (first.time < this.#timerTime) this.#arm(first.time);
        return;
      }
      first.ring();
    }
  }

  #put(alarm: Alarm, place: number): void {
    this.#heap[place] = alarm;
    alarm.place = place;
  }

  #rise(alarm: Alarm): void {
    while (alarm.place > 0) {
      const { place } = alarm;
      const above = (place - 1) >> 1;
      const other = this.#heap[above];
      if (!other || !isBefore(alarm, other)) return;
      this.#put(other, place);
      this.#put(alarm, above);
    }
  }

  #sink(alarm: Alarm): void {
    for (;;) {
      const { place } = alarm;
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const earlier = left && right && isBefore(right, left) ? right : left;
      if (!earlier || !isBefore(earlier, alarm)) return;
      const below = earlier.place;
      this.#put(earlier, place);
      this.#put(alarm, below);
    }
  }
}

const isBefore = (one: Alarm, other: Alarm): boolean => (one.time ?? 0) < (other.time ?? 0);
