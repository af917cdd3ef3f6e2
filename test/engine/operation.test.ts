import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FaultStore, type Fault } from './fault-store.ts';
import { assertSound, Harness, LineLogger, soon, storeWith, turns, type HarnessOptions } from './harness.ts';

const day = 86_400_000;
const idsOf = (harness: Harness): string[] => [
  ...new Set(harness.catalog.calls.map(({ request }) => request.attemptId.split('/')[0] ?? '')),
];

async function researching(
  options: Record<string, unknown> = {},
  harnessOptions: HarnessOptions = {},
): Promise<{ harness: Harness; key: WorkflowKey }> {
  const harness = await Harness.started(harnessOptions);
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : 'hang');
  const key = await harness.research({ numAgents: 2 }, options);
  await soon(harness.catalog.arrived(3), 'two researchers');
  return { harness, key };
}

// Admission.

test('a free slot goes to the highest priority, then to the one that started first', async () => {
  const harness = await Harness.started({ supervisor: { maxLiveWorkflows: 1 } });
  const priorities = [0, 0, 5, -1, 5, 0];
  const keys: WorkflowKey[] = [];
  for (const priority of priorities) keys.push(await harness.research({}, { priority }));
  assert.match(
    (await harness.service.get(keys[3] ?? assert.fail())).blockedReason ?? '',
    /^slot: 4 workflows/,
  );
  for (const key of keys) assert.equal((await harness.end(key)).status, 'completed');
  assert.deepEqual(
    idsOf(harness),
    [0, 2, 4, 1, 5, 3].map((index) => keys[index]?.workflowId),
  );
  await harness.stop();
});

test('more than the pending limit is refused with a retry delay, also in a burst; finished workflows do not count', async () => {
  const harness = await Harness.started({ supervisor: { maxLiveWorkflows: 2, maxPendingWorkflows: 3 } });
  await harness.end(await harness.research());
  harness.catalog.script = () => 'hang';
  const burst = await Promise.allSettled(Array.from({ length: 20 }, () => harness.research()));
  const refused = burst.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 15);
  for (const { reason } of refused)
    assert.deepEqual(
      [reason.kind, reason.reason, reason.retryDelayMs],
      ['exhausted', 'PENDING_QUEUE_FULL', limits.startRetryDelayMs],
    );
  assert.deepEqual([harness.supervisor.liveCount, harness.supervisor.pendingCount], [2, 3]);
  await harness.stop();
});

// Request ids.

test('the same request id and body give the same workflow, another body a conflict, also in a race', async () => {
  const harness = await Harness.started();
  const request = { requestId: 'r-1' };
  const keys = await Promise.all([1, 2, 3].map(() => harness.research({}, {}, request)));
  assert.equal(new Set(keys.map(({ workflowId }) => workflowId)).size, 1);
  assert.deepEqual(await harness.research({}, {}, request), keys[0]);
  const other = harness.research({ numAgents: 3 }, {}, request);
  await assert.rejects(other, { kind: 'conflict', reason: 'REQUEST_ID_REUSED' });
  const { rows } = await harness.store.list({ tenant: defaultTenant, limit: 10 });
  assert.equal(rows.length, 1);
  await harness.stop();
});

test('a request id outlives its evicted workflow for a day: nothing is started again', async () => {
  const harness = await Harness.started({ supervisor: { retainTerminal: 0, retainAtLeastMs: 0 } });
  const key = await harness.research({}, {}, { requestId: 'r-1' });
  await soon(harness.supervisor.find(key)?.ended ?? assert.fail(), 'the end');
  await turns();
  await assert.rejects(harness.service.get(key), { kind: 'not_found' });
  const calls = harness.catalog.calls.length;
  await assert.rejects(harness.research({}, {}, { requestId: 'r-1' }), {
    kind: 'not_found',
    metadata: { workflow_id: key.workflowId },
  });
  assert.equal(harness.catalog.calls.length, calls);
  await harness.jump(limits.requestIdKeptMs);
  assert.notEqual((await harness.research({}, {}, { requestId: 'r-1' })).workflowId, key.workflowId);
  await harness.stop();
});

// Retention.

