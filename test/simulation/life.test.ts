import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCampaign } from './campaign.ts';
import { Life } from './life.ts';

/** A second's worth; `npm run simulate` lives many more. */
const seeds = 150;

test('rows 90, 91 and 93: no life of a few nodes breaks a rule, whatever fails and in whatever order', async () => {
  const { failed, events } = await runCampaign({ from: 1, count: seeds, step: 1, stopAtFirst: false });
  assert.deepEqual(failed, []);
  assert.ok(events > seeds, `${events} events in ${seeds} lives`);
});

test('a seed lives the same life twice', async () => {
  for (const seed of [3, 77, 1_234]) {
    const first = await new Life(seed).run();
    const second = await new Life(seed).run();
    assert.equal(second.hash, first.hash, `seed ${seed}`);
    assert.deepEqual(second.coverage, first.coverage);
  }
});
