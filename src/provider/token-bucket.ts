/** Rounding of a fraction of a token must not cost another wait. */
const tolerance = 1e-9;

/** An allowance that fills up evenly. Times are those of a clock that only grows, in ms. */
export class TokenBucket {
  readonly capacity: number;
  readonly #perMs: number;
  #level: number;
  #time: number;

  /** Begins full. */
  constructor(capacity: number, perMs: number, now: number) {
    this.capacity = capacity;
    this.#perMs = perMs;
    this.#level = capacity;
    this.#time = now;
  }

  /** How long until so much is there; more than it can hold counts as all it can hold. */
  waitMs(amount: number, now: number): number {
    this.#fill(now);
    const missing = Math.min(amount, this.capacity) - this.#level;
    return missing <= tolerance ? 0 : Math.ceil(missing / this.#perMs);
  }

  take(amount: number, now: number): void {
    this.put(-amount, now);
  }

  /** Gives back, or takes what is not there: the next one waits the longer, but never for more than it can hold. */
  put(amount: number, now: number): void {
    this.#fill(now);
    this.#level = Math.min(this.capacity, Math.max(-this.capacity, this.#level + amount));
  }

  #fill(now: number): void {
    this.#level = Math.min(this.capacity, this.#level + (now - this.#time) * this.#perMs);
    this.#time = now;
  }
}
