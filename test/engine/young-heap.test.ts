import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { getHeapSpaceStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collectYoung } from '../../src/engine/young-heap.ts';

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_used_size ?? 0;

test('what is young and needed no more is gone after a collection, and the collector is shown to nobody else', () => {
  collectYoung();
  const wanted = youngBytes() + 100_000;
  let grown = 0;
  // V8 may collect of itself on the way.
  for (let round = 0; grown < wanted; round++) {
    assert.ok(round < 10_000, 'nothing is born young');
    Array.from({ length: 100 }, () => ({ round }));
    grown = youngBytes();
  }
  collectYoung();
  assert.ok(youngBytes() < grown, `${youngBytes()} of ${grown} bytes are young still`);
  assert.equal('gc' in globalThis, process.execArgv.includes('--expose-gc'));
  assert.equal(runInNewContext('typeof gc'), 'undefined');
});

test('where V8 was told another name for its collector nothing fails: it is left to itself', () => {
  const module = new URL('../../src/engine/young-heap.ts', import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(({ collectYoung }) => collectYoung())`;
  const { status, stderr } = spawnSync(process.execPath, ['--expose-gc-as=collect', '-e', script], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
