import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { workflowService } from '../../src/grpc/definition.ts';
import { cancelInFlight, cancelRace } from './cancel-rounds.ts';
import { assertFinishedLog, present } from './session.ts';
import { World } from './world.ts';

let world: World;
before(async () => {
  world = await World.open({ ORCHESTRATOR_MAX_LIVE_WORKFLOWS: '10' });
});
after(() => world.close());

test('rows 6, 7, 9 and 85: a cancel closes twenty sockets, then answers, and the watcher sees it and its end', async () => {
  const proof = await cancelInFlight(world);
  const { reply } = proof;
  assert.equal(proof.requestsInFlight, 20);
  assert.ok(proof.socketsClosedMs <= 200, `the last socket closed after ${proof.socketsClosedMs} ms`);
  assert.equal(proof.requestsAfterReply, 0);
  assert.equal(reply.cancelled, true);
  assert.equal(reply.workflow?.state, 'STATE_CANCELLED');
  assert.equal(reply.receipt?.callsAborted, 20);
  assert.equal(reply.receipt?.callsFinished, 1, 'the plan');
  assert.deepEqual(reply.receipt?.ignoredAbort, []);
  assert.ok(Number(reply.receipt?.assumedCostNanoUsd) > 0, 'aborted calls are charged as reserved');

  const { workflowId } = present(reply.workflow);
  const workflow = await world.session.get(workflowId);
  assert.equal(workflow.state, 'STATE_CANCELLED');
  assert.ok(workflow.endTime);
  assert.deepEqual(workflow.receipt, reply.receipt);

  assert.equal(proof.watchEndedOk, true);
  assert.equal(proof.watched.at(-1)?.type, 'workflow_cancelled');
  assertFinishedLog(proof.watched);

  const again = await world.session.cancel(workflowId);
  assert.equal(again.cancelled, true);
  assert.deepEqual(again.receipt, reply.receipt);
});

test('rows 8 and 90: whatever a cancel races with, the log has one end and it is what the reply said', async () => {
  const race = await cancelRace(world, 100, 11);
  assert.deepEqual(race.violations, []);
  assert.ok(
    race.cancelled > 0 && race.endedOtherwise > 0,
    `${race.cancelled} of ${race.runs} were cancelled`,
  );
});

test('row 8: a workflow that waits for a slot is cancelled without a call', async () => {
  const hold = world.simulator.hold();
  const options = { generateDocuments: false };
  const ids: string[] = [];
  for (let n = 0; n < 11; n++) ids.push((await world.session.start({ numAgents: 1, options })).workflowId);
  await hold.held(10);
  const pending = present(ids.at(-1));
  const waiting = await world.session.get(pending);
  assert.equal(waiting.state, 'STATE_PENDING');
  assert.match(waiting.blockedReason, /^slot/);
  const reply = await world.session.cancel(pending);
  assert.equal(reply.cancelled, true);
  assert.equal(reply.receipt?.callsAborted, 0);
  assert.ok(world.simulator.ledger.entries.every(({ attemptId }) => !attemptId.startsWith(pending)));
  await Promise.all(ids.map((id) => world.session.cancel(id)));
  hold.release();
});

test('row 10: an unknown workflow cannot be cancelled, a finished one says how it ended', async () => {
  const refusal = await world.session.refused(workflowService.CancelWorkflow, {
    workflowId: 'research_000000000000',
  });
  assert.equal(refusal.code, 5);
  assert.equal(refusal.reason, 'WORKFLOW_NOT_FOUND');
  const { workflowId } = await world.session.start({ numAgents: 1, options: { generateDocuments: false } });
  await world.session.ended(workflowId);
  const reply = await world.session.cancel(workflowId);
  assert.equal(reply.cancelled, false);
  assert.equal(reply.receipt, null);
  assert.equal(reply.workflow?.state, 'STATE_COMPLETED');
});