test('rows 18 and 19: with retain_at_least 0 the 101st completion evicts the oldest one, info, events and result together', async () => {
  const harness = await Harness.started({ supervisor: { retainAtLeastMs: 0 } });
  const keys: WorkflowKey[] = [];
  for (let run = 0; run < 101; run++) {
    const key = await harness.research({ numAgents: 1 });
    await soon(harness.supervisor.find(key)?.ended ?? assert.fail(), 'an end');
    keys.push(key);
    await harness.advance(1);
  }
  const [oldest, second] = keys;
  assert.ok(oldest && second);
  for (const read of [
    harness.service.get(oldest),
    harness.service.events(oldest, 0, 1),
    harness.service.documents(oldest),
  ])
    await assert.rejects(read, { kind: 'not_found' });
  assert.equal((await harness.service.get(second)).state.status, 'completed');
  assert.equal(harness.supervisor.liveCount, 0);
  await harness.stop();
});

test('finished workflows stay at least retain_at_least and at most retain_for', async () => {
  const harness = await Harness.started({ supervisor: { retainTerminal: 1 } });
  const keys = [await harness.research(), await harness.research()];
  for (const key of keys) await harness.end(key);
  const kept = async (): Promise<number> =>
    (await harness.store.list({ tenant: defaultTenant, limit: 10 })).rows.length;
  await harness.jump(limits.retainAtLeastMs - 10_000);
  assert.equal(await kept(), 2);
  await harness.jump(20_000);
  assert.equal(await kept(), 1);
  await harness.jump(7 * day);
  assert.equal(await kept(), 0);
  await harness.stop();
});

// Pause.

test('a pause lets calls under way finish, starts nothing, frees the slot, and stops the clocks', async () => {
  const { harness, key } = await researching(
    { workflowTimeoutMs: 100_000, agentTimeoutMs: 60_000 },
    { supervisor: { maxLiveWorkflows: 1 } },
  );
  await harness.advance(10_000);
  const { state } = await soon(harness.service.pause(key, 'lunch'), 'the pause');
  assert.equal(state.status, 'paused');
  const paused = await harness.event(key, 'workflow_paused');
  assert.deepEqual(
    [paused.reason, paused.remainingMs, paused.agentRemainingMs],
    ['lunch', 90_000, { 'researcher/0': 50_000, 'researcher/1': 50_000 }],
  );
  harness.catalog.calls[1]?.answerCanned();
  await turns();
  assert.equal((await harness.eventsOf(key, 'model_call_ended')).length, 2, 'its end is recorded');
  assert.equal((await harness.eventsOf(key, 'agent_completed')).length, 1, 'nothing is decided');
  harness.catalog.script = () => undefined;
  const other = await harness.research();
  assert.equal((await harness.end(other)).status, 'completed', 'the slot is free');
  const calls = harness.catalog.calls.length;
  await harness.advance(500_000);
  assert.equal(await harness.status(key), 'paused', 'no deadline passes');
  assert.equal(harness.catalog.calls.length, calls);
  await soon(harness.service.resume(key), 'the resume');
  const admitted = await soon(harness.event(key, 'workflow_admitted', 2), 'the second admission');
  assert.equal(admitted.deadline, harness.clock.now() + 90_000);
  await turns();
  const live = (await harness.service.get(key)).state;
  assert.equal(live.agents.get('researcher/0')?.status, 'completed');
  assert.equal(live.agents.get('researcher/1')?.deadline, harness.clock.now() + 50_000);
  harness.catalog.calls[2]?.answerCanned();
  assert.equal((await harness.end(key)).status, 'completed');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a workflow that waits can be paused; after seven days a pause times out and names its limit', async () => {
  const { harness } = await researching({}, { supervisor: { maxLiveWorkflows: 1, retainForMs: 30 * day } });
  const key = await harness.research();
  await soon(harness.service.pause(key, undefined), 'the pause');
  assert.equal(harness.supervisor.pendingCount, 0);
  await soon(harness.service.pause(key, undefined), 'a second pause');
  await harness.jump(7 * day - 1);
  assert.equal(await harness.status(key), 'paused');
  await harness.jump(1);
  const state = await harness.end(key);
  assert.equal(state.status, 'timed_out');
  assert.match(state.error?.message ?? '', /pause limit of 7 days/);
  await assert.rejects(harness.service.resume(key), { kind: 'wrong_state' });
  await harness.stop();
});

// Shutdown.

