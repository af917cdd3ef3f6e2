import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertProperty, nat, property } from 'fast-check';
import { closestName } from '../../src/config/closest-name.ts';
import { formatDuration, parseDuration } from '../../src/config/duration.ts';

test('reads durations with their unit', () => {
  const cases = {
    '250ms': 250,
    '30s': 30_000,
    '1.5s': 1_500,
    '5m': 300_000,
    '1h': 3_600_000,
    '7d': 604_800_000,
    '0': 0,
  };
  for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
});

test('refuses a duration without unit, sign, spaces or with more than one unit', () => {
  for (const text of ['30', '', 's', '-1s', '1 s', '1h30m', '1e3s', '1w', '١s']) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test('reads back every duration it writes', () => {
  assertProperty(property(nat(2 ** 31), (ms) => parseDuration(formatDuration(ms)) === ms));
});

test('suggests the name that was meant and none when nothing is near', () => {
  assert.equal(closestName('grpc_prot', ['grpc_port', 'grpc_host']), 'grpc_port');
  assert.equal(closestName('xyzzy', ['grpc_port', 'grpc_host']), undefined);
  assert.equal(closestName('g'.repeat(10_000), ['grpc_port']), undefined);
});
