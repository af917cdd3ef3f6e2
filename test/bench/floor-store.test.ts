import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { recordRun } from '../../bench/floor.ts';
import { FloorStore } from '../../bench/floor-store.ts';
import { noSpend, plus } from '../../src/workflow/day-spend.ts';

const runs = 3;

test('the floor writes what the store would: events, the end of each run, and what the day costs', async () => {
  const appends = await recordRun();
  const store = new FloorStore();
  try {
    let numbers = Array.from({ length: runs }, () => 0);
    for (const append of appends) numbers = store.commit(append, numbers);
    const database = new DatabaseSync(store.path, { readOnly: true });
    const rows = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    const events = appends.flatMap((append) => append.events).length;
    assert.deepEqual(
      rows(
        'SELECT workflow.run, status, workflow.sequence, completion, count(*) AS events ' +
          'FROM workflow JOIN event ON event.run = workflow.run GROUP BY workflow.run',
      ),
      numbers.map((run, index) => ({
        run,
        status: 'completed',
        sequence: events,
        completion: index + 1,
        events,
      })),
    );
    const changes = appends.flatMap(({ spend }) => spend);
    const one = changes.reduce(plus, noSpend);
    assert.ok(one.spentTokens > 0, 'a run that costs nothing shows nothing');
    const [spent] = rows('SELECT sum(spent_tokens) AS tokens, sum(held_tokens) AS held FROM spend');
    assert.deepEqual(spent, { tokens: runs * one.spentTokens, held: 0 });
    database.close();
  } finally {
    await store.close();
  }
});
