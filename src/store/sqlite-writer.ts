import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { checksumOf } from './event-checksum.ts';
import type { SqliteBegin } from './sqlite-begin.ts';
import { eventWrite, WriteReader, writeStatements } from './sqlite-write.ts';

interface Statement {
  readonly run: StatementSync;
  /** Parameters that a write gives it. */
  readonly given: number;
}

/** Writes appends on one connection. */
export class SqliteWriter {
  readonly #database: DatabaseSync;
  readonly #begin: SqliteBegin;
  readonly #commit: StatementSync;
  readonly #statements: readonly Statement[];

  constructor(database: DatabaseSync, begin: SqliteBegin) {
    this.#database = database;
    this.#begin = begin;
    this.#commit = database.prepare('COMMIT');
    this.#statements = writeStatements.map((sql) => ({
      run: database.prepare(sql),
      given: sql.split('?').length - 1,
    }));
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
