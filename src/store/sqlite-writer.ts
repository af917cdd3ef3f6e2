import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { WorkflowKey } from '../workflow/id.ts';
import { checksumOf } from './event-checksum.ts';
import type { EvictionRule, RemoveResult } from './event-store.ts';
import { SqliteBegin } from './sqlite-begin.ts';
import { checkDatabase } from './sqlite-check.ts';
import { SqliteRetention } from './sqlite-retention.ts';
import { eventWrite, WriteReader, writeStatements } from './sqlite-write.ts';

interface Statement {
  readonly run: StatementSync;
  /** Parameters that a write gives it. */
  readonly given: number;
}

/** Everything that changes a store's file while it is open, on the one connection that does so. */
export class SqliteWriter {
  readonly #database: DatabaseSync;
  readonly #begin: SqliteBegin;
  readonly #commit: StatementSync;
  readonly #statements: readonly Statement[];
  readonly #retention: SqliteRetention;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = new SqliteBegin(database);
    this.#commit = database.prepare('COMMIT');
    this.#statements = writeStatements.map((sql) => ({
      run: database.prepare(sql),
      given: sql.split('?').length - 1,
    }));
    this.#retention = new SqliteRetention(database, this.#begin);
  }

  /** One durable transaction of what `Write` has put together; throws when nothing of it may be relied on. */
  write(write: Uint8Array): void {
    try {
      this.#begin.run();
      this.#run(new WriteReader(write));
      this.#commit.run();
    } catch (error) {
      throw this.#rollBack(error);
    }
  }

  /** Some of what the rule allows; empty: there is nothing to remove. */
  evict(rule: EvictionRule): readonly WorkflowKey[] {
    return this.#retention.evictSome(rule);
  }

  /** Removes some expired request records. Answers how many. */
  expire(now: number): number {
    return this.#retention.expireSome(now);
  }

  remove(key: WorkflowKey): RemoveResult {
    return this.#retention.remove(key);
  }

  check(): void {
    checkDatabase(this.#database, this.#begin);
  }

  #run(write: WriteReader): void {
    while (!write.ended) {
      const place = write.statement();
      const statement = this.#statements[place];
      if (!statement) throw new Error(`there is no statement ${place}`);
      if (place === eventWrite) {
        addEvent(statement.run, write);
        continue;
      }
      const parameters: SQLInputValue[] = [];
      while (parameters.length < statement.given) parameters.push(write.parameter());
      statement.run.run(...parameters);
    }
  }

  #rollBack(error: unknown): unknown {
    try {
      // A full disk has ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return error;
    } catch (rollbackError) {
      return new AggregateError(
        [error, rollbackError],
        `${String(error)}; undoing it: ${String(rollbackError)}`,
      );
    }
  }
}

/** Nearly all that is ever written are events: none of them is worth a list of its parameters. */
function addEvent(insert: StatementSync, write: WriteReader): void {
  const run = write.number();
  const sequence = write.number();
  const time = write.number();
  const epoch = write.number();
  const progress = write.number();
  const body = write.view();
  const checksum = checksumOf({ sequence, time, epoch, progress, body });
  insert.run(run, sequence, time, epoch, progress, body, checksum);
}
