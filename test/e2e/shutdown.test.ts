import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { workflowService } from '../../src/grpc/definition.ts';
import { refusalOf } from '../grpc/harness.ts';
import { Daemon, type Exit, temporaryFolder } from './daemon.ts';
import { assertFinishedLog, present, type Session } from './session.ts';
import { World } from './world.ts';

const unavailable = 14;
const options = { generateDocuments: false, maxRetries: 0 };

let world: World;
before(async () => {
  world = await World.open();
});
after(() => world.close());
beforeEach(async () => {
  world.simulator.reset();
  if (!world.daemon.running) await world.boot();
});

/** What grpc.health.v1 says; the enumeration's number 1 is SERVING, 2 NOT_SERVING. */
function health({ client }: Session): Promise<'SERVING' | 'NOT_SERVING' | number> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      () => Buffer.alloc(0),
      // A message of one field, the status.
      (bytes) => bytes[1] ?? 0,
      {},
      { deadline: Date.now() + 10_000 },
      (error, status) => {
        if (error) reject(error);
        else resolve(status === 1 ? 'SERVING' : status === 2 ? 'NOT_SERVING' : (status ?? 0));
      },
    );
  });
}

async function ended(): Promise<Exit> {
  const exit = await world.daemon.exited;
  assert.deepEqual(
    world.daemon.text.filter((text) => /error|rejection|warning/i.test(text)),
    [],
  );
  return exit;
}

test('rows 64 to 67, 69, 70, 72, 88 and 89: SIGTERM drains, refuses new work, ends streams and exits by itself', async (t) => {
  const { session, simulator, daemon } = world;
  const hold = simulator.hold();
  t.after(() => hold.release());
  const { workflowId } = await session.start({ numAgents: 1, options });
  await hold.held(1);
  const watches = [
    session.watch(workflowId, 0),
    session.watch(workflowId),
    world.connect().watch(workflowId, 0),
  ];
  const waiting = session.refused(workflowService.WaitWorkflow, { workflowId });
  for (const watch of watches) await watch.until(() => watch.messages.length > 0);
  assert.equal(await health(session), 'SERVING');

  daemon.signal('SIGTERM');
  const begun = await daemon.line('shutdown started');
  assert.deepEqual([begun['signal'], begun['grace_ms'], begun['policy']], ['SIGTERM', 30_000, 'drain']);
  for (const watch of watches) {
    const refusal = refusalOf(present(await watch.ended));
    assert.equal(refusal.code, unavailable);
    assert.ok(refusal.retryDelay, 'the stream says when to come back');
    assert.ok(Number(refusal.metadata['after_sequence']) >= watch.last, 'and from where to go on');
  }
  assert.equal((await waiting).code, unavailable);
  assert.equal(await health(session), 'NOT_SERVING');
  const refusal = await session.refused(workflowService.StartResearch, { task: 'Too late for this one.' });
  assert.equal(refusal.code, unavailable);
  assert.ok(refusal.retryDelay);
  assert.equal((await session.get(workflowId)).state, 'STATE_RUNNING', 'what exists stays readable');

  hold.release();
  assert.deepEqual(await ended(), { code: 0, signal: null });
  const done = present(daemon.lines('shutdown complete')[0]);
  assert.deepEqual(
    [done['signal'], done['workflows_released'], done['workflows_cancelled'], done['calls_aborted']],
    ['SIGTERM', 1, 0, 0],
  );

  await world.boot();
  assert.equal((await world.session.ended(workflowId)).state, 'STATE_COMPLETED');
  const events = await world.session.events(workflowId);
  assertFinishedLog(events);
  const planned = simulator.ledger.entries.filter(({ attemptId }) =>
    attemptId.startsWith(`${workflowId}/planner`),
  );
  assert.equal(planned.length, 1, 'the call that ended during the drain is not made again');
});

