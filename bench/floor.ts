import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Append } from '../src/store/event-store.ts';
import { checksumOf } from '../src/store/event-checksum.ts';
import { prepareAppend, type PreparedAppend } from '../src/store/prepared-append.ts';
import { SqliteCheckpointer } from '../src/store/sqlite-checkpointer.ts';
import { openDatabase } from '../src/store/sqlite-schema.ts';
import { EngineNode } from './engine-node.ts';

/** The appends of one whole run, as the engine hands them to the store. */
export async function recordRun(): Promise<readonly PreparedAppend[]> {
  const appends: Append[] = [];
  const node = await EngineNode.start({ answerTime: 0, onAppend: (append) => appends.push(append) });
  try {
    await node.run();
  } finally {
    await node.close();
  }
  return appends.map(prepareAppend);
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-floor-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs a second that the disk and SQLite allow: the same rows in the same tables, ready before the clock starts,
 * `concurrency` runs sharing each commit; no engine, no checks, no encoding.
 */
export async function groupCommitFloor(
  run: readonly PreparedAppend[],
  runs: number,
  concurrency: number,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-floor-'));
  const path = join(folder, 'floor.db');
  const database = openDatabase({ path });
  const checkpointer = new SqliteCheckpointer(path);
  const create = database.prepare(
    `INSERT INTO workflow (tenant, workflow_id, orchestrator, create_time, priority, status, sequence, summary)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const describe = database.prepare('INSERT INTO description (run, labels, body) VALUES (?, ?, ?)');
  const insert = database.prepare(
    'INSERT INTO event (run, sequence, time, epoch, progress, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const update = database.prepare('UPDATE workflow SET status = ?, sequence = ?, summary = ? WHERE run = ?');
  const finish = database.prepare('UPDATE workflow SET completion = ?, end_time = ? WHERE run = ?');
  const rows = run.map((append) => ({
    ...append,
    sums: append.events.map(checksumOf),
  }));
  let completion = 0;
  const begin = performance.now();
  for (let done = 0; done < runs; done += concurrency) {
    const group = Array.from({ length: Math.min(concurrency, runs - done) }, () => 0);
    for (const append of rows) {
      database.exec('BEGIN IMMEDIATE');
      for (let index = 0; index < group.length; index++) {
        if (append.expectedSequence === 0) {
          const id = `research_${(done + index).toString(16).padStart(12, '0')}`;
          const { orchestrator, createTime, priority, status, lastSequence, summary } = append;
          group[index] = Number(
            create.run('default', id, orchestrator, createTime, priority, status, lastSequence, summary)
              .lastInsertRowid,
          );
          describe.run(group[index] ?? 0, append.labels, append.description);
        }
        const number = group[index] ?? 0;
        for (const [at, { sequence, time, epoch, progress, body }] of append.events.entries()) {
          insert.run(number, sequence, time, epoch, progress, body, append.sums[at] ?? 0);
        }
        if (append.expectedSequence > 0)
          update.run(append.status, append.lastSequence, append.summary, number);
        if (append.terminal) finish.run(++completion, append.endTime ?? 0, number);
      }
      database.exec('COMMIT');
      checkpointer.grown(append.bytes * group.length);
    }
    // The checkpointer's thread answers to this one's event loop, as it does under the engine.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - begin) / 1_000;
  await checkpointer.close();
  database.close();
  rmSync(folder, { recursive: true });
  return runs / seconds;
}

/** Runs a second when each of a run's appends is one write and one fsync of its bytes, one after the other. */
export function serialSyncFloor(run: readonly PreparedAppend[], runs: number): number {
  return inFolder((folder) => {
    const file = openSync(join(folder, 'serial.log'), 'w');
    const blocks = run.map(({ bytes }) => Buffer.alloc(bytes, 'x'));
    const begin = performance.now();
    for (let done = 0; done < runs; done++) {
      for (const block of blocks) {
        writeSync(file, block);
        fdatasyncSync(file);
      }
    }
    const seconds = (performance.now() - begin) / 1_000;
    closeSync(file);
    return runs / seconds;
  });
}
