import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FaultStore } from './fault-store.ts';
import { Harness, soon, storeWith, turns } from './harness.ts';

/** Logs of workflows whose planner's call is open. */
async function logsInFlight(clock: SimulatedClock, count: number): Promise<(readonly WorkflowEvent[])[]> {
  const former = await Harness.started({ clock, supervisor: { maxLiveWorkflows: count } });
  former.catalog.script = () => 'hang';
  const keys = await Promise.all(Array.from({ length: count }, () => former.research()));
  await soon(former.catalog.arrived(count), 'all planners');
  return Promise.all(keys.map((key) => former.log(key)));
}

/** A process of its own on the store the former one left. */
function successor(clock: SimulatedClock, store: FaultStore, count: number): Harness {
  const harness = new Harness({
    clock,
    store,
    supervisor: { maxLiveWorkflows: count, maxPendingWorkflows: count },
  });
  harness.catalog.script = () => 'hang';
  return harness;
}

test('a workflow of the first batch calls before one of a later batch is claimed', async () => {
  const clock = new SimulatedClock();
  const count = 4 * limits.recoveryBatch;
  const store = new FaultStore(await storeWith(clock, await logsInFlight(clock, count)));
  const harness = successor(clock, store, count);
  const callsAtClaim: number[] = [];
  store.fault = (command) => {
    if (command === 'claim') callsAtClaim.push(harness.catalog.calls.length);
    return 'works';
  };
  await soon(harness.supervisor.start(), 'the recovery');
  assert.equal(callsAtClaim.length, count);
  assert.ok(
    (callsAtClaim.at(-1) ?? 0) > 0,
    'the last workflow was claimed while the first ones called already',
  );
  await soon(harness.supervisor.goingOn(1), 'all of them going on');
  assert.equal(harness.catalog.calls.length, count);
  await harness.stop();
});

test('recovered workflows that cannot be recorded are waited for no longer than one wants', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(await storeWith(clock, await logsInFlight(clock, 1)));
  store.fault = (command) => (command === 'append' ? 'hangs' : 'works');
  const harness = successor(clock, store, 1);
  await soon(harness.supervisor.start(), 'the recovery');
  let waited = false;
  const going = harness.supervisor.goingOn(500).then(() => (waited = true));
  await turns();
  await harness.advance(499);
  await turns();
  assert.equal(waited, false);
  await harness.advance(1);
  await soon(going, 'the end of patience');
  assert.equal(harness.catalog.calls.length, 0);
});

test('of those that wait the first in line is admitted first, also when it is taken up in a later batch', async () => {
  const clock = new SimulatedClock();
  const former = await Harness.started({ clock, supervisor: { maxLiveWorkflows: 1 } });
  former.catalog.script = () => 'hang';
  await former.research();
  const waiting = await Promise.all(
    Array.from({ length: 2 * limits.recoveryFirstBatch }, () => former.research()),
  );
  const urgent = await former.research({}, { priority: 5 });
  const logs = await Promise.all([...waiting, urgent].map((key) => former.log(key)));
  const harness = successor(clock, new FaultStore(await storeWith(clock, logs)), 1);
  await soon(harness.supervisor.start(), 'the recovery');
  await soon(harness.catalog.arrived(1), 'the first call');
  assert.ok(harness.catalog.calls[0]?.request.attemptId.startsWith(`${urgent.workflowId}/`));
  await harness.stop();
});