test('rows 65 and 66: a shutdown waits for attempts under way, aborts them at the grace, and the next process goes on', async () => {
  const { harness, key } = await researching({ maxRetries: 0 });
  const waiting = harness.supervisor.shutDown(30_000, 'drain');
  await turns();
  await assert.rejects(harness.research(), { kind: 'unavailable', retryDelayMs: limits.startRetryDelayMs });
  assert.equal(harness.service.draining, true);
  harness.catalog.calls[1]?.answerCanned();
  await harness.advance(29_999);
  assert.equal(harness.catalog.calls[2]?.aborted, false);
  await harness.advance(1);
  assert.deepEqual(await soon(waiting, 'the drain'), {
    workflowsReleased: 1,
    workflowsCancelled: 0,
    callsAborted: 1,
  });
  assert.equal(harness.catalog.calls[2]?.aborted, true);
  assert.equal(harness.catalog.calls.length, 3, 'nothing new began');
  const log = await harness.log(key);
  assertSound(log);
  const clock = new SimulatedClock(log.at(-1)?.time);
  const second = await Harness.started({ clock, store: await storeWith(clock, [log]) });
  assert.equal(
    (await second.end(key)).status,
    'completed',
    'rows 72 and 93; the aborted attempt used up no retry',
  );
  assert.deepEqual(
    second.catalog.calls.map(({ request }) => request.attemptId.split('/').slice(1).join('/')),
    ['researcher/1/0/2', 'final/0/1'],
  );
  await second.stop();
});

test('row 66: a shutdown ends although a provider ignores its abort, and may be asked for twice', async () => {
  const { harness } = await researching();
  harness.catalog.script = () => 'ignore abort';
  const stubborn = await harness.research();
  await soon(harness.catalog.arrived(4), 'the stubborn planner');
  const first = harness.supervisor.shutDown(1_000, 'drain');
  const again = harness.supervisor.shutDown(1_000, 'drain');
  await harness.advance(1_000 + limits.cancelQuiescenceMs);
  const report = await soon(first, 'the drain');
  assert.equal(report.workflowsReleased, 2);
  assert.deepEqual(await soon(again, 'the second'), report);
  assertSound(await harness.log(stubborn));
});

test('rows 65 and 88: with policy cancel every workflow is cancelled, each with a log line', async () => {
  const logger = new LineLogger();
  const { harness, key } = await researching({}, { logger, supervisor: { maxLiveWorkflows: 1 } });
  const waiting = await harness.research();
  const report = await harness.shutDown(30_000, 'cancel');
  assert.equal(report.workflowsCancelled, 2);
  for (const one of [key, waiting])
    assert.equal((await harness.log(one)).at(-1)?.data.type, 'workflow_cancelled');
  const lines = logger.of('info').filter(({ message }) => message === 'workflow cancelled by shutdown');
  assert.deepEqual(
    new Set(lines.map(({ fields }) => fields['workflow_id'])),
    new Set([key.workflowId, waiting.workflowId]),
  );
});

test('row 68: after a shutdown nothing waits for time', async () => {
  const { harness } = await researching();
  await harness.shutDown(0);
  const { clock } = harness;
  assert.ok(clock instanceof SimulatedClock);
  assert.equal(clock.pendingTimers, 0);
});

// A store that fails.

function faulty(): { clock: SimulatedClock; store: FaultStore } {
  const clock = new SimulatedClock();
  return { clock, store: new FaultStore(new MemoryStore(clock)) };
}

test('while the store refuses, a start is refused with a retry delay and live workflows wait, saying why', async () => {
  const { clock, store } = faulty();
  const { harness, key } = await researching({}, { clock, store });
  store.fault = (command) => (command === 'append' ? 'refuses' : 'works');
  harness.catalog.script = () => undefined;
  harness.catalog.calls[1]?.answerCanned();
  await turns();
  await assert.rejects(harness.research(), { kind: 'unavailable', retryDelayMs: limits.startRetryDelayMs });
  assert.match((await harness.service.get(key)).blockedReason ?? '', /^disk: /);
  await harness.advance(20_000);
  assert.equal(harness.catalog.calls.length, 3, 'no call leaves before it is in the log');
  store.fault = () => 'works';
  harness.catalog.calls[2]?.answerCanned();
  await harness.advance(10_000);
  assert.equal((await harness.end(key)).status, 'completed');
  assert.equal(harness.supervisor.registeredCount, 0);
  await harness.stop();
});

