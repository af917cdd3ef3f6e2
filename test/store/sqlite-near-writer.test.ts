import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { RealClock } from '../../src/clock/real-clock.ts';
import { SqliteNearWriter } from '../../src/store/sqlite-near-writer.ts';
import { connectForWriting, openDatabase } from '../../src/store/sqlite-schema.ts';
import { Write } from '../../src/store/sqlite-write.ts';
import { SqliteWriterThread } from '../../src/store/sqlite-writer-thread.ts';
import { noSpend } from '../../src/workflow/day-spend.ts';
import { limits } from '../../src/workflow/limits.ts';

/** Moves by so much with every look. */
class StridingClock extends RealClock {
  strideMs = 0;
  #time = 0;

  override monotonic(): number {
    this.#time += this.strideMs;
    return this.#time;
  }
}

interface Rig {
  readonly path: string;
  /** Another connection to what is written. */
  readonly other: DatabaseSync;
  readonly clock: StridingClock;
  readonly thread: SqliteWriterThread;
  readonly writer: SqliteNearWriter;
  /** Whether this write of so many tokens was durable when the writer answered. */
  readonly writesNear: (tokens: number) => Promise<boolean>;
}

async function withRig(body: (rig: Rig) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-near-'));
  const path = join(folder, 'store.db');
  const database = openDatabase({ path });
  const other = connectForWriting({ path });
  const thread = new SqliteWriterThread({ path });
  const clock = new StridingClock();
  const writer = new SqliteNearWriter(database, thread, clock);
  const writesNear = async (tokens: number): Promise<boolean> => {
    const answer = writer.write(spendOf(tokens), 1);
    const near = !(answer instanceof Promise);
    assert.equal(tokensIn(other) === tokens, near);
    await answer;
    assert.equal(tokensIn(other), tokens);
    return near;
  };
  try {
    await body({ path, other, clock, thread, writer, writesNear });
  } finally {
    await thread.close();
    other.close();
    database.close();
    rmSync(folder, { recursive: true });
  }
}

function spendOf(spentTokens: number): Uint8Array<ArrayBuffer> {
  const write = new Write();
  write.spend('default', 1, { ...noSpend, spentTokens });
  return write.bytes;
}

/** Fails half-way. */
function tornWrite(): Uint8Array<ArrayBuffer> {
  const event = { sequence: 1, time: 1, epoch: 1, progress: 0, body: '{}' };
  const write = new Write();
  write.event(7, event);
  write.event(7, event);
  return write.bytes;
}

function tokensIn(database: DatabaseSync): unknown {
  return database.prepare('SELECT spent_tokens AS n FROM spend').get()?.['n'];
}

suite('sqlite near writer', () => {
  test('what is small and of one workflow is durable when it answers; all else is the thread’s', () =>
    withRig(async ({ writer, writesNear }) => {
      assert.equal(await writesNear(1), true);
      const ofTwo = writer.write(spendOf(2), 2);
      assert.ok(ofTwo instanceof Promise);
      await ofTwo;
      const large = new Write();
      const body = 'x'.repeat(limits.storeNearBytesMax);
      large.event(1, { sequence: 1, time: 1, epoch: 1, progress: 0, body });
      const ofMuch = writer.write(large.bytes, 1);
      assert.ok(ofMuch instanceof Promise);
      await ofMuch;
      assert.equal(await writesNear(3), true);
    }));

  test('nothing overtakes what the thread has under way', () =>
    withRig(async ({ writer, other }) => {
      const first = writer.write(spendOf(1), 2);
      const second = writer.write(spendOf(2), 1);
      assert.ok(second instanceof Promise);
      await Promise.all([first, second]);
      assert.equal(tokensIn(other), 2);
    }));

  test('a disk that takes its time is written by the thread, until it is quick again', () =>
    withRig(async ({ clock, writesNear }) => {
      clock.strideMs = limits.storeNearMs;
      assert.equal(await writesNear(1), true);
      clock.strideMs = limits.storeNearMs + 1;
      // This one finds out.
      assert.equal(await writesNear(2), true);
      assert.equal(await writesNear(3), false);
      clock.strideMs = 0;
      assert.equal(await writesNear(4), false);
      assert.equal(await writesNear(5), true);
    }));

  test('does not stand still while another connection writes', () =>
    withRig(async ({ other, writer, writesNear }) => {
      other.exec('BEGIN IMMEDIATE');
      const begin = performance.now();
      const answer = writer.write(spendOf(1), 1);
      const heldUpMs = performance.now() - begin;
      assert.ok(answer instanceof Promise);
      other.exec('COMMIT');
      await answer;
      // Last, for while the lock is held the thread would not end either.
      assert.ok(heldUpMs < limits.storeBusyMs / 2, `${heldUpMs} ms`);
      assert.equal(tokensIn(other), 1);
      assert.equal(await writesNear(2), true);
    }));

  test('undoes what fails half-way, says why, and goes on', () =>
    withRig(async ({ other, writer, writesNear }) => {
      assert.throws(
        () => writer.write(tornWrite(), 1),
        /UNIQUE constraint failed: event.run, event.sequence/,
      );
      assert.equal(other.prepare('SELECT count(*) AS n FROM event').get()?.['n'], 0);
      assert.equal(await writesNear(1), true);
    }));

  test('a disk that takes its time to fail is written by the thread too', () =>
    withRig(async ({ clock, writer, writesNear }) => {
      for (const workflows of [1, 2]) {
        clock.strideMs = limits.storeNearMs + 1;
        await assert.rejects(
          async () => await writer.write(tornWrite(), workflows),
          /UNIQUE constraint failed/,
        );
        clock.strideMs = 0;
        assert.equal(await writesNear(2 * workflows), false);
        assert.equal(await writesNear(2 * workflows + 1), true);
      }
    }));
});
