import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure } from '../../src/workflow/failure.ts';
import { limits } from '../../src/workflow/limits.ts';
import { retryDelayMs } from '../../src/workflow/retry-policy.ts';

test('the delay doubles with every failure, is drawn from all of it, and has an end', () => {
  const busy = failure('overloaded', 'busy', true);
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => retryDelayMs(failures, busy, 0.999_999)),
    [500, 1_000, 2_000, 4_000],
  );
  assert.equal(retryDelayMs(4, busy, 0), 0);
  assert.equal(retryDelayMs(1_000, busy, 0.999_999), limits.backoffMaxMs);
});

test('a provider that names a time is not called before it, whatever it was that failed', () => {
  for (const code of ['rate_limited', 'overloaded'] as const) {
    assert.equal(retryDelayMs(1, failure(code, 'later', true, 20_000), 0.5), 20_000, code);
    assert.equal(retryDelayMs(1, failure(code, 'later', true, 1e9), 0.5), limits.retryAfterMsMax, code);
  }
});

test('after a rate limit a second passes at least, also when the provider says "now"', () => {
  assert.equal(retryDelayMs(1, failure('rate_limited', 'now', true, 0), 0), limits.rateLimitFloorMs);
  assert.equal(retryDelayMs(1, failure('overloaded', 'now', true, 0), 0), 0);
});
