import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { ApplicationError } from '../../src/engine/application-error.ts';
import { research } from '../../src/orchestrator/research.ts';
import { defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { failure } from '../../src/workflow/failure.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { assertSound, Harness, LineLogger, soon, turns } from './harness.ts';

test('row 1: a live workflow is registered under its id, and the count equals the live workflows', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => 'hang';
  const keys = [await harness.research(), await harness.research(), await harness.research()];
  for (const key of keys) assert.equal(harness.supervisor.find(key)?.key.workflowId, key.workflowId);
  await soon(harness.catalog.arrived(3), 'three planners');
  assert.equal(harness.supervisor.registeredCount, 3);
  assert.equal(harness.supervisor.liveCount, 3);
  assert.equal((await harness.service.stats()).liveWorkflows, 3);
  await harness.stop();
});

test('rows 2 and 13: start answers with a pending workflow before any agent runs, and the run needs no caller', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => 'hang';
  const { state } = await harness.service.start({
    tenant: defaultTenant,
    method: 'StartResearch',
    orchestrator: 'research',
    input: { task: '  How do durable workflows survive crashes?  ', numAgents: 2 },
    inputPath: [],
    options: { labels: { team: 'a' }, maxRetries: 1 },
  });
  assert.equal(harness.catalog.calls.length, 0);
  assert.match(state.workflowId, /^research_[a-f0-9]{12}$/);
  assert.equal(state.status, 'pending');
  assert.equal(state.orchestrator, 'research');
  assert.equal(state.task, 'How do durable workflows survive crashes?');
  assert.equal(state.createTime, harness.clock.now());
  assert.deepEqual([state.startTime, state.endTime, state.error], [undefined, undefined, undefined]);
  assert.deepEqual([state.options.labels, state.options.maxRetries], [{ team: 'a' }, 1]);
  await soon(harness.catalog.arrived(1), 'the planner');
  await harness.stop();
});

test('row 3: nothing grows over 1,000 runs that succeed, fail and are cancelled', async () => {
  const harness = await Harness.started({
    supervisor: { maxPendingWorkflows: 1_000, retainTerminal: 10, retainAtLeastMs: 0 },
  });
  harness.catalog.script = ({ model }) =>
    model === 'bad' ? failure('rejected', 'no') : model === 'slow' ? 'hang' : undefined;
  const clock = harness.clock;
  assert.ok(clock instanceof SimulatedClock);
  const timers = clock.pendingTimers;
  for (let batch = 0; batch < 20; batch++) {
    const keys = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        harness.research(
          { numAgents: 1 },
          { model: ['good', 'bad', 'slow'][i % 3], generateDocuments: false },
        ),
      ),
    );
    const slow = keys.filter((_, i) => i % 3 === 2);
    await Promise.all(slow.map((key) => soon(harness.service.cancel(key, undefined), 'a cancel')));
    for (let turn = 0; harness.supervisor.registeredCount > 0 && turn < 300; turn++) await turns(1);
  }
  assert.equal(harness.supervisor.registeredCount, 0);
  assert.equal(harness.supervisor.liveCount, 0);
  assert.equal(harness.supervisor.pendingCount, 0);
  await turns();
  assert.equal(clock.pendingTimers, timers);
  const { rows } = await harness.store.list({ tenant: defaultTenant, limit: 1_000 });
  assert.equal(rows.length, 10);
  await harness.stop();
});

test('rows 4, 29 and 33: a defect in the rules fails the workflow with its text, logs id and error once, and nothing else stops', async () => {
  const logger = new LineLogger();
  const defect = new TypeError('cannot read the plan');
  const broken = {
    ...research,
    name: 'broken',
    next: () => {
      throw defect;
    },
  };
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  const harness = await Harness.started({ orchestrators: [research, broken], logger });
  const { state } = await harness.service.start({
    tenant: defaultTenant,
    method: 'StartWorkflow',
    orchestrator: 'broken',
    input: { task: 'A task that cannot be done' },
    inputPath: ['input'],
    options: {},
  });
  const key: WorkflowKey = { tenant: defaultTenant, workflowId: state.workflowId };
  const healthy = await harness.research();
  const end = await harness.end(key);
  assert.equal(end.status, 'failed');
  assert.deepEqual(end.error, { type: 'TypeError', message: 'cannot read the plan' });
  assert.equal(end.endTime, harness.clock.now());
  const lines = logger.of('error');
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.fields['workflow_id'], key.workflowId);
  assert.equal(lines[0]?.fields['error'], defect);
  assert.equal((await harness.end(healthy)).status, 'completed');
  assert.equal(
    harness.catalog.calls.filter(({ request }) => request.attemptId.startsWith('broken')).length,
    0,
  );
  await turns();
  process.off('unhandledRejection', onUnhandled);
  assert.deepEqual(unhandled, []);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('rows 29 and 33: a provider that throws what no provider should ends its agent, not the process', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => () => {
    throw new RangeError('out of range');
  };
  const key = await harness.research();
  const state = await harness.end(key);
  assert.equal(state.status, 'failed');
  assert.match(state.error?.message ?? '', /out of range/);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('row 30: whoever waits for news has the failure in the log before the workflow leaves the registry', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => failure('rejected', 'no such model');
  const key = await harness.research();
  const failed = await soon(harness.event(key, 'workflow_failed'), 'the failure');
  assert.equal(failed.error.type, 'planning_failed');
  assert.match(failed.error.message, /no such model/);
  await harness.stop();
});

test('row 34: a failed run has measured times and the cost of everything that was paid', async () => {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : 'hang');
  const key = await harness.research({ numAgents: 1 });
  await soon(harness.catalog.arrived(2), 'the researcher');
  await harness.advance(4_000);
  harness.catalog.calls[1]?.fail(failure('rejected', 'no'));
  const state = await harness.end(key);
  assert.equal(state.status, 'failed');
  assert.equal((state.endTime ?? 0) - (state.startTime ?? 0), 4_000);
  assert.equal(state.ledger.spentNanoUsd, 150 * 10);
  const row = await harness.store.row(key);
  assert.equal(row?.costNanoUsd, 1_500);
  await harness.stop();
});

