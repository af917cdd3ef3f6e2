import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { campaignChild } from './campaign-child.ts';
import { missingCoverage } from './campaign-text.ts';
import { emptyReport } from './campaign.ts';
import { mutants } from './mutants.ts';

/** Each breaks another kind of rule and is noticed within a few seeds. */
const quickMutants = ['act before append', 'no fence', 'budget settle skipped'];
const quickSeedsMax = 300;

test('every mutant still changes exactly one place of the product', () => {
  for (const { name, patches } of mutants) {
    for (const { file, find } of patches) {
      const source = readFileSync(fileURLToPath(new URL(`../../src/${file}`, import.meta.url)), 'utf8');
      assert.equal(source.split(find).length - 1, 1, `${name}: ${JSON.stringify(find)} in src/${file}`);
    }
  }
});

for (const name of quickMutants) {
  test(`the simulation notices the mutant "${name}"`, async () => {
    const { failed } = await campaignChild(
      { from: 1, count: quickSeedsMax, step: 1, stopAtFirst: true },
      name,
    );
    assert.equal(failed.length, 1);
  });
}

test('a misfortune that never happens in thousands of lives is reported', () => {
  assert.deepEqual(missingCoverage(emptyReport()), []);
  const missing = missingCoverage({ ...emptyReport(), seeds: 2_000 });
  assert.ok(missing.includes('node: crash') && missing.includes('workflow_recovered'));
  assert.ok(missing.includes('tool_call_started') && missing.includes('conclusion_requested'));
});
