import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzAnswers } from './answer-fuzz.ts';

const answers = 600;
const seed = 11;

test('whatever models answer, every run ends with a plan within its caps or a typed failure, and a log that can be kept and sent', async () => {
  const report = await fuzzAnswers({ answers, seed });
  assert.deepEqual(report.violations, []);
  assert.ok(report.answers >= answers);
  // Answers that all fail at the first look, or all pass, would prove little.
  assert.ok(
    Object.values(report.kinds).every((count) => count > 0),
    JSON.stringify(report.kinds),
  );
  for (const end of ['completed', 'planning_failed']) {
    assert.ok((report.ends[end] ?? 0) > 0, JSON.stringify(report.ends));
  }
});