test('rows 10 and 20: an unknown id is not found in every method', async () => {
  const harness = await Harness.started();
  const key = { tenant: defaultTenant, workflowId: 'research_000000000000' };
  const notFound = { kind: 'not_found', reason: 'WORKFLOW_NOT_FOUND' };
  const { service } = harness;
  await assert.rejects(service.get(key), notFound);
  await assert.rejects(service.events(key, 0, 1), notFound);
  await assert.rejects(service.wait(key, 1, new AbortController().signal), notFound);
  await assert.rejects(service.cancel(key, undefined), notFound);
  await assert.rejects(service.pause(key, undefined), notFound);
  await assert.rejects(service.resume(key), notFound);
  await assert.rejects(service.documents(key), notFound);
  // Another tenant's workflow is unknown, too.
  const mine = await harness.research();
  await assert.rejects(service.get({ ...mine, tenant: 'other' }), notFound);
  await harness.stop();
});

test('row 20: nothing a caller does to a returned value changes the workflow', async () => {
  const harness = await Harness.started();
  const key = await harness.research({}, { labels: { team: 'a' } });
  harness.catalog.script = () => 'hang';
  const deface = (value: unknown, depth = 0): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    for (const part of value instanceof Map ? value.values() : Object.values(value)) deface(part, depth + 1);
    try {
      if (value instanceof Map) value.clear();
      else for (const name of Object.keys(value)) Reflect.set(value, name, 'defaced');
    } catch {
      // Refusing to be changed is as good as not being affected.
    }
  };
  for (const read of [
    async () => deface(await harness.log(key)),
    async () => deface(await harness.store.row(key)),
    async () => deface((await harness.service.list({ tenant: defaultTenant, limit: 5 })).rows),
  ])
    await read();
  assertSound(await harness.log(key));
  const state = await harness.end(key).catch(() => undefined);
  assert.ok(state === undefined || state.options.labels['team'] === 'a');
  const after = await harness.store.row(key);
  assert.equal(after?.workflowId, key.workflowId);
  assert.deepEqual(after?.labels, { team: 'a' });
  await harness.stop();
});

test('rows 11 and 90: whoever reads while workflows run sees whole states only', async () => {
  const harness = await Harness.started();
  const keys = await Promise.all(Array.from({ length: 20 }, () => harness.research({ numAgents: 5 })));
  let reads = 0;
  for (let round = 0; harness.supervisor.registeredCount > 0 && round < 500; round++) {
    for (const key of keys) {
      const [{ state }, row, log] = await Promise.all([
        harness.service.get(key),
        harness.store.row(key),
        harness.log(key),
      ]);
      assert.ok(row);
      reads++;
      // A live state is never behind what is durable by more than the append under way, and never torn.
      const ended = [...state.agents.values()].filter(({ status }) => status === 'completed').length;
      assert.ok(ended <= state.agents.size);
      if (state.status === 'completed') assert.equal(state.completion?.completeness, 1);
      assert.equal(log.at(-1)?.sequence, log.length);
      if (row.sequence === state.sequence) {
        assert.equal(row.status, state.status);
        assert.equal(row.agentsCompleted, ended);
        assert.equal(row.costNanoUsd, state.ledger.spentNanoUsd);
      }
    }
    await turns(1);
  }
  assert.ok(reads >= 20);
  for (const key of keys) {
    assert.equal((await harness.end(key)).status, 'completed');
    assertSound(await harness.log(key));
  }
  await harness.stop();
});

test('a new id that another owner holds, or takes meanwhile, is refused so that the caller tries again', async () => {
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const harness = await Harness.started({ clock, store });
  const claim = store.claim.bind(store);
  const refusals: readonly MemoryStore['claim'][] = [
    async () => undefined,
    async (key, owner) => {
      const epoch = await claim(key, owner);
      // Somebody else claims between this claim and the first append.
      await claim(key, 'another');
      return epoch;
    },
  ];
  for (const refusal of refusals) {
    store.claim = refusal;
    await assert.rejects(harness.research(), (error) => {
      assert.ok(error instanceof ApplicationError);
      assert.equal(error.kind, 'unavailable');
      assert.equal(error.reason, 'WORKFLOW_ID_TAKEN');
      assert.ok((error.retryDelayMs ?? 0) > 0);
      return true;
    });
  }
  store.claim = claim;
  assert.equal(harness.supervisor.registeredCount, 0);
  assert.equal((await harness.end(await harness.research())).status, 'completed');
  await harness.stop();
});

test('a paused workflow that another owner has claimed is let go by the next sweep', async () => {
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const harness = await Harness.started({ clock, store });
  harness.catalog.script = () => 'hang';
  const [key, kept] = [await harness.research(), await harness.research()];
  for (const paused of [key, kept]) await harness.service.pause(paused, undefined);
  assert.ok(await store.claim(key, 'another'));
  // The other lives: nobody gets it from him.
  store.claim = async () => undefined;
  await harness.advance(limits.sweepMs);
  assert.equal(harness.supervisor.find(key), undefined);
  assert.ok(harness.supervisor.find(kept), 'what is still its own stays');
  await assert.rejects(harness.service.resume(key), { reason: 'WORKFLOW_NOT_CARRIED' });
  await harness.advance(limits.sweepMs);
  assert.equal(harness.supervisor.registeredCount, 1);
  await harness.stop();
});
