import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RealClock } from '../../src/clock/real-clock.ts';
import type { Append, AppendResult } from '../../src/store/event-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { DocumentLibrary } from '../../src/tool/document-library.ts';
import { CorpusError } from '../../src/tool/document-library.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { failure } from '../../src/workflow/failure.ts';
import { FaultStore } from './fault-store.ts';
import { assertSound, emptyLibrary, Harness, soon, storeWith, turns } from './harness.ts';

const hour = 3_600_000;

/** A store behind a connection that repeats what it is not sure of, and hears the later answer. */
class RepeatedAppendStore extends MemoryStore {
  override async append(append: Append): Promise<AppendResult> {
    await super.append(append);
    return super.append(append);
  }
}

test('an end that reaches the store twice is recognised as its own, told and answered', async () => {
  const clock = new SimulatedClock();
  const told: WorkflowEvent[] = [];
  const store = new RepeatedAppendStore(clock);
  const observers = [
    { committed: (_: unknown, events: readonly WorkflowEvent[]) => void told.push(...events) },
  ];
  const harness = await Harness.started({ clock, store, observers });
  const completed = await harness.research();
  assert.equal((await harness.end(completed)).status, 'completed');
  assert.deepEqual(told, await harness.log(completed));

  harness.catalog.script = () => 'hang';
  const cancelled = await harness.research();
  await soon(harness.event(cancelled, 'model_call_started'), 'a call');
  assert.equal((await soon(harness.service.cancel(cancelled, undefined), 'the cancel')).cancelled, true);
  await harness.stop();
});

test('a retry that waits for money does not hide the deadlines behind it', async () => {
  const harness = await Harness.started();
  harness.catalog.usage = { inputTokens: 1, outputTokens: 1 };
  harness.catalog.script = ({ attemptId }) => {
    if (attemptId.includes('/researcher/0/0/1')) return failure('rate_limited', 'slow down', true, 1_000);
    return attemptId.includes('/researcher/1/') ? 'hang' : undefined;
  };
  const key = await harness.research(
    { numAgents: 2 },
    { maxTokens: 9_000, maxRetries: 5, agentTimeoutMs: 20_000, workflowTimeoutMs: 60_000 },
  );
  await turns();
  for (let second = 0; second < 90; second++) await harness.advance(1_000);
  const { state } = await harness.service.get(key);
  assert.notEqual(state.status, 'running');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a real alarm never rings before its time by the clock that the log is written with', async () => {
  const clock = new RealClock();
  const early = await Promise.all(
    Array.from({ length: 300 }, (_, i) => {
      const dueTime = clock.now() + 1 + (i % 20);
      return new Promise<boolean>((resolve) => clock.at(dueTime, () => resolve(clock.now() < dueTime)));
    }),
  );
  assert.equal(early.filter(Boolean).length, 0);
});

test('a workflow whose documents cannot be read is blocked with the reason, and can be cancelled at once', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(new MemoryStore(clock));
  const harness = await Harness.started({ clock, store });
  store.fault = (command) => (command === 'blob' ? 'refuses' : 'works');
  const key = await harness.research({}, { documents: [{ name: 'a.md', text: 'A log survives.' }] });
  await turns();
  const { blockedReason } = await harness.service.get(key);
  assert.match(blockedReason ?? '', /^disk: documents cannot be read/);
  const outcome = await soon(harness.service.cancel(key, undefined), 'the cancel');
  assert.equal(outcome.cancelled, true);
  assert.equal(harness.catalog.calls.length, 0);
  await harness.stop();
});

test('documents that hang neither hold up a cancel nor the deadline, and come back by themselves', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(new MemoryStore(clock));
  const harness = await Harness.started({ clock, store });
  store.fault = (command) => (command === 'blob' ? 'refuses' : 'works');
  const documents = [{ name: 'a.md', text: 'A log survives.' }];
  const late = await harness.research({}, { documents, workflowTimeoutMs: 60_000 });
  await turns();
  for (let tick = 0; tick < 14; tick++) await harness.advance(5_000);
  assert.equal(await harness.status(late), 'timed_out');

  const back = await harness.research({}, { documents });
  await turns();
  store.fault = () => 'works';
  await harness.advance(6_000);
  assert.equal((await harness.end(back)).status, 'completed');
  await harness.stop();
});

