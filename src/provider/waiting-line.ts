/** Who waits for a permit: one workflow, however many of its agents wait. */
export interface Asker {
  readonly id: string;
  /** Higher is served first. */
  readonly priority: number;
  /** It should ask again. */
  wake(): void;
}

export interface Entry {
  readonly asker: Asker;
  /** Its priority, or lower than any when it did not come for its permit. */
  rank: number;
  /** Tokens of its next call, as far as they are known. */
  tokens: number;
  /** When it was told that it may take a permit, by a clock that only grows. */
  offeredTime: number | undefined;
}

/**
 * Those who wait, by priority, then in turn: whoever was served stands behind the others of its priority when it comes
 * again, so that everybody gets as many as anybody else.
 */
export class WaitingLine {
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();

  get size(): number {
    return this.#entries.length;
  }

  get head(): Entry | undefined {
    return this.#entries[0];
  }

  find(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** How many are served before it; undefined when it does not stand here. */
  ahead(id: string): number | undefined {
    const entry = this.#byId.get(id);
    return entry && this.#entries.indexOf(entry);
  }

  /** Behind the last one of its rank. */
  add(entry: Entry): void {
    const { rank } = entry;
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1]?.rank ?? rank) < rank) place--;
    this.#entries.splice(place, 0, entry);
    this.#byId.set(entry.asker.id, entry);
  }

  remove(id: string): boolean {
    const entry = this.#byId.get(id);
    if (!entry) return false;
    this.#byId.delete(id);
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    return true;
  }

  /** To the end of another rank. */
  rank(entry: Entry, rank: number): void {
    this.remove(entry.asker.id);
    entry.rank = rank;
    this.add(entry);
  }
}
