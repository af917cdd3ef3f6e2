import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { research } from '../../src/orchestrator/research.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FaultStore } from './fault-store.ts';
import { assertSound, Harness, soon, turns } from './harness.ts';
import { ScriptedCatalog } from './scripted-catalog.ts';

const busy = failure('overloaded', 'busy', true);
const plannerDown = ({ attemptId }: { readonly attemptId: string }) =>
  attemptId.includes('/planner/') ? busy : undefined;

const reasonOf = async (harness: Harness, key: WorkflowKey): Promise<string> =>
  (await harness.service.get(key)).blockedReason ?? '';

/** Runs workflows whose planner fails until the breaker of its model is open. */
async function openBreaker(harness: Harness): Promise<void> {
  harness.catalog.script = plannerDown;
  const keys = [await harness.research({}, { maxRetries: 4 })];
  for (let second = 0; second < 30; second++) await harness.advance(500);
  for (const key of keys) assert.equal((await harness.end(key)).status, 'failed');
  assert.equal(harness.gate.info('xai').breakers[0]?.state, 'open');
}

test('row 99: while a breaker is open a run waits, says for what and until when, and one probe decides', async () => {
  const harness = await Harness.started();
  await openBreaker(harness);
  const before = harness.catalog.calls.length;
  harness.catalog.script = () => 'hang';
  const keys = [await harness.research(), await harness.research()];
  await turns();
  assert.equal(harness.catalog.calls.length, before, 'fails fast: no call leaves');
  const [breaker] = harness.gate.info('xai').breakers;
  assert.equal(breaker?.model, 'model-p');
  for (const key of keys) {
    assert.equal(await harness.status(key), 'running');
    assert.equal(
      await reasonOf(harness, key),
      `breaker of xai/model-p: open since ${new Date(breaker.sinceTime).toISOString()}, ` +
        `next probe at ${new Date(breaker.retryTime ?? 0).toISOString()}`,
    );
  }
  await harness.advance(limits.breakerWaitMs);
  assert.equal(harness.catalog.calls.length, before + 1, 'one probe for all of them');
  assert.match(await reasonOf(harness, keys[1] as WorkflowKey), /a probe is under way$/);
  harness.catalog.script = () => undefined;
  harness.catalog.calls.at(-1)?.answerCanned();
  for (const key of keys) {
    const state = await harness.end(key);
    assert.equal(state.status, 'completed');
    assertSound(await harness.log(key));
  }
  await harness.stop();
});

test('waiting for a breaker before its first call costs an agent none of its time', async () => {
  const harness = await Harness.started();
  await openBreaker(harness);
  const key = await harness.research({}, { agentTimeoutMs: 5_000, workflowTimeoutMs: 3_600_000 });
  harness.catalog.script = () => undefined;
  await harness.advance(limits.breakerWaitMs);
  assert.equal((await harness.end(key)).status, 'completed');
  await harness.stop();
});

test('a probe that is cancelled makes room for the next one at once', async () => {
  const harness = await Harness.started();
  await openBreaker(harness);
  harness.catalog.script = () => 'hang';
  const keys = [await harness.research(), await harness.research()];
  const before = harness.catalog.calls.length;
  await harness.advance(limits.breakerWaitMs);
  const probing = (harness.catalog.calls.at(-1)?.request.attemptId ?? '').split('/')[0];
  const [probe, other] = keys[0]?.workflowId === probing ? keys : keys.toReversed();
  assert.ok(probe && other);
  await soon(harness.service.cancel(probe, undefined), 'the cancel');
  await turns();
  assert.equal(harness.catalog.calls.length, before + 2);
  assert.ok(harness.catalog.calls.at(-1)?.request.attemptId.startsWith(other.workflowId));
  await harness.stop();
});

