import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { SqliteBegin } from '../../src/store/sqlite-begin.ts';
import { epochsPerGeneration, generationOf, SqliteClaims } from '../../src/store/sqlite-claims.ts';
import { connectForWriting, openDatabase } from '../../src/store/sqlite-schema.ts';
import { keyOf } from './fixture.ts';

suite('sqlite claims', () => {
  test('a generation that cannot be raised leaves nothing open, and is raised when it can be', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlite-claims-'));
    const path = join(folder, 'store.db');
    const database = openDatabase({ path });
    const other = connectForWriting({ path });
    try {
      const claims = new SqliteClaims(database, new SqliteBegin(database));
      const claim = (): number =>
        claims.claim(keyOf(1), { run: 1, sequence: 1, finished: true, status: 'completed' });
      const first = claim();
      while (claim() < first + epochsPerGeneration - 1);
      database.exec(
        `CREATE TEMP TRIGGER refused BEFORE UPDATE ON main.meta BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END`,
      );
      assert.throws(claim, /the disk is gone/);
      // Another connection may write, and is seen.
      other.exec("UPDATE meta SET value = 7 WHERE name = 'check'");
      const check = database.prepare("SELECT value FROM meta WHERE name = 'check'");
      assert.equal(check.get()?.['value'], 7);
      assert.throws(claim, /the disk is gone/);
      database.exec('DROP TRIGGER refused');
      assert.equal(generationOf(claim()), generationOf(first) + 1);
      const durable = other.prepare("SELECT value FROM meta WHERE name = 'generation'");
      assert.equal(durable.get()?.['value'], generationOf(first) + 1);
    } finally {
      other.close();
      database.close();
      rmSync(folder, { recursive: true });
    }
  });
});
