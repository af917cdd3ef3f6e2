import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { Retention } from '../../src/engine/retention.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { keyOf, startTime } from '../store/fixture.ts';
import { Harness, LineLogger, soon, turns } from './harness.ts';

/** Its evictions end when the test says so. */
class SlowStore extends MemoryStore {
  readonly evictions: PromiseWithResolvers<readonly WorkflowKey[]>[] = [];

  override evict(): Promise<readonly WorkflowKey[]> {
    const eviction = Promise.withResolvers<readonly WorkflowKey[]>();
    this.evictions.push(eviction);
    return eviction.promise;
  }
}

function rig(options: { retainAtLeastMs?: number } = {}) {
  const clock = new SimulatedClock(startTime);
  const store = new SlowStore(clock);
  const logger = new LineLogger();
  const evicted: WorkflowKey[] = [];
  const retention = new Retention(
    { store, clock, logger },
    { retainTerminal: 1, retainAtLeastMs: 0, retainForMs: 1_000, ...options },
    (key) => evicted.push(key),
  );
  return { store, logger, evicted, retention };
}

suite('retention', () => {
  test('ends that come while others are being evicted share the next eviction, and each one removed is told', async () => {
    const { store, retention, evicted } = rig();
    retention.ended();
    retention.ended();
    retention.ended();
    assert.equal(store.evictions.length, 1);
    store.evictions[0]?.resolve([keyOf(1)]);
    await turns(2);
    assert.deepEqual([store.evictions.length, evicted], [2, [keyOf(1)]]);
    store.evictions[1]?.resolve([]);
    await soon(retention.quiet(), 'no eviction is under way');
    assert.equal(store.evictions.length, 2);
  });

  test('an end that comes in the turn in which an eviction has ended is not lost', async () => {
    const { store, retention } = rig();
    retention.ended();
    const quiet = retention.quiet().then(() => retention.ended());
    store.evictions[0]?.resolve([]);
    await quiet;
    assert.equal(store.evictions.length, 2);
  });

  test('where finished workflows stay for a while an end evicts nothing: the next sweep looks', async () => {
    const { store, retention } = rig({ retainAtLeastMs: 1 });
    retention.ended();
    await soon(retention.quiet(), 'no eviction is under way');
    assert.equal(store.evictions.length, 0);
  });

  test('an eviction that fails is told to the operator, and the next end tries again', async () => {
    const { store, retention, logger } = rig();
    retention.ended();
    store.evictions[0]?.reject(new Error('the disk is gone'));
    await soon(retention.quiet(), 'no eviction is under way');
    assert.match(logger.lines[0]?.message ?? '', /eviction failed/);
    retention.ended();
    assert.equal(store.evictions.length, 2);
  });

  test('a drain waits for the eviction that an end has set off', async () => {
    const clock = new SimulatedClock(startTime);
    const store = new SlowStore(clock);
    const harness = await Harness.started({ clock, store, supervisor: { retainAtLeastMs: 0 } });
    await harness.end(await harness.research());
    assert.equal(store.evictions.length, 1);
    let drained = false;
    const drain = harness.supervisor.shutDown(0, 'drain').then(() => {
      drained = true;
    });
    await turns();
    assert.equal(drained, false);
    store.evictions[0]?.resolve([]);
    await soon(drain, 'the drain has ended');
  });
});
