import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FaultStore } from './fault-store.ts';
import { assertSound, Harness, storeWith, turns } from './harness.ts';

const hourMs = 3_600_000;

async function started(options: { store?: MemoryStore; clock?: SimulatedClock } = {}) {
  const clock = options.clock ?? new SimulatedClock();
  const store = options.store ?? new MemoryStore(clock);
  return { clock, store, harness: await Harness.started({ clock, store }) };
}

test('a clock put back by an hour does not put off the sweep: an orphan is taken up within its interval', async () => {
  const { harness: first, clock } = await started();
  const key = await first.research();
  await first.end(key);
  const log = (await first.log(key)).slice(0, 5);
  await first.stop();

  // The log comes into the store behind the back of a supervisor that has been up for a while.
  const store = await storeWith(clock, [log]);
  const open = store.openWorkflows.bind(store);
  let hidden = true;
  store.openWorkflows = async () => (hidden ? [] : open());
  const { harness } = await started({ clock, store });
  hidden = false;
  await clock.step(-hourMs);
  await clock.advance(limits.sweepMs);
  assert.equal((await harness.end(key)).status, 'completed');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a clock put back by an hour does not put off the end of a drain', async () => {
  const { harness, clock } = await started();
  harness.catalog.script = () => 'ignore abort';
  await harness.research();
  await turns();
  const graceMs = 10_000;
  let report: unknown;
  void harness.supervisor.shutDown(graceMs, 'drain').then((done) => {
    report = done;
  });
  await turns();
  await clock.step(-hourMs);
  await clock.advance(graceMs);
  await clock.advance(limits.cancelQuiescenceMs);
  await turns();
  assert.ok(report, 'the drain ends when its grace has passed');
});

test('a clock put back by an hour does not put off the next try of an append that failed', async () => {
  const clock = new SimulatedClock();
  const store = new FaultStore(new MemoryStore(clock));
  const harness = await Harness.started({ clock, store });
  harness.catalog.script = () => 'hang';
  const key = await harness.research({ numAgents: 1 });
  await harness.event(key, 'model_call_started');
  store.fault = (command) => (command === 'append' ? 'refuses' : 'works');
  const [call] = harness.catalog.calls;
  call?.answerCanned();
  await turns();
  store.fault = () => 'works';
  await clock.step(-hourMs);
  await clock.advance(limits.appendRetryMsMax);
  const { data } = (await harness.log(key)).find(({ data: found }) => found.type === 'plan_completed') ?? {};
  assert.ok(data, 'what the planner answered is durable');
  await harness.stop();
});