test('row 91: appends that are refused or whose answer is lost at random neither lose nor double anything', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { store } = faulty();
    const clock = new SimulatedClock(Date.UTC(2026, 0, 1), seed);
    const told: number[] = [];
    const harness = await Harness.started({
      clock,
      store,
      observers: [{ committed: (_, events) => void told.push(...events.map(({ sequence }) => sequence)) }],
    });
    const key = await harness.research({ numAgents: 6 });
    const faults: readonly Fault[] = ['works', 'refuses', 'loses answers'];
    store.fault = (command) =>
      command === 'append' || command === 'read'
        ? (faults[Math.floor(clock.random() * 3)] ?? 'works')
        : 'works';
    for (let minute = 0; harness.supervisor.find(key) && minute < 100; minute++) await harness.jump(60_000);
    store.fault = () => 'works';
    const state = await harness.end(key);
    assert.equal(state.status, 'completed', `seed ${seed}: ${state.error?.message}`);
    const log = await harness.log(key);
    assertSound(log);
    const ids = harness.catalog.calls.map(({ request }) => request.attemptId);
    assert.equal(new Set(ids).size, ids.length, `seed ${seed}: no call twice`);
    assert.deepEqual(
      told,
      log.map(({ sequence }) => sequence),
      `seed ${seed}: observers hear everything once`,
    );
    await harness.stop();
  }
});

test('a start whose answer was lost is taken up by the sweep, and its request id finds it', async () => {
  const { clock, store } = faulty();
  const harness = await Harness.started({ clock, store });
  store.fault = (command) => (command === 'append' ? 'loses answers' : 'works');
  await assert.rejects(harness.research({}, {}, { requestId: 'r' }), { kind: 'unavailable' });
  store.fault = () => 'works';
  const key = await harness.research({}, {}, { requestId: 'r' });
  await harness.advance(limits.sweepMs);
  assert.equal((await harness.end(key)).status, 'completed');
  const { rows } = await harness.store.list({ tenant: defaultTenant, limit: 5 });
  assert.equal(rows.length, 1);
  await harness.stop();
});

test('a store that fails while a workflow is taken over does not leave it blocked: the next sweep goes on', async () => {
  const { clock, store } = faulty();
  const harness = await Harness.started({ clock, store });
  store.fault = (command) => (command === 'append' ? 'loses answers' : 'works');
  await assert.rejects(harness.research(), { kind: 'unavailable' });
  store.fault = (command) => (command === 'read' ? 'refuses' : 'works');
  await harness.advance(limits.sweepMs);
  assert.equal(harness.supervisor.registeredCount, 0);
  store.fault = () => 'works';
  const [open] = await store.openWorkflows();
  assert.ok(open);
  assert.equal((await harness.service.get(open.key)).blockedReason, undefined);
  await harness.advance(limits.sweepMs);
  assert.equal((await harness.end(open.key)).status, 'completed');
  await harness.stop();
});

test('an engine does not start to serve from a store that cannot be read', async () => {
  const { clock, store } = faulty();
  store.fault = () => 'refuses';
  const harness = new Harness({ clock, store });
  await assert.rejects(harness.supervisor.start(), { name: 'StoreUnavailableError' });
  assert.equal(harness.supervisor.accepting, false);
});

test('a caller that waits for a cancel hears when the process lets go of a workflow whose store does not answer', async () => {
  const { clock, store } = faulty();
  const { harness, key } = await researching({}, { clock, store });
  store.fault = (command) => (command === 'append' || command === 'release' ? 'refuses' : 'works');
  const cancelling = harness.service.cancel(key, undefined);
  cancelling.catch(() => undefined);
  await harness.advance(1_000);
  await harness.shutDown(1_000);
  await assert.rejects(soon(cancelling, 'the answer'), { kind: 'unavailable' });
});

test('a store that does not answer at all does not keep the process from stopping', async () => {
  const { clock, store } = faulty();
  const { harness } = await researching({}, { clock, store });
  store.fault = () => 'hangs';
  harness.catalog.calls[1]?.answerCanned();
  const done = harness.supervisor.shutDown(1_000, 'drain');
  await harness.advance(1_000 + limits.cancelQuiescenceMs);
  const report = await soon(done, 'the drain');
  assert.equal(report.workflowsReleased, 1);
});

test('a store that hangs when ownership is given back does not keep the process either', async () => {
  const { clock, store } = faulty();
  const { harness } = await researching({}, { clock, store });
  store.fault = (command) => (command === 'release' ? 'hangs' : 'works');
  const done = harness.supervisor.shutDown(1_000, 'drain');
  await harness.advance(1_000 + limits.cancelQuiescenceMs);
  assert.equal((await soon(done, 'the drain')).workflowsReleased, 1);
});
