import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProgressReader, ProgressUpdate } from '../../src/engine/progress-reader.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { Harness, soon, turns } from './harness.ts';
import type { ScriptedCall } from './scripted-catalog.ts';

/** Takes all there is whenever it is told that there is some, at the head of the log. */
class Follower {
  readonly seen: ProgressUpdate[] = [];
  /** How often it was woken. */
  woken = 0;
  readonly #harness: Harness;
  readonly #key: WorkflowKey;
  readonly #reader: ProgressReader;

  constructor(harness: Harness, key: WorkflowKey) {
    this.#harness = harness;
    this.#key = key;
    this.#reader = harness.service.progress(key, () => {
      this.woken++;
      this.take();
    });
    this.take();
  }

  get deltas(): Extract<ProgressUpdate, { type: 'delta' }>[] {
    return this.seen.flatMap((update) => (update.type === 'delta' ? [update] : []));
  }

  take(): void {
    const sequence = this.#harness.supervisor.find(this.#key)?.state.sequence ?? 0;
    for (let update = this.#reader.next(sequence); update; update = this.#reader.next(sequence))
      this.seen.push(update);
  }

  next(sequence: number): ProgressUpdate | undefined {
    return this.#reader.next(sequence);
  }

  /** What it heard since it was asked last, each in a few words. */
  news(): string[] {
    return this.seen.splice(0).map((update) => {
      const who = `${update.agentId} ${update.turn}/${update.attempt}`;
      switch (update.type) {
        case 'delta':
          return `${who} @${update.offset} ${update.text}`;
        case 'roll_back':
          return `${who} rolled back: ${update.cause?.code ?? 'unknown'}`;
        case 'activity':
          return `${who} ${update.activity}`;
      }
    });
  }

  close(): void {
    this.#reader.close();
  }
}

/** A run whose researchers wait for the test, the first two calls of them. */
async function researching(agents = 2): Promise<{
  harness: Harness;
  key: WorkflowKey;
  calls: readonly ScriptedCall[];
}> {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (attemptId.includes('/planner/') ? undefined : 'hang');
  const key = await harness.research({ numAgents: agents });
  await soon(harness.catalog.arrived(1 + agents), 'the researchers');
  return { harness, key, calls: harness.catalog.calls.slice(1) };
}

const first = (calls: readonly ScriptedCall[]): ScriptedCall => {
  const [call] = calls;
  assert.ok(call);
  return call;
};