test('a recovered run waits for a corpus that is not configured, sees it come back, and never forgets its deadline', async () => {
  let there = true;
  const library: DocumentLibrary = {
    ...emptyLibrary,
    corpora: ['handbook'],
    corpus: (name) =>
      there
        ? Promise.resolve(emptyLibrary.index([]))
        : Promise.reject(new CorpusError(`corpus ${name} is gone`)),
  };
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const first = await Harness.started({ clock, store, library });
  first.catalog.script = ({ attemptId }) => (attemptId.includes('/researcher/') ? 'hang' : undefined);
  const key = await first.research(
    {},
    { corpus: 'handbook', agentTimeoutMs: 20_000, workflowTimeoutMs: 600_000 },
  );
  await soon(first.catalog.arrived(3), 'both researchers calling');
  await first.shutDown(0);

  there = false;
  const second = await Harness.started({ clock, store, library });
  await turns();
  assert.match((await second.service.get(key)).blockedReason ?? '', /^corpus: /);
  // The agents' own deadlines pass meanwhile and must not stop it from looking.
  for (let tick = 0; tick < 10; tick++) await second.advance(5_000);
  assert.equal(await second.status(key), 'running');
  there = true;
  await second.advance(6_000);
  assert.notEqual(await second.status(key), 'running');
  await second.stop();
});

test('a cost cap whose price has disappeared makes no further call', async () => {
  const harness = await Harness.started();
  const key = await harness.research({}, { maxCostUsd: 1 });
  harness.catalog.nanoUsdPerToken = undefined;
  const state = await harness.end(key);
  assert.equal(state.status, 'failed');
  assert.equal(state.error?.type, 'price_unknown');
  assert.equal(harness.catalog.calls.length, 0);
  await harness.stop();
});

test('pausing does not make room beyond what a node may carry', async () => {
  const harness = await Harness.started({ supervisor: { maxLiveWorkflows: 1, maxPendingWorkflows: 2 } });
  harness.catalog.script = () => 'hang';
  await assert.rejects(
    async () => {
      for (let i = 0; i < 10; i++) await harness.service.pause(await harness.research(), undefined);
    },
    { kind: 'exhausted', reason: 'PENDING_QUEUE_FULL' },
  );
  assert.equal(harness.supervisor.registeredCount, 3);
  await harness.stop();
});

test('a start that meets the shutdown is drained with the others', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(new MemoryStore(clock));
  const harness = await Harness.started({ clock, store });
  const starting = harness.research();
  const done = harness.supervisor.shutDown(1_000, 'cancel');
  const key = await starting;
  const report = await soon(done, 'the end of the drain');
  assert.equal(report.workflowsCancelled, 1);
  assert.equal(await harness.status(key), 'cancelled');
});

test('a shutdown before the start ends at once', async () => {
  const harness = new Harness();
  const report = await soon(harness.supervisor.shutDown(1_000, 'drain'), 'the shutdown');
  assert.equal(report.workflowsReleased, 0);
});

test('a start that the store refuses gives its claim back', async () => {
  const clock = new SimulatedClock();
  const inner = new MemoryStore(clock);
  const released: string[] = [];
  const store = new FaultStore(inner);
  const release = store.release.bind(store);
  store.release = (key, epoch) => {
    released.push(key.workflowId);
    return release(key, epoch);
  };
  const harness = await Harness.started({ clock, store });
  store.fault = (command) => (command === 'append' ? 'refuses' : 'works');
  await assert.rejects(harness.research(), { kind: 'unavailable' });
  assert.equal(released.length, 1);
  store.fault = () => 'works';
  await harness.stop();
});

