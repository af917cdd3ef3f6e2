import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { ModelRequest } from '../../src/provider/model-provider.ts';
import type { Blob } from '../../src/store/event-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { FullTextLibrary } from '../../src/tool/full-text-library.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { failure } from '../../src/workflow/failure.ts';
import { defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import {
  answeredTurnsOf,
  assertSound,
  endedCallsOf,
  Harness,
  openCallsOf,
  soon,
  storeWith,
  turns,
} from './harness.ts';
import { cannedAnswer, ScriptedCatalog, type ScriptedCall } from './scripted-catalog.ts';

const documents = [
  {
    name: 'log.md',
    text: 'A log is an append-only list of events.\n\nIt survives crashes of the process: one part of what is known.',
  },
  {
    name: 'lease.md',
    text: 'A lease fences the former owner of durable workflows after crashes, another part of the task.',
  },
];

/** Moves time until the workflow has ended. */
async function finish(harness: Harness, key: WorkflowKey): Promise<readonly WorkflowEvent[]> {
  for (let minute = 0; harness.supervisor.find(key) && minute < 20; minute++) {
    await turns();
    if (harness.supervisor.find(key)) await harness.jump(60_000);
  }
  assert.equal(harness.supervisor.find(key), undefined, 'the workflow ends');
  const log = await harness.log(key);
  assertSound(log);
  return log;
}

const turnOf = ({ request }: ScriptedCall): string => request.attemptId.split('/').slice(1, -1).join('/');

/** An answer that does not depend on how often it was asked for. */
const anyAttempt = (request: ModelRequest): string =>
  cannedAnswer({ ...request, attemptId: request.attemptId.replace(/\/\d+$/, '') });

interface FullRun {
  readonly key: WorkflowKey;
  readonly log: readonly WorkflowEvent[];
  /** Sequences a process may die after: the last of each append. */
  readonly cuts: readonly number[];
  readonly blobs: readonly Blob[];
  readonly prompts: ReadonlyMap<string, string>;
}

/** A run with five researchers, a failed attempt, passages of documents, a synthesis and a report. */
async function fullRun(): Promise<FullRun> {
  const cuts: number[] = [];
  const harness = await Harness.started({
    library: new FullTextLibrary({}),
    observers: [{ committed: (_, events) => void cuts.push(events.at(-1)?.sequence ?? 0) }],
  });
  harness.catalog.script = (request) =>
    request.attemptId.endsWith('/researcher/1/0/1')
      ? failure('overloaded', 'busy', true)
      : anyAttempt(request);
  const key = await harness.research({ numAgents: 5 }, { documents });
  const log = await finish(harness, key);
  assert.equal(log.at(-1)?.data.type, 'workflow_completed');
  const { state } = await harness.service.get(key);
  const blobs = await Promise.all(
    state.sources.map(
      async ({ sha256 }): Promise<Blob> => ({
        sha256,
        bytes: (await harness.store.blob(sha256)) ?? assert.fail(),
      }),
    ),
  );
  await harness.stop();
  return {
    key,
    log,
    cuts,
    blobs,
    prompts: new Map(
      harness.catalog.calls.map((call) => [turnOf(call), JSON.stringify(call.request.messages)]),
    ),
  };
}

test('rows 90 and 91: after a crash at any point of its log a run ends, pays for nothing twice and asks the same', async () => {
  const full = await fullRun();
  assert.ok(full.prompts.size >= 7);
  assert.match([...full.prompts.values()].join(''), /append-only list/, 'passages reach the prompts');
  for (let cut = 1; cut < full.log.length; cut++) {
    const prefix = full.log.slice(0, cut);
    const clock = new SimulatedClock((prefix.at(-1)?.time ?? 0) + 1_000);
    const store = await storeWith(clock, [prefix], full.blobs);
    const catalog = new ScriptedCatalog();
    catalog.script = anyAttempt;
    const harness = await Harness.started({ clock, store, catalog, library: new FullTextLibrary({}) });
    const log = await finish(harness, full.key);
    const where = `cut after ${cut}, ${prefix.at(-1)?.data.type}`;
    // Events of one append are durable together; only there a process can die in truth.
    if (full.cuts.includes(cut)) assert.equal(log.at(-1)?.data.type, 'workflow_completed', where);
    assert.deepEqual(log.slice(0, cut), prefix, 'what was in the log stays');
    const ended = endedCallsOf(prefix);
    const answered = answeredTurnsOf(prefix);
    for (const call of harness.catalog.calls) {
      assert.ok(!ended.has(call.request.attemptId), `${where}: ${call.request.attemptId} was made again`);
      assert.ok(!answered.has(turnOf(call)), `${where}: ${turnOf(call)} had its answer`);
      assert.equal(JSON.stringify(call.request.messages), full.prompts.get(turnOf(call)), where);
    }
    const extra = ended.size + harness.catalog.calls.length + openCallsOf(prefix).size;
    assert.ok(extra <= endedCallsOf(full.log).size + openCallsOf(prefix).size, `${where}: ${extra} calls`);
    const scheduled = log.flatMap(({ data }) => (data.type === 'agent_scheduled' ? [data] : []));
    for (const { agentId, passages, inputHash } of scheduled) {
      const original = full.log.find(
        ({ data }) => data.type === 'agent_scheduled' && data.agentId === agentId,
      )?.data;
      assert.ok(original?.type === 'agent_scheduled');
      assert.deepEqual([passages, inputHash], [original.passages, original.inputHash], where);
    }
    await harness.stop();
  }
});

test('row 93: what a closed process left in its file is finished by the next one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  try {
    const clock = new SimulatedClock();
    const options = { path: join(folder, 'store.db'), clock };
    const first = await Harness.started({ clock, store: SqliteStore.open(options) });
    first.catalog.script = ({ attemptId }) => (/researcher\/1/.test(attemptId) ? 'hang' : undefined);
    const key = await first.research({ numAgents: 3 });
    const waiting = await first.research({ numAgents: 2 });
    // Another thread may write this store, so how many turns that takes says nothing.
    while (first.catalog.calls.length < 7) await turns(1);
    while ((await first.eventsOf(key, 'agent_completed')).length < 3) await turns(1);
    const before = await first.log(key);
    await first.store.close();
    const second = await Harness.started({ clock, store: SqliteStore.open(options) });
    await second.supervisor.find(key)?.ended;
    const log = await finish(second, key);
    assert.equal(log.at(-1)?.data.type, 'workflow_completed');
    assert.deepEqual(log.slice(0, before.length), before);
    const again = second.catalog.calls.filter(
      (call) =>
        call.request.attemptId.startsWith(key.workflowId) && answeredTurnsOf(before).has(turnOf(call)),
    );
    assert.deepEqual(again, []);
    await second.supervisor.find(waiting)?.ended;
    assert.equal((await finish(second, waiting)).at(-1)?.data.type, 'workflow_completed');
    await second.stop();
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The log of a run whose two researchers are calling. */
async function interrupted(
  options: Record<string, unknown> = {},
): Promise<{ harness: Harness; key: WorkflowKey }> {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : 'hang');
  const key = await harness.research({ numAgents: 2 }, options);
  await soon(harness.catalog.arrived(3), 'two researchers');
  return { harness, key };
}

async function next(
  log: readonly WorkflowEvent[],
  options: { afterMs?: number; catalog?: ScriptedCatalog } = {},
): Promise<Harness> {
  const clock = new SimulatedClock((log.at(-1)?.time ?? 0) + (options.afterMs ?? 1_000));
  const store = await storeWith(clock, [log]);
  return Harness.started({ clock, store, ...(options.catalog && { catalog: options.catalog }) });
}

test('a call in flight at the crash is made once more, and that uses up no retry', async () => {
  const { harness, key } = await interrupted({ maxRetries: 0 });
  const second = await next(await harness.log(key));
  const log = await finish(second, key);
  assert.equal(log.at(-1)?.data.type, 'workflow_completed');
  const recovered = await second.event(key, 'workflow_recovered');
  assert.deepEqual(
    [recovered.callsInterrupted, recovered.agentsCompletedKept, recovered.callsFinishedKept],
    [2, 1, 1],
  );
  assert.equal(second.catalog.calls.length, 3);
  const lost = (await second.eventsOf(key, 'model_call_ended')).filter(({ result }) => result === 'unknown');
  assert.equal(lost.length, 2);
  for (const call of lost) assert.deepEqual([call.cause, call.assumed], ['crash', true]);
  await harness.stop();
  await second.stop();
});

test('a workflow that was being cancelled ends without any call', async () => {
  const { harness, key } = await interrupted();
  harness.catalog.script = () => 'ignore abort';
  const log = await harness.log(key);
  const last = log.at(-1) ?? assert.fail();
  const cancelling: WorkflowEvent = {
    ...last,
    sequence: last.sequence + 1,
    data: { type: 'cancellation_requested' },
  };
  const second = await next([...log, cancelling]);
  const end = await second.end(key);
  assert.equal(end.status, 'cancelled');
  assert.equal(end.receipt?.callsAborted, 0);
  assert.equal(end.receipt.callsUnknown, 2);
  assert.equal(second.catalog.calls.length, 0);
  assertSound(await second.log(key));
  await harness.stop();
  await second.stop();
});

test('a paused workflow whose call was open at the crash stays paused, goes on when resumed and keeps its pause limit', async () => {
  for (const way of ['resume', 'wait'] as const) {
    const { harness, key } = await interrupted();
    await soon(harness.service.pause(key, 'lunch'), 'the pause');
    const second = await next(await harness.log(key));
    await turns();
    const view = await second.service.get(key);
    assert.deepEqual([view.state.status, view.blockedReason], ['paused', undefined]);
    assert.equal(second.catalog.calls.length, 0);
    if (way === 'resume') {
      await soon(second.service.resume(key), 'the resume');
      assert.equal((await finish(second, key)).at(-1)?.data.type, 'workflow_completed');
    } else {
      await second.jump(7 * 86_400_000);
      const end = await second.end(key);
      assert.equal(end.status, 'timed_out');
    }
    await harness.stop();
    await second.stop();
  }
});

test('a paused workflow whose call was open at the crash ends when it is recovered after its pause limit', async () => {
  const { harness, key } = await interrupted();
  await soon(harness.service.pause(key, 'lunch'), 'the pause');
  const late = await next(await harness.log(key), { afterMs: 8 * 86_400_000 });
  const end = await late.end(key);
  assert.equal(end.status, 'timed_out');
  assert.equal(end.error?.type, 'pause_limit');
  assert.equal(late.catalog.calls.length, 0);
  assertSound(await late.log(key));
  await harness.stop();
  await late.stop();
});

test('a workflow recovered after its deadline times out, unless its log already holds the result', async () => {
  const { harness, key } = await interrupted({ workflowTimeoutMs: 60_000 });
  const late = await next(await harness.log(key), { afterMs: 120_000 });
  const end = await late.end(key);
  assert.equal(end.status, 'timed_out');
  assert.equal(late.catalog.calls.length, 0);
  assert.match(end.error?.message ?? '', /workflow_timeout of 60 s/);
  await harness.stop();
  await late.stop();

  const whole = await Harness.started();
  const done = await whole.research(
    { numAgents: 1 },
    { workflowTimeoutMs: 60_000, generateDocuments: false },
  );
  await whole.end(done);
  const log = (await whole.log(done)).slice(0, -1);
  const second = await next(log, { afterMs: 120_000 });
  assert.equal((await second.end(done)).status, 'completed');
  assert.equal(second.catalog.calls.length, 0);
  await whole.stop();
  await second.stop();
});

test("an answer that is in the log counts, although its agent's time ran out while nobody was there to judge it", async () => {
  const { harness, key } = await interrupted({ agentTimeoutMs: 30_000, workflowTimeoutMs: 3_600_000 });
  const draining = harness.supervisor.shutDown(10_000, 'drain');
  harness.catalog.calls[1]?.answerCanned();
  harness.catalog.calls[2]?.answerCanned();
  await soon(draining, 'the drain');
  const second = await next(await harness.log(key), { afterMs: 600_000 });
  const log = await finish(second, key);
  assert.equal(log.at(-1)?.data.type, 'workflow_completed');
  assert.deepEqual(await second.eventsOf(key, 'agent_failed'), []);
  assert.equal(second.catalog.calls.length, 1);
  await second.stop();
});

test('a log of rules this build does not know is left untouched, with the reason', async () => {
  const { harness, key } = await interrupted();
  const log = await harness.log(key);
  const clock = new SimulatedClock();
  const store = await storeWith(clock, [log]);
  const newer = { ...research, version: research.version + 1 };
  const second = await Harness.started({ clock, store, orchestrators: [newer] });
  await second.advance(20_000);
  assert.deepEqual(await second.log(key), log);
  const { blockedReason, state } = await second.service.get(key);
  assert.equal(state.status, 'running');
  assert.match(blockedReason ?? '', /^version: this build does not know research version/);
  await assert.rejects(second.service.cancel(key, undefined), { kind: 'unavailable' });
  await harness.stop();
  await second.stop();
});

test('a former owner that was fenced makes no further call and appends nothing', async () => {
  const clock = new SimulatedClock();
  const store = new MemoryStore(clock);
  const first = await Harness.started({ clock, store });
  first.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : 'hang');
  const key = await first.research({ numAgents: 2 });
  await soon(first.catalog.arrived(3), 'two researchers');
  const second = await Harness.started({ clock, store });
  await soon(second.event(key, 'workflow_completed'), 'the new owner ends it');
  const log = await second.log(key);
  first.catalog.script = () => undefined;
  first.catalog.calls[1]?.answerCanned();
  await turns();
  assert.equal(first.supervisor.find(key), undefined, 'the former owner lets go');
  assert.equal(first.catalog.calls.length, 3);
  assert.equal(first.catalog.calls[2]?.aborted, true);
  assert.deepEqual(await second.log(key), log);
  assertSound(log);
  const late = log.slice(log.findIndex(({ data }) => data.type === 'workflow_recovered'));
  assert.equal(new Set(late.map(({ epoch }) => epoch)).size, 1);
  await first.shutDown(0);
  await second.stop();
});

test('several workflows are taken over, those that ran before those that waited, in their order', async () => {
  const first = await Harness.started({ supervisor: { maxLiveWorkflows: 1 } });
  first.catalog.script = () => 'hang';
  const keys = [await first.research(), await first.research(), await first.research({}, { priority: 5 })];
  await soon(first.catalog.arrived(1), 'the first planner');
  const logs = await Promise.all(keys.map((key) => first.log(key)));
  const clock = new SimulatedClock();
  const catalog = new ScriptedCatalog();
  const second = await Harness.started({
    clock,
    catalog,
    store: await storeWith(clock, logs),
    supervisor: { maxLiveWorkflows: 1 },
  });
  for (const key of keys) assert.equal((await second.end(key)).status, 'completed');
  const order = [...new Set(catalog.calls.map(({ request }) => request.attemptId.split('/')[0]))];
  assert.deepEqual(
    order,
    [keys[0], keys[2], keys[1]].map((key) => key?.workflowId),
  );
  const { rows } = await second.store.list({ tenant: defaultTenant, limit: 10 });
  assert.equal(rows.length, 3);
  await first.stop();
  await second.stop();
});
