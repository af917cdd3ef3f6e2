/** How long appends take, from hand-over to durable. Bounded memory. */
export class AppendMeter {
  #count = 0;
  #totalMs = 0;
  #maxMs = 0;

  record(durationMs: number): void {
    this.#count++;
    this.#totalMs += durationMs;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  get appends(): number {
    return this.#count;
  }

  get averageMs(): number {
    return this.#count === 0 ? 0 : this.#totalMs / this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }
}
