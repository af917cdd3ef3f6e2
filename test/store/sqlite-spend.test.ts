import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { openDatabase } from '../../src/store/sqlite-schema.ts';
import { SqliteSpend } from '../../src/store/sqlite-spend.ts';
import { Write } from '../../src/store/sqlite-write.ts';
import { SqliteBegin } from '../../src/store/sqlite-begin.ts';
import { SqliteWriter } from '../../src/store/sqlite-writer.ts';
import { noSpend } from '../../src/workflow/day-spend.ts';

suite('sqlite spend', () => {
  test('a transaction that was written before its writer died still counts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlite-spend-'));
    try {
      const database = openDatabase({ path: join(folder, 'store.db') });
      const writer = new SqliteWriter(database, new SqliteBegin(database));
      const spend = new SqliteSpend(database);
      const add = (spentTokens: number): void => {
        spend.add('default', [{ ...noSpend, day: 1, reserves: true, spentTokens }]);
        const write = new Write();
        spend.write(write);
        writer.write(write.bytes);
      };
      add(5);
      spend.failed();
      assert.equal(spend.of('default', 1).spentTokens, 5);
      // The ledger is written as a sum, so what is forgotten in memory would be lost in the file.
      add(2);
      spend.committed();
      assert.equal(database.prepare('SELECT spent_tokens AS n FROM spend').get()?.['n'], 7);
      database.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a transaction that was undone does not count', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlite-spend-'));
    try {
      const database = openDatabase({ path: join(folder, 'store.db') });
      const spend = new SqliteSpend(database);
      const change = { ...noSpend, day: 1, reserves: true, spentTokens: 5 };
      spend.add('default', [change]);
      spend.failed();
      assert.deepEqual(spend.of('default', 1), noSpend);
      assert.equal(
        spend.refusal('default', [change], { maxCostNanoUsd: undefined, maxTokens: 5 }),
        undefined,
      );
      database.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
