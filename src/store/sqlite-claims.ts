import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import type { SqliteBegin } from './sqlite-begin.ts';

/** Epochs one generation can mint before the next generation is drawn. */
export const epochsPerGeneration = 2 ** 20;

/** The generation that minted an epoch. */
export function generationOf(epoch: number): number {
  return Math.floor(epoch / epochsPerGeneration);
}

/** Where a log stands. */
export interface LogPosition {
  /** Undefined: the workflow does not exist yet. */
  readonly run: number | undefined;
  readonly sequence: number;
  readonly finished: boolean;
  /** The status its row shows; undefined: there is no row yet. */
  readonly status: string | undefined;
}

/** A claimed workflow. Held in memory while it is claimed and open, so that its appends need no look-up. */
export interface Claim {
  readonly key: WorkflowKey;
  readonly epoch: number;
  /** With the transaction under way; undefined: not known, must be read. */
  position: LogPosition | undefined;
  /** The number of its log once it has one; set when that is durable. */
  run: number | undefined;
}

/**
 * Who may append. A store has one process, so claims live in its memory; what outlives it is the generation, raised
 * durably at every open: every epoch of a later process is higher than any of an earlier one. A claim always
 * succeeds and fences the former owner.
 */
export class SqliteClaims {
  readonly #claims = new Map<string, Claim>();
  readonly #database: DatabaseSync;
  readonly #begin: SqliteBegin;
  readonly #raise: StatementSync;
  readonly #commit: StatementSync;
  #generation = 0;
  #minted = 0;

  constructor(database: DatabaseSync, begin: SqliteBegin) {
    this.#database = database;
    this.#begin = begin;
    this.#commit = database.prepare('COMMIT');
    this.#raise = database.prepare(
      "UPDATE meta SET value = value + 1 WHERE name = 'generation' RETURNING value",
    );
    this.#nextGeneration();
  }

  /** Claims held now. */
  get size(): number {
    return this.#claims.size;
  }

  claim(key: WorkflowKey, position: LogPosition): number {
    if (this.#minted === epochsPerGeneration) this.#nextGeneration();
    const epoch = this.#generation * epochsPerGeneration + this.#minted++;
    // A finished workflow takes no append, so its claim need not be remembered.
    if (!position.finished) {
      this.#claims.set(keyText(key), {
        key: { tenant: key.tenant, workflowId: key.workflowId },
        epoch,
        position,
        run: position.run,
      });
    }
    return epoch;
  }

  find(text: string): Claim | undefined {
    return this.#claims.get(text);
  }

  release(text: string, epoch: number): void {
    if (this.#claims.get(text)?.epoch === epoch) this.#claims.delete(text);
  }

  #nextGeneration(): void {
    this.#begin.run();
    try {
      this.#generation = Number(this.#raise.get()?.['value']);
      this.#commit.run();
    } catch (error) {
      // Left open, it would keep every writer out, and nothing that is read here would be what is durable.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#minted = 0;
  }
}
