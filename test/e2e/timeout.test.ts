import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertFinishedLog, present } from './session.ts';
import { World } from './world.ts';

let world: World;
before(async () => {
  world = await World.open();
});
after(() => world.close());

test('rows 16, 21 and 23 to 27: a run that hangs ends at its limit, keeps what it has, and closes its sockets', async () => {
  const { session, simulator, daemon } = world;
  simulator.when((entry) => /researcher\/[12]\//.test(entry.attemptId), { kind: 'hang', at: 'mid stream' });
  const startTime = performance.now();
  const { workflowId } = await session.start({
    numAgents: 3,
    options: { workflowTimeout: { seconds: 3 }, generateDocuments: false },
  });
  const watch = session.watch(workflowId, 0);
  assert.equal(await watch.ended, undefined);
  const elapsedMs = performance.now() - startTime;
  assert.ok(elapsedMs >= 2_990 && elapsedMs < 15_000, `ended after ${elapsedMs} ms`);
  assertFinishedLog(watch.events);

  const end = present(watch.events.at(-1));
  assert.equal(end.type, 'workflow_timed_out');
  assert.equal(end.workflowTimedOut?.limit, 'workflow_timeout');
  assert.deepEqual(end.workflowTimedOut.limitDuration, { seconds: '3', nanos: 0 });

  const workflow = await session.get(workflowId);
  assert.equal(workflow.state, 'STATE_TIMED_OUT');
  assert.match(present(workflow.error).message, /workflow_timeout.*3/);
  assert.ok(Number(workflow.costNanoUsd) > 0, 'the cost is kept');
  assert.ok(Number(workflow.assumedCostNanoUsd) > 0, 'aborted calls are charged as reserved');

  const result = await session.result(workflowId);
  assert.deepEqual(
    result.agentResults.map(({ agentId }) => agentId),
    ['researcher/0'],
    'what was finished stays readable',
  );
  assert.match(result.agentResults[0]?.content ?? '', /researcher\/0/);
  const { seconds, nanos } = present(result.duration);
  const measuredMs = Number(seconds) * 1_000 + nanos / 1e6;
  assert.ok(measuredMs >= 990 && measuredMs <= elapsedMs, `measured ${measuredMs} ms`);

  for (const index of [1, 2]) await simulator.ledger.closed(`${workflowId}/researcher/${index}/0/1`);
  const started = await daemon.line('workflow started', (line) => line['workflow_id'] === workflowId);
  assert.equal(started['time_limit_ms'], 1_000);
  assert.equal(daemon.lines('workflow timed out').length, 1);
});

test('row 24: an agent that hangs ends at its own limit, and the run goes on without it', async () => {
  const { session, simulator } = world;
  simulator.reset();
  simulator.when((entry) => entry.attemptId.includes('/researcher/0/'), {
    kind: 'hang',
    at: 'before headers',
  });
  const { workflowId } = await session.start({
    numAgents: 2,
    options: { agentTimeout: { nanos: 500_000_000 }, generateDocuments: false },
  });
  const workflow = await session.ended(workflowId);
  assert.equal(workflow.state, 'STATE_COMPLETED');
  assert.equal(workflow.completeness, 0.5);
  const result = await session.result(workflowId);
  assert.deepEqual(
    result.failedAgents.map(({ agentId, failure }) => [agentId, failure?.code]),
    [['researcher/0', 'deadline']],
  );
  const hung = simulator.ledger.entries.find(({ attemptId }) =>
    attemptId.startsWith(`${workflowId}/researcher/0/`),
  );
  await simulator.ledger.closed(present(hung).attemptId);
});
