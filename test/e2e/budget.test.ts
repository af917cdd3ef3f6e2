import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetRounds } from './budget-rounds.ts';

test('10 workflows with 20 calls at once stay within their caps and that of the day, also when killed in between', async () => {
  const report = await budgetRounds({
    workflows: 10,
    agents: 20,
    kills: 2,
    seed: 1,
    workflowTokens: 25_000,
    dayTokens: 120_000,
  });
  assert.deepEqual(report.violations, []);
  assert.equal(report.overshoot, 0);
  assert.equal(report.workflows, 10);
  assert.ok(report.highestOfTheDay > 0.9, `the cap of the day is met: ${report.highestOfTheDay}`);
  assert.ok(report.endedByDayCap > 0, 'it ends some');
});
