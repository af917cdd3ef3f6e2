import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { openDatabase } from '../../src/store/sqlite-schema.ts';
import { Write } from '../../src/store/sqlite-write.ts';
import { SqliteWriterThread } from '../../src/store/sqlite-writer-thread.ts';
import { noSpend } from '../../src/workflow/day-spend.ts';

const closing = new URL('./sqlite-closing.ts', import.meta.url).pathname;

/** Runs the body with a folder that is removed afterwards. */
async function inFolder(body: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-writer-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

suite('sqlite writer thread', () => {
  const spendOf = (spentTokens: number): Write => {
    const write = new Write();
    write.spend('default', 1, { ...noSpend, spentTokens });
    return write;
  };

  test('rejects what it was asked for when it dies, and the next job has another thread', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'later', 'store.db');
      const thread = new SqliteWriterThread({ path });
      // There is no such folder yet, so the thread ends with an error before it takes a job.
      await assert.rejects(thread.write(spendOf(1).bytes), /unable to open database file/);
      const database = openDatabase({ path });
      await thread.write(spendOf(2).bytes);
      assert.equal(database.prepare('SELECT spent_tokens AS n FROM spend').get()?.['n'], 2);
      await thread.close();
      database.close();
    }));

  test('undoes a transaction that fails half-way, says why, and goes on', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'store.db');
      const database = openDatabase({ path });
      const thread = new SqliteWriterThread({ path });
      const event = { sequence: 1, time: 1, epoch: 1, progress: 0, body: '{}' };
      const torn = spendOf(3);
      torn.event(7, event);
      torn.event(7, event);
      await assert.rejects(thread.write(torn.bytes), /UNIQUE constraint failed: event.run, event.sequence/);
      const count = database.prepare(
        'SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM spend) AS n',
      );
      assert.equal(count.get()?.['n'], 0);
      await thread.write(spendOf(4).bytes);
      assert.equal(count.get()?.['n'], 1);
      await thread.close();
      database.close();
    }));

  test('closed while it has something to do, it keeps the process alive until it has ended', () =>
    inFolder((folder) => {
      const child = spawnSync(process.execPath, [closing, join(folder, 'store.db')], { encoding: 'utf8' });
      assert.equal(`${child.stdout}${child.stderr}`, 'closed\n');
    }));

  test('a job that cannot be handed over takes no other job its answer', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'store.db');
      const database = openDatabase({ path });
      const thread = new SqliteWriterThread({ path });
      const { bytes } = spendOf(5);
      await thread.write(bytes);
      // Its memory has gone over with it, so it cannot go a second time.
      await assert.rejects(thread.write(bytes), { name: 'DataCloneError' });
      await thread.write(spendOf(6).bytes);
      assert.equal(database.prepare('SELECT spent_tokens AS n FROM spend').get()?.['n'], 6);
      await thread.close();
      database.close();
    }));
});