test('while a breaker is open the next provider is called, with its own model and at its own price', async () => {
  const catalog = new ScriptedCatalog();
  catalog.known = ['xai', 'spare'];
  const harness = await Harness.started({
    catalog,
    rules: {
      xai: {
        fallback: [
          { provider: 'missing', models: {} },
          { provider: 'spare', models: { 'model-p': 'planning-spare' } },
        ],
        rateLimits: {},
      },
    },
  });
  catalog.price = (name, _model, usage) => ({
    costNanoUsd: (usage.inputTokens + usage.outputTokens) * (name === 'spare' ? 7 : 10),
    source: name,
  });
  await openBreaker(harness);
  catalog.script = () => undefined;
  const key = await harness.research({}, { maxCostUsd: 1 });
  const state = await harness.end(key);
  assert.equal(state.status, 'completed');
  const started = await harness.eventsOf(key, 'model_call_started');
  assert.deepEqual(
    started.map(({ agentId, provider, model }) => [agentId, provider, model]),
    [
      ['planner', 'spare', 'planning-spare'],
      ['researcher/0', 'xai', 'model-w'],
      ['researcher/1', 'xai', 'model-w'],
      ['final', 'xai', 'model-s'],
    ],
  );
  const [plan] = started;
  assert.ok(plan);
  assert.equal(plan.reserved.costNanoUsd, (plan.reserved.inputTokens + plan.reserved.outputTokens) * 7);
  const [ended] = await harness.eventsOf(key, 'model_call_ended');
  assert.equal(ended?.priceSource, 'spare');
  const sent = catalog.calls.find(({ request }) => request.attemptId.startsWith(`${key.workflowId}/planner`));
  assert.deepEqual([sent?.provider, sent?.request.model], ['spare', 'planning-spare']);
  const metadata = new Map(research.report(state).metadata);
  assert.equal(metadata.get('Provider'), 'spare, xai', 'the report names who answered');
  assert.equal(metadata.get('Models'), 'planning-spare, model-w, model-s');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a stand-in without a known price is not called under a cost cap, and is without one', async () => {
  const catalog = new ScriptedCatalog();
  catalog.known = ['xai', 'spare'];
  const harness = await Harness.started({
    catalog,
    rules: { xai: { fallback: [{ provider: 'spare', models: {} }], rateLimits: {} } },
  });
  catalog.price = (name, _model, usage) =>
    name === 'spare' ? undefined : { costNanoUsd: usage.inputTokens, source: name };
  await openBreaker(harness);
  catalog.script = () => undefined;
  const capped = await harness.research({}, { maxCostUsd: 1 });
  const free = await harness.research();
  const state = await harness.end(free);
  assert.equal(state.ledger.unpricedCalls, 1);
  assert.match(await reasonOf(harness, capped), /^breaker of xai\/model-p: open/);
  await harness.advance(limits.breakerWaitMs);
  assert.equal((await harness.end(capped)).status, 'completed');
  assert.ok(
    (await harness.eventsOf(capped, 'model_call_started')).every(({ provider }) => provider === 'xai'),
  );
  await harness.stop();
});

test('a run whose providers have all lost their configuration fails with the reason and without a call', async () => {
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const first = await Harness.started({ clock, store });
  first.catalog.script = () => 'hang';
  const key = await first.research();
  await soon(first.catalog.arrived(1), 'the plan');
  await first.shutDown(0);
  const catalog = new ScriptedCatalog();
  catalog.known = [];
  const second = await Harness.started({ clock, store, catalog });
  const state = await second.end(key);
  assert.equal(state.status, 'failed');
  assert.match(state.error?.message ?? '', /unconfigured: unknown provider xai/);
  assert.equal(catalog.calls.length, 0);
  assertSound(await second.log(key));
  await second.stop();
});

test('a rate limit that one run meets holds up every run, and is no time of their agents', async () => {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) =>
    attemptId.includes('/researcher/') ? failure('overloaded', 'busy', true) : undefined;
  // Its researchers fail once and are about to be tried again when the other run meets the limit.
  const waiting = await harness.research(
    {},
    { agentTimeoutMs: 30_000, workflowTimeoutMs: 3_600_000, maxRetries: 8 },
  );
  await soon(harness.event(waiting, 'agent_retrying', 2), 'both wait for their second attempt');
  harness.catalog.script = ({ attemptId }) =>
    attemptId.startsWith(waiting.workflowId) ? undefined : failure('rate_limited', 'slow', true, 120_000);
  const refused = await harness.research({}, { maxRetries: 0 });
  await harness.end(refused);
  await harness.advance(60_000);
  const { state } = await harness.service.get(waiting);
  assert.equal(state.agents.get('researcher/0')?.status, 'working', 'after twice its time limit');
  assert.equal(
    await reasonOf(harness, waiting),
    `rate limit of xai: next permit at ${new Date(harness.gate.info('xai').pausedUntilTime ?? 0).toISOString()}`,
  );
  await harness.advance(61_000);
  assert.equal((await harness.end(waiting)).status, 'completed');
  const log = await harness.log(waiting);
  assertSound(log);
  const waits = log.flatMap(({ data }) => (data.type === 'model_call_started' ? (data.waitedMs ?? []) : []));
  assert.equal(waits.length, 2);
  for (const ms of waits) assert.ok(ms > 110_000 && ms <= 120_000, `${ms} ms`);
  await harness.stop();
});

