import { mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumOf } from '../src/store/event-checksum.ts';
import type { PreparedAppend } from '../src/store/prepared-append.ts';
import { SqliteCheckpointer } from '../src/store/sqlite-checkpointer.ts';
import { openDatabase } from '../src/store/sqlite-schema.ts';
import {
  describeWrite,
  finishWrite,
  spendWrite,
  statusWrite,
  updateWrite,
  writeStatements,
} from '../src/store/sqlite-write.ts';
import { type DaySpend, noSpend, plus } from '../src/workflow/day-spend.ts';

/** An append whose checksums are ready. */
export interface FloorAppend extends PreparedAppend {
  readonly sums: readonly number[];
  readonly statusChanges: boolean;
}

export function floorAppend(append: PreparedAppend, previous: PreparedAppend | undefined): FloorAppend {
  const statusChanges = append.status !== previous?.status;
  return { ...append, sums: append.events.map(checksumOf), statusChanges };
}

/** SQLite alone: the rows that the store would write, in the same tables, without a check, an encoding or a thread. */
export class FloorStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'orchestrator-floor-'));
  readonly #database: DatabaseSync;
  readonly #checkpointer: SqliteCheckpointer;
  readonly #create: StatementSync;
  readonly #describe: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #status: StatementSync;
  readonly #finish: StatementSync;
  readonly #spend: StatementSync;
  readonly #days = new Map<number, DaySpend>();
  #runs = 0;
  #completions = 0;

  constructor() {
    const database = openDatabase({ path: this.path });
    this.#database = database;
    this.#checkpointer = new SqliteCheckpointer(this.path);
    // Two of its own: here SQLite draws the number of a run, and a body comes as a text, not as bytes.
    this.#create = database.prepare(
      `INSERT INTO workflow (tenant, workflow_id, orchestrator, create_time, priority, status, sequence, summary)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insert = database.prepare(
      'INSERT INTO event (run, sequence, time, epoch, progress, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#describe = database.prepare(writeStatements[describeWrite]);
    this.#update = database.prepare(writeStatements[updateWrite]);
    this.#status = database.prepare(writeStatements[statusWrite]);
    this.#finish = database.prepare(writeStatements[finishWrite]);
    this.#spend = database.prepare(writeStatements[spendWrite]);
  }

  get path(): string {
    return join(this.#folder, 'floor.db');
  }

  /** One durable transaction: the same append of each of these runs. Answers their numbers, which the first append draws. */
  commit(append: FloorAppend, runs: readonly number[]): number[] {
    this.#database.exec('BEGIN IMMEDIATE');
    const numbers = runs.map((run) => this.#write(append, run));
    this.#writeSpend(append, runs.length);
    this.#database.exec('COMMIT');
    this.#checkpointer.grown(append.bytes * runs.length);
    return numbers;
  }

  async close(): Promise<void> {
    await this.#checkpointer.close();
    this.#database.close();
    rmSync(this.#folder, { recursive: true });
  }

  #write(append: FloorAppend, known: number): number {
    const run = append.expectedSequence === 0 ? this.#begin(append) : known;
    for (const [at, { sequence, time, epoch, progress, body }] of append.events.entries()) {
      this.#insert.run(run, sequence, time, epoch, progress, body, append.sums[at] ?? 0);
    }
    const { status, lastSequence, summary } = append;
    if (append.terminal) {
      this.#finish.run(status, lastSequence, summary, ++this.#completions, append.endTime ?? 0, run);
    } else if (append.expectedSequence > 0) {
      this.#update.run(lastSequence, summary, run);
      if (append.statusChanges) this.#status.run(status, run);
    }
    return run;
  }

  /** One row of each day, however many runs share the transaction. */
  #writeSpend({ spend }: FloorAppend, runs: number): void {
    for (const change of spend) {
      let current = this.#days.get(change.day) ?? noSpend;
      for (let run = 0; run < runs; run++) current = plus(current, change);
      this.#days.set(change.day, current);
      const { spentNanoUsd, heldNanoUsd, spentTokens, heldTokens } = current;
      this.#spend.run('default', change.day, spentNanoUsd, heldNanoUsd, spentTokens, heldTokens);
    }
  }

  #begin({ orchestrator, createTime, priority, status, lastSequence, ...append }: FloorAppend): number {
    const id = `research_${(this.#runs++).toString(16).padStart(12, '0')}`;
    const { lastInsertRowid } = this.#create.run(
      'default',
      id,
      orchestrator,
      createTime,
      priority,
      status,
      lastSequence,
      append.summary,
    );
    this.#describe.run(lastInsertRowid, append.labels, append.description);
    return Number(lastInsertRowid);
  }
}
