import { SeededRandom } from '../e2e/seeded-random.ts';

const uint32 = 0xffff_ffff;

/** Everything that chance decides in one simulated life; the same seed decides the same. */
export class Dice {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** A number in [0, 1). */
  next(): number {
    return this.#random.next();
  }

  chance(probability: number): boolean {
    return probability > 0 && this.#random.next() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return this.#random.whole(from, to);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return this.#random.pick(values);
  }

  /** One of a list that may be empty. */
  oneOf<T>(values: readonly T[]): T | undefined {
    return values[this.whole(0, Math.max(0, values.length - 1))];
  }

  /** Dice of their own, so that what one part of the world rolls does not shift what another rolls. */
  fork(): Dice {
    return new Dice(this.whole(0, uint32));
  }
}