describe('the progress of a workflow', () => {
  test('is what agents do, then what they write, each delta with the bytes before it', async () => {
    const { harness, key, calls } = await researching();
    const follower = new Follower(harness, key);
    assert.deepEqual(follower.news(), ['researcher/0 0/1 calling', 'researcher/1 0/1 calling']);
    first(calls).write('Flüsse ');
    await harness.advance(limits.progressIntervalMs);
    first(calls).write('fließen');
    await harness.advance(limits.progressIntervalMs);
    assert.deepEqual(follower.news(), ['researcher/0 0/1 @0 Flüsse ', 'researcher/0 0/1 @8 fließen']);
    follower.close();
    await harness.stop();
  });

  test('puts what is written within an interval into one delta of each agent', async () => {
    const { harness, key, calls } = await researching();
    const follower = new Follower(harness, key);
    const part = 'abcdefghi ';
    for (let ms = 0; ms < 1_000; ms += 10) {
      for (const call of calls) call.write(part);
      await harness.advance(10);
    }
    await harness.advance(limits.progressIntervalMs);
    for (const agentId of ['researcher/0', 'researcher/1']) {
      const deltas = follower.deltas.filter((delta) => delta.agentId === agentId);
      assert.equal(deltas.map(({ text }) => text).join(''), part.repeat(100));
      assert.ok(deltas.length <= 1 + 1_000 / limits.progressIntervalMs + 1, `${deltas.length} deltas`);
      assert.ok(deltas.length >= 1_000 / limits.progressIntervalMs, `${deltas.length} deltas`);
    }
    assert.ok(follower.woken <= 2 + 1_000 / limits.progressIntervalMs + 1, `woken ${follower.woken} times`);
    follower.close();
    await harness.stop();
  });

  test('announces that a failed attempt is void before the next one writes', async () => {
    const { harness, key, calls } = await researching(1);
    const follower = new Follower(harness, key);
    first(calls).write('half of ');
    await harness.advance(limits.progressIntervalMs);
    first(calls).fail(failure('overloaded', 'busy', true));
    await soon(harness.event(key, 'agent_retrying'), 'the retry');
    await harness.advance(0);
    assert.deepEqual(follower.news(), [
      'researcher/0 0/1 calling',
      'researcher/0 0/1 @0 half of ',
      'researcher/0 0/2 rolled back: overloaded',
      'researcher/0 0/2 backing_off',
    ]);
    await harness.advance(limits.backoffMaxMs);
    await soon(harness.catalog.arrived(3), 'the second attempt');
    harness.catalog.calls[2]?.write('all of it');
    // A provider that goes on after it has failed is not heard.
    first(calls).write('more of the first');
    await harness.advance(limits.progressIntervalMs);
    assert.deepEqual(follower.news(), ['researcher/0 0/2 calling', 'researcher/0 0/2 @0 all of it']);
    follower.close();
    await harness.stop();
  });

  test('reaches one that joins late from the beginning of the attempt', async () => {
    const { harness, key, calls } = await researching(1);
    first(calls).write('long before ');
    const follower = new Follower(harness, key);
    first(calls).write('and after');
    await harness.advance(limits.progressIntervalMs);
    const second = new Follower(harness, key);
    assert.deepEqual(follower.news(), [
      'researcher/0 0/1 calling',
      'researcher/0 0/1 @0 long before and after',
    ]);
    assert.deepEqual(second.news(), [
      'researcher/0 0/1 calling',
      'researcher/0 0/1 @0 long before and after',
    ]);
    follower.close();
    second.close();
    await harness.stop();
  });

  test('shows by the offset what a late or slow one has missed of a long text', async () => {
    const { harness, key, calls } = await researching(1);
    const slow = new Follower(harness, key);
    first(calls).write('begin ');
    await harness.advance(limits.progressIntervalMs);
    const sequence = harness.supervisor.find(key)?.state.sequence ?? 0;
    const { length } = slow.deltas;
    assert.equal(length, 1);
    // Nobody takes anything while this is written.
    const long = 'x'.repeat(3 * limits.progressTextCharsMax);
    slow.take = () => {};
    first(calls).write(long);
    await harness.advance(10 * limits.progressIntervalMs);
    const delta = slow.next(sequence);
    assert.ok(delta?.type === 'delta');
    assert.equal(delta.offset, 6 + long.length - limits.progressTextCharsMax);
    assert.equal(delta.text.length, limits.progressDeltaCharsMax);
    slow.close();
    await harness.stop();
  });

  test('asks a provider for nothing while nobody follows, and keeps nothing afterwards', async () => {
    const { harness, key, calls } = await researching(1);
    const deps = harness.progress;
    first(calls).write('unheard ');
    assert.equal(deps.followedCount, 0);
    const sink = deps.sink(key, 'researcher/0', openCall(harness, key));
    assert.equal(sink.position, undefined);
    const follower = new Follower(harness, key);
    assert.equal(sink.position, 0);
    assert.equal(deps.followedCount, 1);
    follower.close();
    follower.close();
    assert.equal(sink.position, undefined);
    assert.equal(deps.followedCount, 0);
    const again = new Follower(harness, key);
    assert.equal(sink.position, 0, 'nothing was kept');
    again.close();
    await harness.stop();
  });

  test('ends with a cancel, also when the provider goes on writing', async () => {
    const harness = await Harness.started();
    harness.catalog.script = ({ attemptId }) =>
      attemptId.includes('/planner/') ? undefined : 'ignore abort';
    const key = await harness.research({ numAgents: 1 });
    await soon(harness.catalog.arrived(2), 'the researcher');
    const call = first(harness.catalog.calls.slice(1));
    const follower = new Follower(harness, key);
    call.write('before ');
    await harness.advance(limits.progressIntervalMs);
    assert.equal(follower.deltas.length, 1);
    const cancelled = harness.service.cancel(key, undefined);
    await soon(harness.event(key, 'cancellation_requested'), 'the request');
    call.write('after');
    await harness.advance(2 * limits.progressIntervalMs);
    assert.equal(follower.deltas.length, 1);
    await harness.advance(limits.cancelQuiescenceMs);
    await soon(cancelled, 'the cancel');
    call.write('long after');
    await harness.advance(2 * limits.progressIntervalMs);
    assert.equal(follower.deltas.length, 1);
    follower.close();
    await harness.stop();
  });

  test('says nothing to a reader whose log ends before or after what it knows', async () => {
    const { harness, key, calls } = await researching(1);
    const follower = new Follower(harness, key);
    follower.take = () => {};
    const sequence = harness.supervisor.find(key)?.state.sequence ?? 0;
    first(calls).write('text');
    await harness.advance(limits.progressIntervalMs);
    assert.equal(follower.next(sequence - 1), undefined);
    assert.equal(follower.next(sequence + 1), undefined);
    assert.equal(follower.next(sequence)?.type, 'delta');
    follower.close();
    await harness.stop();
  });

  test('tells every agent of a slow reader in turn', async () => {
    const { harness, key, calls } = await researching(2);
    const follower = new Follower(harness, key);
    follower.take = () => {};
    const sequence = harness.supervisor.find(key)?.state.sequence ?? 0;
    const order: string[] = [];
    for (let message = 0; message < 6; message++) {
      for (const call of calls) call.write('more ');
      await harness.advance(limits.progressIntervalMs);
      order.push(follower.next(sequence)?.agentId ?? 'nothing');
    }
    assert.deepEqual(order, [
      'researcher/0',
      'researcher/1',
      'researcher/0',
      'researcher/1',
      'researcher/0',
      'researcher/1',
    ]);
    follower.close();
    await harness.stop();
  });

  test('leaves no timer behind', async () => {
    const { harness, key, calls } = await researching(1);
    const { clock } = harness;
    assert.ok('pendingTimers' in clock);
    const before = clock.pendingTimers;
    const follower = new Follower(harness, key);
    first(calls).write('text');
    assert.equal(clock.pendingTimers, Number(before) + 1);
    follower.close();
    assert.equal(clock.pendingTimers, before);
    await turns();
    await harness.stop();
  });
});

function openCall(harness: Harness, key: WorkflowKey): Parameters<typeof harness.progress.sink>[2] {
  const call = harness.supervisor.find(key)?.state.agents.get('researcher/0')?.openCall;
  assert.ok(call);
  return call;
}
