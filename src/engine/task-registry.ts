/** Where an entry of a registry stands, for as long as it does. */
interface Seat<T> {
  taken: T | undefined;
}

/**
 * A map of what comes and goes all the time. A JavaScript map that tidies up leaves its old table behind, and each of
 * these refers to the next and keeps what it held: once one of them has grown old, everything that passes through
 * later stays until the next full collection. So what is removed also leaves its seat.
 */
export class TaskRegistry<T> {
  readonly #seats = new Map<string, Seat<T>>();

  get size(): number {
    return this.#seats.size;
  }

  has(id: string): boolean {
    return this.#seats.has(id);
  }

  get(id: string): T | undefined {
    return this.#seats.get(id)?.taken;
  }

  set(id: string, value: T): void {
    const seat = this.#seats.get(id);
    if (seat) seat.taken = value;
    else this.#seats.set(id, { taken: value });
  }

  delete(id: string): void {
    const seat = this.#seats.get(id);
    if (!seat) return;
    this.#seats.delete(id);
    seat.taken = undefined;
  }

  *values(): Generator<T> {
    for (const { taken } of this.#seats.values()) if (taken !== undefined) yield taken;
  }
}