test('rows 64, 65 and 88: SIGINT with the policy cancel cancels every live workflow and says so', async () => {
  await world.daemon.stop();
  await world.boot({ ORCHESTRATOR_SHUTDOWN_POLICY: 'cancel', ORCHESTRATOR_MAX_LIVE_WORKFLOWS: '2' });
  const { session, simulator, daemon } = world;
  simulator.otherwise({ kind: 'hang', at: 'mid stream' });
  const requests = simulator.ledger.entries.length;
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push((await session.start({ numAgents: 2, options })).workflowId);
  await simulator.ledger.arrived(requests + 2);

  daemon.signal('SIGINT');
  assert.deepEqual(await ended(), { code: 0, signal: null });
  assert.equal(daemon.lines('shutdown started')[0]?.['signal'], 'SIGINT');
  const cancelled = daemon.lines('workflow cancelled by shutdown').map((line) => String(line['workflow_id']));
  assert.deepEqual(cancelled.toSorted(), ids.toSorted(), 'the pending one too');
  assert.equal(daemon.lines('shutdown complete')[0]?.['workflows_cancelled'], 3);

  await world.boot();
  for (const id of ids) {
    assert.equal((await world.session.get(id)).state, 'STATE_CANCELLED');
    assertFinishedLog(await world.session.events(id));
  }
  assert.equal(simulator.ledger.entries.length, requests + 2);
});

test('row 66: a call longer than the grace is aborted, does not count, and is made again after the restart', async () => {
  await world.daemon.stop();
  await world.boot({ ORCHESTRATOR_SHUTDOWN_GRACE: '200ms' });
  const { session, simulator, daemon } = world;
  simulator.otherwise({ kind: 'hang', at: 'mid stream' });
  const { workflowId } = await session.start({ numAgents: 1, options });
  const first = `${workflowId}/planner/0/1`;
  await simulator.ledger.until(() => simulator.ledger.of(first).length === 1);

  daemon.signal('SIGTERM');
  assert.deepEqual(await ended(), { code: 0, signal: null });
  const done = present(daemon.lines('shutdown complete')[0]);
  assert.deepEqual([done['workflows_released'], done['calls_aborted']], [1, 1]);
  await simulator.ledger.closed(first);

  simulator.reset();
  await world.boot();
  assert.equal((await world.session.ended(workflowId)).state, 'STATE_COMPLETED', 'with no retry allowed');
  const events = await world.session.events(workflowId);
  assertFinishedLog(events);
  const ends = events.flatMap(({ agentId, modelCallEnded }) =>
    agentId === 'planner' && modelCallEnded ? [[modelCallEnded.result, modelCallEnded.cause]] : [],
  );
  assert.deepEqual(ends, [
    ['aborted', 'shutdown'],
    ['ok', ''],
  ]);
});

test('row 64: a second signal does not wait', async () => {
  const { session, simulator, daemon } = world;
  simulator.otherwise({ kind: 'hang', at: 'before headers' });
  const { workflowId } = await session.start({ numAgents: 1, options });
  await simulator.ledger.until(() => simulator.ledger.of(`${workflowId}/planner/0/1`).length === 1);
  daemon.signal('SIGTERM');
  await daemon.line('shutdown started');
  daemon.signal('SIGINT');
  const { code } = await daemon.exited;
  assert.ok(code !== null && code > 0, `exit code ${code}`);
  assert.equal(daemon.lines('second signal: exiting at once')[0]?.['signal'], 'SIGINT');

  simulator.reset();
  await world.boot();
  assert.equal((await world.session.ended(workflowId)).state, 'STATE_COMPLETED', 'as after any other crash');
});

test('row 93: a second process on the same folder refuses to start and leaves the first one alone', async () => {
  const { session } = world;
  await assert.rejects(Daemon.start({ dataDir: world.dataDir }), /ended \(code [1-9]/);
  assert.equal(await health(session), 'SERVING');
});

test('row 64: a signal right behind the word that the server listens is an orderly stop too', async () => {
  const preload = new URL('signal-at-listening.ts', import.meta.url).href;
  const folder = await temporaryFolder();
  try {
    const daemon = await Daemon.start({ dataDir: folder.path, execArgv: ['--import', preload] });
    assert.deepEqual(await daemon.exited, { code: 0, signal: null });
    assert.equal(daemon.lines('shutdown started')[0]?.['signal'], 'SIGTERM');
    assert.equal(daemon.lines('shutdown complete').length, 1);
  } finally {
    await folder.remove();
  }
});
