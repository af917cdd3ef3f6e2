import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { limits } from '../../src/workflow/limits.ts';
import { startTime, startWorkflow } from './fixture.ts';

/** Large, so that few appends let the log grow to its next checkpoint. */
const task = 'x'.repeat(100_000);
const appendsMax = 2_000;

/** Where the header of a write-ahead log says how often the log has begun anew. */
const restartsOffset = 12;

function restartsOf(path: string): number {
  const log = openSync(`${path}-wal`, 'r');
  try {
    const header = Buffer.alloc(restartsOffset + 4);
    assert.equal(readSync(log, header), header.length);
    return header.readUInt32BE(restartsOffset);
  } finally {
    closeSync(log);
  }
}

/** Another connection, and what it keeps reading. */
class Snapshot {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { readOnly: true });
    this.#database.exec('BEGIN');
    this.workflows();
  }

  workflows(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM workflow').get()?.['n']);
  }

  close(): void {
    this.#database.close();
  }
}

/** Appends one after the other, each to a workflow of its own. */
class Appends {
  readonly #store: SqliteStore;
  made = 0;
  longestMs = 0;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  async until(fact: () => boolean): Promise<void> {
    do {
      assert.ok(this.made < appendsMax, `not so after ${appendsMax} appends: ${String(fact)}`);
      const begin = performance.now();
      await startWorkflow(this.#store, this.made++, { task });
      this.longestMs = Math.max(this.longestMs, performance.now() - begin);
    } while (!fact());
  }
}

suite('checkpoints of a store beside a reader that keeps an old snapshot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-checkpoint-'));
  const path = join(folder, 'store.db');

  test('no append waits for the reader, and the log begins anew when it has gone', async () => {
    const store = SqliteStore.open({ path, clock: new SimulatedClock(startTime) });
    let snapshot: Snapshot | undefined;
    try {
      const appends = new Appends(store);
      await appends.until(() => true);
      snapshot = new Snapshot(path);
      const restarts = restartsOf(path);
      // Appends go on all the time, so that at least one is made while each checkpoint tries to begin the log anew.
      await appends.until(() => store.checkpoints >= 2);
      assert.equal(snapshot.workflows(), 1);
      assert.equal(restartsOf(path), restarts);
      // A checkpoint that waited for the reader as long as the writer waits for a lock would have shown in one of them.
      assert.ok(appends.longestMs < limits.storeBusyMs / 2, `${appends.longestMs} ms`);
      await store.check();

      snapshot.close();
      snapshot = undefined;
      await appends.until(() => restartsOf(path) > restarts);
    } finally {
      snapshot?.close();
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });
});
