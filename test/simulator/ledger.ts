/** One request as the provider saw it. */
export interface Entry {
  /** From 1, in order of arrival. */
  readonly number: number;
  readonly attemptId: string;
  readonly model: string;
  /** ms since the epoch. */
  readonly arrivalTime: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** Where the request came in on; requests on one kept-alive connection share it. */
  readonly remotePort: number;
  /** The whole intended response has left, whatever it was. */
  answered: boolean;
  /** Status of the response; undefined: no header was sent. */
  status: number | undefined;
  /** When the socket closed, ms since the epoch; undefined: it is open. */
  socketClosedTime: number | undefined;
}

interface Waiter {
  readonly holds: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Every request a simulator got, and promises for what is still to come. */
export class RequestLedger {
  readonly entries: Entry[] = [];
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  /** Entries of one attempt; more than one means that somebody retried behind our back. */
  of(attemptId: string): readonly Entry[] {
    return this.entries.filter((entry) => entry.attemptId === attemptId);
  }

  /** Resolves when `count` requests in all have arrived. */
  async arrived(count: number): Promise<readonly Entry[]> {
    await this.until(() => this.entries.length >= count);
    return this.entries;
  }

  /** Resolves when `count` requests in all have been answered. */
  async answered(count: number): Promise<void> {
    await this.until(() => this.entries.filter((entry) => entry.answered).length >= count);
  }

  /** Resolves when the socket of this attempt's request has closed. */
  async closed(attemptId: string): Promise<Entry> {
    const closed = (): Entry | undefined =>
      this.of(attemptId).find((entry) => entry.socketClosedTime !== undefined);
    await this.until(() => closed() !== undefined);
    return closed() as Entry; // `until` has just seen it.
  }

  /** Resolves as soon as `holds` is true; looked at after every change. Rejects when the simulator stops. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    if (this.#closed) return Promise.reject(new Error('the simulator has stopped'));
    return new Promise((resolve, reject) => {
      this.#waiters.add({ holds, resolve, reject });
    });
  }

  /** To be called after any change of an entry. */
  changed(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.holds()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  /** Rejects whoever still waits. */
  close(): void {
    this.#closed = true;
    this.changed();
    for (const waiter of this.#waiters) {
      waiter.reject(new Error(`the simulator stopped after ${this.entries.length} requests`));
    }
    this.#waiters.clear();
  }
}
