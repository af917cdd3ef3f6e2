import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { loadCustomOrchestrators } from '../../src/orchestrator/custom-module.ts';
import { defineOrchestrator } from '../../src/orchestrator/define-orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';

const sample = defineOrchestrator({
  name: 'sample',
  version: 1,
  description: 'A sample.',
  input: { task: z.string() },
  task: ({ task }) => task,
  stages: () => [1],
  next: ({ ended }) =>
    ended('one') ? { finish: 'one' } : { ask: [{ id: 'one', title: 'One', instruction: 'Do it.' }] },
});

/** The fault of a module that exports this as default. */
async function faultOf(exported: unknown): Promise<string> {
  const { orchestrators, faults } = await loadCustomOrchestrators(['/etc/own.ts'], [research], () =>
    Promise.resolve({ default: exported }),
  );
  assert.deepEqual(orchestrators, []);
  assert.equal(faults[0]?.path, '/etc/own.ts');
  return faults[0]?.fault ?? '';
}

test('a module that keeps the contract is loaded', async () => {
  const { orchestrators, faults } = await loadCustomOrchestrators(['/a.ts'], [research], () =>
    Promise.resolve({ default: sample }),
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(orchestrators, [sample]);
});

test('whatever is wrong with a module is said in a sentence about it', async () => {
  const mute = { ...sample, next: undefined };
  const cases: readonly (readonly [RegExp, unknown])[] = [
    [/exports no orchestrator as default, found undefined/, undefined],
    [/exports no orchestrator as default, found function/, () => sample],
    [
      /has a name that is not lower-case letters and underscores.*"Sample-1"/,
      { ...sample, name: 'Sample-1' },
    ],
    [/names itself "research", and another orchestrator has that name/, { ...sample, name: 'research' }],
    [/has a version that is not a whole number from 1: 0/, { ...sample, version: 0 }],
    [/has no description/, { ...sample, description: undefined }],
    [/has no method next/, mute],
    [/has an inputSchema that is no zod schema/, { ...sample, inputSchema: {} }],
    [/accepts unknown fields; use z\.strictObject/, { ...sample, inputSchema: z.object({}) }],
  ];
  for (const [fault, exported] of cases) assert.match(await faultOf(exported), fault);
});

test('every module that is none is named, with the error of its import', async () => {
  const { orchestrators, faults } = await loadCustomOrchestrators(
    ['/a.ts', '/b.ts', '/c.ts'],
    [research],
    (path) =>
      path === '/b.ts' ? Promise.reject(new Error('no such file')) : Promise.resolve({ default: sample }),
  );
  assert.deepEqual(orchestrators, [sample]);
  assert.deepEqual(
    faults.map(({ index, path, fault }) => [index, path, fault]),
    [
      [1, '/b.ts', 'cannot be loaded: no such file'],
      [2, '/c.ts', 'names itself "sample", and another orchestrator has that name'],
    ],
  );
});
