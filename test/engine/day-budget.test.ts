import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationError } from '../../src/engine/application-error.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { dayOf } from '../../src/workflow/day-spend.ts';
import { assertSound, Harness, soon, turns } from './harness.ts';

const noon = Date.UTC(2026, 0, 1, 12);

async function harnessWith(maxTokens: number, startTime = noon): Promise<Harness> {
  const clock = new SimulatedClock(startTime, 1);
  return Harness.started({ clock, store: new MemoryStore(clock), dayCaps: { maxTokens } });
}

const spendOf = (harness: Harness): ReturnType<Harness['store']['spendOf']> =>
  harness.store.spendOf('default', dayOf(harness.clock.now()));

test('calls of all workflows together stay within the cap of the day; one that waits says for what', async () => {
  const harness = await harnessWith(4_000);
  harness.catalog.script = () => 'hang';
  const options = { maxOutputTokens: 500 };
  const keys = [];
  for (let number = 0; number < 4; number++) keys.push(await harness.research({ numAgents: 1 }, options));
  await turns();
  const open = harness.catalog.calls.length;
  assert.ok(open >= 1 && open < 4, `${open} calls fit`);
  const spend = await spendOf(harness);
  assert.ok(spend.heldTokens > 0 && spend.heldTokens <= 4_000);
  const waiting = keys[3];
  assert.ok(waiting);
  assert.match((await harness.service.get(waiting)).blockedReason ?? '', /budget.*day/);
  // What is settled for less than it held makes room for the next at once.
  harness.catalog.calls[0]?.answerCanned();
  await soon(harness.catalog.arrived(open + 1), 'the call that has waited');
  assert.ok((await spendOf(harness)).heldTokens <= 4_000);
  await harness.stop();
});

test('a day whose budget is used up fails a run that needs more, and the next day allows it', async () => {
  const harness = await harnessWith(3_000, Date.UTC(2026, 0, 1, 23, 59, 50));
  harness.catalog.usage = { inputTokens: 2_000, outputTokens: 500 };
  const options = { maxOutputTokens: 500, generateDocuments: false };
  const first = await harness.research({ numAgents: 1 }, options);
  const end = await harness.end(first);
  assert.equal(end.status, 'failed');
  assert.equal(end.error?.type, 'budget_exceeded');
  assert.match(end.error?.message ?? '', /daily_max_tokens/);
  assert.deepEqual(end.limitReached?.cap, 'day_tokens');
  assertSound(await harness.log(first));
  await harness.advance(10_000);
  harness.catalog.usage = { inputTokens: 100, outputTokens: 50 };
  const second = await harness.research({ numAgents: 1 }, options);
  assert.equal((await harness.end(second)).status, 'completed');
  await harness.stop();
});

test('with on_limit conclude a day that is used up ends in a report put together by code', async () => {
  const harness = await harnessWith(9_000);
  harness.catalog.script = ({ attemptId }) => {
    if (attemptId.includes('/researcher/')) harness.catalog.usage = { inputTokens: 3_500, outputTokens: 500 };
    return undefined;
  };
  const key = await harness.research(
    { numAgents: 4 },
    { maxOutputTokens: 500, onLimit: 'conclude', maxConcurrentAgents: 1 },
  );
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.conclusion?.reason, 'budget');
  assert.ok((end.completion?.completeness ?? 1) < 1);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('another process finds the day as it stands, and what was open there is settled on its day', async () => {
  const harness = await harnessWith(100_000);
  harness.catalog.script = () => 'hang';
  await harness.research({ numAgents: 1 });
  await soon(harness.catalog.arrived(1), 'the planner');
  await turns();
  const held = (await spendOf(harness)).heldTokens;
  assert.ok(held > 0);
  await harness.shutDown(0);
  const next = await Harness.started({
    clock: harness.clock,
    store: harness.store,
    dayCaps: { maxTokens: 100_000 },
  });
  await turns();
  const { spentTokens } = await spendOf(next);
  assert.ok(spentTokens >= held, 'the aborted call is charged in full');
  assert.equal((await next.service.stats()).today.spend.spentTokens, spentTokens);
  await next.stop();
});

test('a cost cap of the day refuses a model without a price', async () => {
  const clock = new SimulatedClock(noon, 1);
  const harness = await Harness.started({ clock, dayCaps: { maxCostNanoUsd: 1_000_000 } });
  harness.catalog.nanoUsdPerToken = undefined;
  await assert.rejects(
    harness.research(),
    (error: unknown) =>
      error instanceof ApplicationError &&
      error.violations[0]?.path.join('.') === 'options.model' &&
      error.message.includes('daily_max_cost_usd'),
  );
  await harness.stop();
});
