/** How long appends take, from hand-over to durable. Bounded memory. */
export class AppendMeter {
  #count = 0;
  #totalMs = 0;
  #maxMs = 0;
  #failure: { readonly reason: string; readonly time: number } | undefined;

  /** An append got its answer. */
  record(durationMs: number): void {
    this.#failure = undefined;
    this.#count++;
    this.#totalMs += durationMs;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  /** An append got none; `reason` says why, `time` when, by the monotonic clock. */
  recordFailure(reason: string, time: number): void {
    this.#failure = { reason, time };
  }

  /** Why the newest append got no answer; undefined when it got one, or when its failure is older than `since`. */
  failureSince(since: number): string | undefined {
    return this.#failure && this.#failure.time >= since ? this.#failure.reason : undefined;
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
