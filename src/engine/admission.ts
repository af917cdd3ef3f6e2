/** A workflow that waits for a slot. */
export interface Candidate {
  readonly key: string;
  /** Higher is admitted first. */
  readonly priority: number;
  /** Start order; lower is admitted first within a priority. */
  readonly order: number;
  /** Called once, when the slot is its own. */
  readonly admit: () => void;
}

/** Hands out the node's slots in order of priority, then of start; begins when it is opened. */
export class Admission {
  readonly #slots: number;
  readonly #running = new Set<string>();
  readonly #waiting: Candidate[] = [];
  /** Keys of those in line, so that asking about one that is not costs nothing. */
  readonly #queued = new Set<string>();
  #open = false;

  constructor(slots: number) {
    this.#slots = slots;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many newcomers would be admitted at once. */
  get freeSlots(): number {
    return Math.max(0, this.#slots - this.#running.size);
  }

  /** 1 is next; undefined when it does not wait. */
  positionOf(key: string): number | undefined {
    if (!this.#queued.has(key)) return undefined;
    return this.#waiting.findIndex((candidate) => candidate.key === key) + 1;
  }

  /** Has no effect on one that waits or has its slot already. */
  enqueue(candidate: Candidate): void {
    if (this.#running.has(candidate.key) || this.#queued.has(candidate.key)) return;
    this.#queued.add(candidate.key);
    this.#waiting.splice(this.#placeOf(candidate), 0, candidate);
    this.#fill();
  }

  remove(key: string): void {
    if (!this.#queued.delete(key)) return;
    this.#waiting.splice(
      this.#waiting.findIndex((candidate) => candidate.key === key),
      1,
    );
  }

  /** Takes a slot for a workflow that was running already, even above the limit: it is never pushed back into line. */
  occupy(key: string): void {
    this.#running.add(key);
  }

  release(key: string): void {
    if (this.#running.delete(key)) this.#fill();
  }

  /** From now on slots are given, to all that wait: those recovered one after the other stand in the right order by now. */
  open(): void {
    this.#open = true;
    this.#fill();
  }

  /** Admits nobody any more. */
  shut(): void {
    this.#open = false;
  }

  #fill(): void {
    while (this.#open && this.#running.size < this.#slots) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#queued.delete(next.key);
      this.#running.add(next.key);
      next.admit();
    }
  }

  #placeOf(candidate: Candidate): number {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#waiting[middle];
      const before =
        other !== undefined &&
        (other.priority > candidate.priority ||
          (other.priority === candidate.priority && other.order <= candidate.order));
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
