import { mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumOf } from '../src/store/event-checksum.ts';
import type { PreparedAppend } from '../src/store/prepared-append.ts';
import { SqliteCheckpointer } from '../src/store/sqlite-checkpointer.ts';
import { openDatabase } from '../src/store/sqlite-schema.ts';

/** An append whose checksums are ready. */
export interface FloorAppend extends PreparedAppend {
  readonly sums: readonly number[];
}

export function floorAppend(append: PreparedAppend): FloorAppend {
  return { ...append, sums: append.events.map(checksumOf) };
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
  readonly #finish: StatementSync;
  #runs = 0;
  #completions = 0;

  constructor() {
    const path = join(this.#folder, 'floor.db');
    const database = openDatabase({ path });
    this.#database = database;
    this.#checkpointer = new SqliteCheckpointer(path);
    this.#create = database.prepare(
      `INSERT INTO workflow (tenant, workflow_id, orchestrator, create_time, priority, status, sequence, summary)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#describe = database.prepare('INSERT INTO description (run, labels, body) VALUES (?, ?, ?)');
    this.#insert = database.prepare(
      'INSERT INTO event (run, sequence, time, epoch, progress, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#update = database.prepare(
      'UPDATE workflow SET status = ?, sequence = ?, summary = ? WHERE run = ?',
    );
    this.#finish = database.prepare('UPDATE workflow SET completion = ?, end_time = ? WHERE run = ?');
  }

  /** One durable transaction: the same append of each of these runs. Answers their numbers, which the first append draws. */
  commit(append: FloorAppend, runs: readonly number[]): number[] {
    this.#database.exec('BEGIN IMMEDIATE');
    const numbers = runs.map((run) => this.#write(append, run));
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
    if (append.expectedSequence > 0)
      this.#update.run(append.status, append.lastSequence, append.summary, run);
    if (append.terminal) this.#finish.run(++this.#completions, append.endTime ?? 0, run);
    return run;
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
