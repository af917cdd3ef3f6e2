import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/workflow/limits.ts';
import { sharedOptions } from '../../src/workflow/shared-options.ts';
import { LogBuilder } from './log-builder.ts';

test('workflows with the same options hold one object, and others their own', () => {
  const { options } = new LogBuilder().state;
  const copy = structuredClone(options);
  assert.notEqual(copy, options);
  assert.equal(sharedOptions(copy), sharedOptions(options));
  const other = { ...copy, labels: { team: 'tides' } };
  assert.deepEqual(sharedOptions(other), other);
  assert.notEqual(sharedOptions(other), sharedOptions(options));
});

test('however many different options there are, each workflow gets equal ones', () => {
  const { options } = new LogBuilder().state;
  for (let number = 0; number <= 2 * limits.sharedOptionsMax; number++) {
    const labels = { number: String(number) };
    assert.deepEqual(sharedOptions({ ...options, labels }), { ...options, labels });
  }
  assert.deepEqual(sharedOptions(structuredClone(options)), options);
});
