import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { Receipt } from '../../src/workflow/event.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { assertSound, Harness, soon, turns } from './harness.ts';

async function researching(
  how: 'hang' | 'ignore abort' = 'hang',
): Promise<{ harness: Harness; key: WorkflowKey }> {
  const harness = await Harness.started({ supervisor: { maxLiveWorkflows: 1 } });
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : how);
  const key = await harness.research({ numAgents: 3 });
  await soon(harness.catalog.arrived(4), 'three researchers');
  return { harness, key };
}

test('rows 5, 6 and 7: a cancel aborts what is in flight, starts nothing more, and answers with the receipt after the end', async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  const { harness, key } = await researching();
  harness.catalog.calls[1]?.answerCanned();
  await soon(harness.event(key, 'agent_completed', 2), 'the first finding');
  await harness.advance(2_000);
  const { state, cancelled, receipt } = await soon(harness.service.cancel(key, 'enough'), 'the cancel');
  assert.equal(cancelled, true);
  assert.equal(state.status, 'cancelled');
  assert.equal(state.endTime, harness.clock.now());
  assert.equal(state.cancellation?.reason, 'enough');
  assert.equal(harness.catalog.calls[2]?.aborted, true);
  assert.equal(harness.catalog.calls[3]?.aborted, true);
  const held = (await harness.eventsOf(key, 'model_call_started')).slice(2).map(({ reserved }) => reserved);
  const assumed = held.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0);
  const expected: Receipt = {
    callsAborted: 2,
    callsUnknown: 0,
    callsFinished: 2,
    ignoredAbort: [],
    inputTokens: 200 + held.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: 100 + held.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    costNanoUsd: 3_000 + assumed,
    assumedCostNanoUsd: assumed,
    unpricedCalls: 0,
    quiescenceMs: 0,
  };
  assert.deepEqual(receipt, expected);
  await turns();
  assert.equal(harness.catalog.calls.length, 4);
  assert.equal((await harness.service.get(key)).state.status, 'cancelled');
  assert.equal(harness.supervisor.registeredCount, 0);
  assertSound(await harness.log(key));
  process.off('unhandledRejection', onUnhandled);
  assert.deepEqual(unhandled, []);
  await harness.stop();
});

test('row 6: a second cancel, at once or later, gets the same receipt and appends nothing', async () => {
  const { harness, key } = await researching();
  const [first, second] = await soon(
    Promise.all([harness.service.cancel(key, 'a'), harness.service.cancel(key, 'b')]),
    'both cancels',
  );
  const log = await harness.log(key);
  const third = await soon(harness.service.cancel(key, 'c'), 'the third');
  assert.deepEqual(second.receipt, first.receipt);
  assert.deepEqual(third.receipt, first.receipt);
  assert.equal(third.cancelled, true);
  assert.deepEqual(await harness.log(key), log);
  assert.equal((await harness.eventsOf(key, 'cancellation_requested')).length, 1);
  await harness.stop();
});

test('row 8: what arrives after the cancel cannot overwrite it', async () => {
  const { harness, key } = await researching('ignore abort');
  const cancelling = harness.service.cancel(key, undefined);
  await soon(harness.event(key, 'cancellation_requested'), 'the request');
  harness.catalog.calls[1]?.answerCanned();
  await harness.advance(limits.cancelQuiescenceMs);
  const { receipt } = await soon(cancelling, 'the cancel');
  assert.equal(receipt?.callsFinished, 2, 'an answer in time is recorded and paid as what it cost');
  const log = await harness.log(key);
  harness.catalog.calls[2]?.answerCanned();
  harness.catalog.calls[3]?.fail(failure('overloaded', 'late', true));
  await turns();
  assert.deepEqual(await harness.log(key), log);
  assert.equal(await harness.status(key), 'cancelled');
  await harness.stop();
});

test('row 8: a workflow that waits, and one that is paused, can be cancelled; both leave the line', async () => {
  const { harness } = await researching();
  const waiting = await harness.research();
  const paused = await harness.research();
  await soon(harness.service.pause(paused, undefined), 'the pause');
  for (const key of [waiting, paused]) {
    const { cancelled, receipt } = await soon(harness.service.cancel(key, undefined), 'the cancel');
    assert.equal(cancelled, true);
    assert.deepEqual([receipt?.callsAborted, receipt?.costNanoUsd], [0, 0]);
    assertSound(await harness.log(key));
  }
  assert.equal(harness.supervisor.pendingCount, 0);
  assert.equal(harness.supervisor.registeredCount, 1);
  await harness.stop();
});