test('waiting for a workflow that nobody carries lasts until the time is over', async () => {
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const first = await Harness.started({ clock, store });
  first.catalog.script = () => 'hang';
  const key = await first.research();
  await soon(first.catalog.arrived(1), 'the first call');
  await first.shutDown(0);
  const second = await Harness.started({ clock, store, orchestrators: [] });
  let waited = false;
  const waiting = second.service.wait(key, hour, new AbortController().signal).finally(() => (waited = true));
  await turns();
  assert.equal(waited, false);
  await second.jump(hour);
  assert.equal((await soon(waiting, 'the wait')).state.status, 'running');
  await second.stop();
});

test('an abort while the store is being asked rejects the wait and nothing else', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => 'hang';
  const key = await harness.research();
  const abort = new AbortController();
  const waiting = harness.service.wait(key, hour, abort.signal);
  const watching = harness.service.advanced({ ...key, workflowId: 'research_000000000000' }, 0, abort.signal);
  abort.abort(new Error('gone'));
  await assert.rejects(waiting, /gone/);
  await watching.catch((error: unknown) => assert.match(String(error), /gone/));
  await harness.stop();
});

test('a cancel in the same batch as a defect of the rules still wins', async () => {
  const { research } = await import('../../src/orchestrator/research.ts');
  let broken = false;
  const harness = await Harness.started({
    orchestrators: [
      {
        ...research,
        next: (state) => {
          if (broken) throw new Error('defect');
          return research.next(state);
        },
      },
    ],
  });
  harness.catalog.script = () => 'hang';
  const key = await harness.research();
  await soon(harness.catalog.arrived(1), 'the first call');
  broken = true;
  harness.catalog.calls[0]?.answer('not a plan');
  const outcome = await soon(harness.service.cancel(key, undefined), 'the cancel');
  assert.equal(outcome.cancelled, true);
  await harness.stop();
});

test('an outage longer than an agent may take costs the agents nothing but the call that was lost', async () => {
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const first = await Harness.started({ clock, store });
  first.catalog.script = ({ attemptId }) =>
    attemptId.includes('/researcher/0/0/1')
      ? failure('overloaded', 'busy', true)
      : attemptId.includes('/researcher/')
        ? 'hang'
        : undefined;
  const key = await first.research({}, { agentTimeoutMs: 20_000, workflowTimeoutMs: 10 * hour });
  await soon(first.catalog.arrived(3), 'both researchers calling');
  await turns();

  // The process dies here, and another begins hours later on what was durable.
  const log = await first.log(key);
  const later = new SimulatedClock(clock.now() + 3 * hour);
  const second = await Harness.started({ clock: later, store: await storeWith(later, [log]) });
  for (let tick = 0; tick < 5; tick++) await second.advance(1_000);
  const state = await second.end(key);
  assert.equal(state.status, 'completed');
  assert.equal(state.completion?.completeness, 1);
  assertSound(await second.log(key));
  await second.stop();
  await first.stop();
});

test('a store that refuses appends makes the server say that it cannot serve, until it accepts again', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(new MemoryStore(clock));
  const harness = await Harness.started({ clock, store });
  await harness.service.check();
  store.fault = (command) => (command === 'append' ? 'refuses' : 'works');
  await assert.rejects(harness.research(), { kind: 'unavailable', reason: 'STORE_UNAVAILABLE' });
  await assert.rejects(harness.service.check(), { kind: 'unavailable', reason: 'STORE_UNAVAILABLE' });
  store.fault = () => 'works';
  await harness.end(await harness.research());
  await harness.service.check();
  await harness.stop();
});

test('every bad field is named at once, those that only the server knows included', async () => {
  const harness = await Harness.started();
  await assert.rejects(
    harness.research(
      { task: 'x', numAgents: 99 },
      {
        providerName: 'nope',
        documentFormats: ['pdf', 'exe'],
        maxRetries: -1,
        corpus: 'none',
        webhookUrl: 'https://example.com/hook',
      },
    ),
    (error: { violations: readonly { path: readonly (string | number)[] }[] }) => {
      assert.deepEqual(error.violations.map(({ path }) => path.join('.')).toSorted(), [
        'numAgents',
        'options.corpus',
        'options.documentFormats.1',
        'options.maxRetries',
        'options.providerName',
        'options.webhookUrl',
        'task',
      ]);
      return true;
    },
  );
  await harness.stop();
});
