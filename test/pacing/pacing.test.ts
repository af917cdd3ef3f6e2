import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pacingRun } from './pacing-run.ts';

test('two runs share a provider of 600 requests a minute: 90 % used, less than 1 % refused, about half each', async () => {
  const { usedShare, refusedShare, shares, blockedReason } = await pacingRun({ requestsPerMinute: 600 });
  assert.ok(usedShare >= 0.9, `${usedShare} used`);
  assert.ok(refusedShare < 0.01, `${refusedShare} refused`);
  for (const share of shares) assert.ok(share >= 0.45 && share <= 0.55, `shares ${shares.join(', ')}`);
  assert.match(blockedReason, /^rate limit of strict: next permit at \d{4}-/);
});

test('without a configured limit both runs go on by what the provider refuses', async () => {
  const { shares, accepted } = await pacingRun({ requestsPerMinute: undefined });
  assert.ok(accepted > 0);
  for (const share of shares) assert.ok(share > 0.1, `shares ${shares.join(', ')}`);
});
