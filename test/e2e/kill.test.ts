import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRounds } from './kill-rounds.ts';

test('rows 90 and 93: runs killed again and again end, and no call is made after its durable end', async () => {
  const seed = 7;
  const report = await killRounds({ kills: 5, seed, concurrentRuns: 4 });
  assert.deepEqual(report.violations, [], `seed ${seed}`);
  assert.equal(report.completed, report.workflows, 'every run completed');
  assert.equal(report.kills.length, 5);
  const recovered = report.kills.reduce((sum, kill) => sum + kill.recovered, 0);
  assert.ok(recovered > 0, 'no kill hit a run');
  assert.ok(
    report.requestsRepeated <= report.callsInterrupted,
    `${report.requestsRepeated} requests were made again for ${report.callsInterrupted} calls in flight`,
  );
});
