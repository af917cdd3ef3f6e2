interface Wait {
  /** Wall time. */
  readonly since: number;
  /** Whether the newest look has told it so. */
  told: boolean;
}

const nobody: ReadonlyMap<string, Wait> = new Map();

/** Which agents of a workflow the gate has told to wait, and since when. Most workflows never hold one. */
export class CallWaits {
  #waits: Map<string, Wait> | undefined;
  #until: number | undefined;

  /** Wall time at which to ask again without any news; undefined: somebody will call. */
  get until(): number | undefined {
    return this.#until;
  }

  /** A new look at everything begins. */
  begin(): void {
    for (const wait of this.#all.values()) wait.told = false;
    this.#until = undefined;
  }

  told(agentId: string, time: number, until: number | undefined): void {
    this.#waits ??= new Map();
    const wait = this.#waits.get(agentId);
    if (wait) wait.told = true;
    else this.#waits.set(agentId, { since: time, told: true });
    if (until !== undefined) this.#until = Math.min(this.#until ?? until, until);
  }

  /** It waits no longer: its call may leave. Until that is durable, what it has waited is kept. */
  over(agentId: string): void {
    const wait = this.#waits?.get(agentId);
    if (wait) wait.told = false;
  }

  waitedMs(agentId: string, time: number): number {
    const since = this.#waits?.get(agentId)?.since;
    return since === undefined ? 0 : Math.max(0, time - since);
  }

  /** The look is over and what it says is durable: whoever was not told to wait does not. */
  end(): void {
    for (const [agentId, { told }] of this.#all) if (!told) this.#waits?.delete(agentId);
  }

  get #all(): ReadonlyMap<string, Wait> {
    return this.#waits ?? nobody;
  }
}