test('row 8: a paused workflow with calls under way aborts them when cancelled', async () => {
  const { harness, key } = await researching();
  await soon(harness.service.pause(key, undefined), 'the pause');
  const { receipt } = await soon(harness.service.cancel(key, undefined), 'the cancel');
  assert.equal(receipt?.callsAborted, 3);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('row 9: whoever follows the log sees workflow_cancelled as its last event', async () => {
  const { harness, key } = await researching();
  const following = soon(harness.event(key, 'workflow_cancelled'), 'the last event');
  await soon(harness.service.cancel(key, undefined), 'the cancel');
  await following;
  assert.equal((await harness.types(key)).at(-1), 'workflow_cancelled');
  await harness.stop();
});

test('row 10: a workflow that ended otherwise is not cancelled any more and says how it ended', async () => {
  const harness = await Harness.started();
  const key = await harness.research();
  await harness.end(key);
  const { cancelled, state, receipt } = await harness.service.cancel(key, undefined);
  assert.deepEqual([cancelled, state.status, receipt], [false, 'completed', undefined]);
  await harness.stop();
});

test('a provider that ignores its abort is named in the receipt, and the cancel ends within five seconds', async () => {
  const { harness, key } = await researching('ignore abort');
  const before = harness.clock.now();
  const cancelling = harness.service.cancel(key, undefined);
  await harness.advance(limits.cancelQuiescenceMs - 1);
  assert.equal(await harness.status(key), 'cancelling');
  await harness.advance(1);
  const { receipt } = await soon(cancelling, 'the cancel');
  assert.equal(harness.clock.now() - before, 5_000);
  assert.deepEqual(
    receipt?.ignoredAbort,
    [0, 1, 2].map((number) => `${key.workflowId}/researcher/${number}/0/1`),
  );
  assert.equal(receipt?.quiescenceMs, 5_000);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('an alarm that comes too early does not make a cancel wait for ever', async () => {
  class EarlyClock extends SimulatedClock {
    override at(dueTime: number, fire: () => void): ReturnType<SimulatedClock['at']> {
      return super.at(dueTime - this.now() > 4_000 ? dueTime - 1 : dueTime, fire);
    }
  }
  const harness = await Harness.started({ clock: new EarlyClock() });
  harness.catalog.script = () => 'ignore abort';
  const key = await harness.research();
  await soon(harness.catalog.arrived(1), 'the planner');
  const cancelling = harness.service.cancel(key, undefined);
  await harness.advance(limits.cancelQuiescenceMs);
  assert.equal((await soon(cancelling, 'the cancel')).cancelled, true);
  const late = await harness.research({}, { workflowTimeoutMs: 60_000 });
  await harness.advance(60_000);
  assert.equal((await harness.end(late)).status, 'timed_out');
  await harness.stop();
});

test('rows 8 and 91: of a cancel and a completion that race, one wins, once, and the reply says which', async () => {
  const clock = new SimulatedClock();
  const harness = await Harness.started({ clock, supervisor: { retainTerminal: 20, retainAtLeastMs: 0 } });
  const outcomes = { completed: 0, cancelled: 0 };
  for (let run = 0; run < 1_000; run++) {
    const key = await harness.research({ numAgents: 1 }, { generateDocuments: false });
    const delay = Math.floor(clock.random() * 14);
    await turns(delay);
    const { state, cancelled, receipt } = await soon(harness.service.cancel(key, undefined), `cancel ${run}`);
    const log = await harness.log(key);
    const last = log.at(-1)?.data;
    assertSound(log);
    assert.equal(last?.type, cancelled ? 'workflow_cancelled' : 'workflow_completed', `run ${run}`);
    assert.equal(state.status, cancelled ? 'cancelled' : 'completed');
    assert.equal(receipt !== undefined, cancelled);
    outcomes[cancelled ? 'cancelled' : 'completed']++;
  }
  assert.ok(outcomes.completed > 50 && outcomes.cancelled > 50, JSON.stringify(outcomes));
  assert.equal(harness.supervisor.registeredCount, 0);
  await harness.stop();
});
