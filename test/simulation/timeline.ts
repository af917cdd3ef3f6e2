import type { Dice } from './dice.ts';

/** Whose happening it is: those of a dead host never come, those of a sleeping one wait until it wakes. */
export interface Host {
  readonly alive: boolean;
  readonly awakeTime: number;
}

export interface Happening {
  cancelled: boolean;
}

interface Entry extends Happening {
  readonly time: number;
  /** Seeded: what is due at the same time comes in any order. */
  readonly tie: number;
  readonly host: Host | undefined;
  readonly fire: () => void;
}

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.tie < b.tie);

/** The only queue of the simulated world: every alarm, store answer, provider answer and misfortune of all nodes. */
export class Timeline {
  readonly #dice: Dice;
  readonly #heap: Entry[] = [];
  #now: number;
  #halted = false;
  /** Happenings so far. */
  count = 0;

  constructor(startTime: number, dice: Dice) {
    this.#now = startTime;
    this.#dice = dice;
  }

  /** True time, ms since the epoch; no node can read it. */
  get now(): number {
    return this.#now;
  }

  at(time: number, host: Host | undefined, fire: () => void): Happening {
    const entry: Entry = { time, tie: this.#dice.next(), host, fire, cancelled: false };
    this.#push(entry);
    return entry;
  }

  in(ms: number, host: Host | undefined, fire: () => void): Happening {
    return this.at(this.#now + ms, host, fire);
  }

  /** Everything slept: what came due meanwhile happens now. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** No further happening. */
  halt(): void {
    this.#halted = true;
  }

  /** Lets one thing after the other happen while `going`; between two of them, everything that is ready runs. */
  run(going: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        const entry = this.#halted || !going() ? undefined : this.#next();
        if (!entry) {
          resolve();
          return;
        }
        this.count++;
        if (entry.time > this.#now) this.#now = entry.time;
        try {
          entry.fire();
        } catch (error) {
          reject(error);
          return;
        }
        // One turn of the event loop runs every promise callback that is ready; nothing here does real I/O.
        setImmediate(step);
      };
      setImmediate(step);
    });
  }

  #next(): Entry | undefined {
    for (;;) {
      const entry = this.#pop();
      if (!entry) return undefined;
      if (entry.cancelled || entry.host?.alive === false) continue;
      const awakeTime = entry.host?.awakeTime ?? 0;
      if (awakeTime <= Math.max(this.#now, entry.time)) return entry;
      // The same entry again, so that its owner can still cancel it.
      this.#push(Object.assign(entry, { time: awakeTime, tie: this.#dice.next() }));
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || !before(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (!left) break;
      if (right && before(right, left)) child++;
      const least = heap[child];
      if (!least || !before(least, last)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
