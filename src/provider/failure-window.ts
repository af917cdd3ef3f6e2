import { CircuitState, type IBreaker } from 'cockatiel';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';

const slotMs = 1_000;
const slots = Math.ceil(limits.breakerWindowMs / slotMs);

interface Slot {
  /** Number of the slot since the clock's origin; an older one is empty. */
  number: number;
  calls: number;
  failures: number;
}

/** When a breaker opens: several failures in a row, or too large a share of enough calls in the last seconds. */
export class FailureWindow implements IBreaker {
  /** The library's hook for keeping a breaker beyond its process; a new process begins closed. */
  state: unknown = undefined;
  readonly #clock: Clock;
  readonly #slots: Slot[] = [];
  #inARow = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get failuresInARow(): number {
    return this.#inARow;
  }

  success(state: CircuitState): void {
    this.#inARow = 0;
    // A probe that went well: what was before it is over.
    if (state === CircuitState.HalfOpen) this.#slots.length = 0;
    this.#slot().calls++;
  }

  /** Whether it must open. */
  failure(state: CircuitState): boolean {
    this.#inARow++;
    const slot = this.#slot();
    slot.calls++;
    slot.failures++;
    if (state !== CircuitState.Closed || this.#inARow >= limits.breakerFailuresInARow) return true;
    let calls = 0;
    let failures = 0;
    for (const one of this.#slots) {
      if (one.number <= slot.number - slots) continue;
      calls += one.calls;
      failures += one.failures;
    }
    return calls >= limits.breakerCallsMin && failures >= calls * limits.breakerFailureShare;
  }

  /** The slot of this moment, emptied when it was last used a window ago. */
  #slot(): Slot {
    const number = Math.floor(this.#clock.monotonic() / slotMs);
    const place = number % slots;
    const slot = this.#slots.find((one) => one.number % slots === place);
    if (slot?.number === number) return slot;
    if (slot) return Object.assign(slot, { number, calls: 0, failures: 0 });
    const fresh = { number, calls: 0, failures: 0 };
    this.#slots.push(fresh);
    return fresh;
  }
}