test('a pause during the wait for a rate limit keeps what the agents have left', async () => {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/researcher/') ? busy : undefined);
  const key = await harness.research(
    {},
    { agentTimeoutMs: 30_000, workflowTimeoutMs: 3_600_000, maxRetries: 8 },
  );
  await soon(harness.event(key, 'agent_retrying', 2), 'both wait for their second attempt');
  harness.catalog.script = ({ attemptId }) =>
    attemptId.startsWith(key.workflowId) ? undefined : failure('rate_limited', 'slow', true, 120_000);
  await harness.end(await harness.research({}, { maxRetries: 0 }));
  await harness.advance(60_000);
  await soon(harness.service.pause(key, undefined), 'the pause');
  const { agentRemainingMs } = await harness.event(key, 'workflow_paused');
  for (const ms of Object.values(agentRemainingMs)) assert.ok(ms > 28_000 && ms <= 30_000, `${ms} ms`);
  await harness.advance(1_000_000);
  await soon(harness.service.resume(key), 'the resume');
  assert.equal((await harness.end(key)).status, 'completed');
  assertSound(await harness.log(key));
  await harness.stop();
});

const tight = { xai: { fallback: [], rateLimits: { requestsPerMinute: 6 } } };

test('the turn of a run that is cancelled or paused while it waits goes to the next one', async () => {
  const harness = await Harness.started({ rules: tight });
  harness.catalog.script = () => 'hang';
  const keys: WorkflowKey[] = [];
  for (let run = 0; run < 4; run++) keys.push(await harness.research());
  const [first, cancelled, paused, last] = keys;
  assert.ok(first && cancelled && paused && last);
  await turns();
  assert.equal(harness.catalog.calls.length, 1);
  assert.equal(harness.gate.info('xai').waitingWorkflows, 3);
  assert.match(
    await reasonOf(harness, last),
    /^rate limit of xai: next permit at .*, 2 workflows are ahead$/,
  );
  await soon(harness.service.cancel(cancelled, undefined), 'the cancel');
  await soon(harness.service.pause(paused, undefined), 'the pause');
  assert.equal(harness.gate.info('xai').waitingWorkflows, 1);
  await harness.advance(11_000);
  assert.equal(harness.catalog.calls.length, 2);
  assert.ok(harness.catalog.calls.at(-1)?.request.attemptId.startsWith(last.workflowId));
  await harness.stop();
});

test('a permit that money does not let a run use goes to the next one', async () => {
  const harness = await Harness.started({ rules: tight });
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : 'hang');
  harness.catalog.usage = { inputTokens: 1, outputTokens: 1 };
  // Room for one researcher's reservation, not for two.
  const poor = await harness.research({ numAgents: 2 }, { maxTokens: 9_000 });
  const other = await harness.research({ numAgents: 1 });
  await harness.advance(60_000);
  const calls = harness.catalog.calls.map(({ request }) => request.attemptId);
  assert.deepEqual(calls.filter((id) => id.startsWith(poor.workflowId)).length, 2);
  assert.ok(calls.includes(`${other.workflowId}/researcher/0/0/1`));
  assert.match(await reasonOf(harness, poor), /^$|^budget/);
  await harness.stop();
});

test('a permit whose call does not become durable is taken once, however often the append is tried', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(new MemoryStore(clock));
  const harness = await Harness.started({ clock, store, rules: tight });
  harness.catalog.script = () => 'hang';
  let appends = 0;
  const stuck = await harness.research();
  store.fault = (command) => (command === 'append' && appends++ < 3 ? 'refuses' : 'works');
  await harness.advance(2_000);
  assert.ok(appends > 3);
  assert.equal(harness.catalog.calls.length, 1);
  await harness.advance(10_600);
  const next = await harness.research();
  await turns();
  assert.equal(harness.catalog.calls.length, 2, 'the next permit came when it was due');
  assert.ok(harness.catalog.calls[1]?.request.attemptId.startsWith(next.workflowId));
  assert.ok(harness.catalog.calls[0]?.request.attemptId.startsWith(stuck.workflowId));
  await harness.stop();
});
