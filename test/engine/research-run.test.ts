import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, Harness } from './harness.ts';

test('a research run of eight agents goes through plan, research, two group syntheses, the executive and its report', async () => {
  const harness = await Harness.started();
  const key = await harness.research({ numAgents: 8 });
  const state = await harness.end(key);
  assert.equal(state.status, 'completed');
  assert.equal(state.completion?.completeness, 1);
  assert.equal(state.completion?.finalAgentId, 'executive');
  assert.equal(state.progress, 100);
  assert.equal(harness.catalog.calls.length, 1 + 8 + 2 + 1);
  assertSound(await harness.log(key));
  const [document] = await harness.service.documents(key);
  assert.match(Buffer.from(document?.bytes ?? []).toString(), /^# Research: /);
  await harness.stop();
});
