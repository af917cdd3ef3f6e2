/** Which agents of a workflow the gate has told to wait, and since when. */
export class CallWaits {
  readonly #since = new Map<string, number>();
  readonly #told = new Set<string>();
  #until: number | undefined;

  /** Wall time at which to ask again without any news; undefined: somebody will call. */
  get until(): number | undefined {
    return this.#until;
  }

  /** A new look at everything begins. */
  begin(): void {
    this.#told.clear();
    this.#until = undefined;
  }

  told(agentId: string, time: number, until: number | undefined): void {
    this.#told.add(agentId);
    if (!this.#since.has(agentId)) this.#since.set(agentId, time);
    if (until !== undefined) this.#until = Math.min(this.#until ?? until, until);
  }

  /** It waits no longer: its call may leave. */
  over(agentId: string): void {
    this.#told.delete(agentId);
  }

  waitedMs(agentId: string, time: number): number {
    const since = this.#since.get(agentId);
    return since === undefined ? 0 : Math.max(0, time - since);
  }

  /** The look is over and what it says is durable: whoever was not told to wait does not. */
  end(): void {
    for (const agentId of this.#since.keys()) if (!this.#told.has(agentId)) this.#since.delete(agentId);
  }
}
