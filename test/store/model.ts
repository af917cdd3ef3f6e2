import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import { keyText } from '../../src/workflow/id.ts';
import type { OpenedStore } from './contract.ts';
import { admitted, completed, keyOf, paused, resumed, started, startTime, Writer } from './fixture.ts';

/** What a store should hold: plain logs, and who owns what. */
interface Model {
  readonly logs: Map<number, WorkflowEvent[]>;
  readonly finished: number[];
  readonly epochs: Map<number, number>;
  readonly former: Map<number, number>;
}

type Step =
  | {
      readonly do: 'claim' | 'append' | 'zombie' | 'stale' | 'repeat' | 'release' | 'read';
      readonly id: number;
    }
  | { readonly do: 'evict'; readonly keep: number }
  | { readonly do: 'list' };

const id = fc.integer({ min: 0, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'claim',
        'append',
        'append',
        'append',
        'zombie',
        'stale',
        'repeat',
        'release',
        'read',
      ),
      id,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('evict'), keep: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list') }) },
);

/** A legal next event for a log of that length; every eighth ends it. */
function following(length: number): EventData {
  if (length === 0) return started();
  if (length === 7) return completed;
  return [admitted, paused, resumed][(length - 1) % 3] ?? admitted;
}

/** Any sequence of commands leaves the store as a model of a few lines says. */
export function modelTest(open: () => Promise<OpenedStore>): void {
  test('behaves like plain lists under any sequence of commands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const opened = await open();
        try {
          const model: Model = { logs: new Map(), finished: [], epochs: new Map(), former: new Map() };
          for (const one of steps) await run(one, model, opened);
          for (const number of [0, 1, 2, 3]) {
            assert.deepEqual(await opened.store.read(keyOf(number), 0, 100), model.logs.get(number));
          }
          const openNow = [...model.logs.keys()].filter((number) => !model.finished.includes(number));
          assert.deepEqual(
            (await opened.store.openWorkflows()).map(({ key }) => keyText(key)),
            openNow.map((number) => keyText(keyOf(number))),
          );
        } finally {
          await opened.discard();
        }
      }),
      { numRuns: 40 },
    );
  });
}

function writerOf(number: number, model: Model, epoch: number): Writer {
  const writer = new Writer(keyOf(number));
  writer.events.push(...(model.logs.get(number) ?? []));
  writer.epoch = epoch;
  return writer;
}

async function run(one: Step, model: Model, { store, clock }: OpenedStore): Promise<void> {
  if (one.do === 'list') {
    const page = await store.list({ tenant: 'default', limit: 10 });
    assert.deepEqual(
      page.rows.map((row) => row.workflowId),
      [...model.logs.keys()].toReversed().map((number) => keyOf(number).workflowId),
    );
    return;
  }
  if (one.do === 'evict') {
    const rule = { keep: one.keep, endedBefore: Infinity, olderThan: -Infinity, limit: 10 };
    const expected = model.finished.splice(0, Math.max(0, model.finished.length - one.keep));
    for (const number of expected) model.logs.delete(number);
    assert.deepEqual(
      await store.evict(rule, clock.now()),
      expected.map((number) => keyOf(number)),
    );
    return;
  }
  const number = one.id;
  const log = model.logs.get(number) ?? [];
  const over = model.finished.includes(number);
  const current = model.epochs.get(number);
  const expectRefusal = (epoch: number): unknown =>
    over ? { result: 'terminal' } : epoch === current ? undefined : { result: 'fenced', epoch: current ?? 0 };
  switch (one.do) {
    case 'claim': {
      const epoch = await store.claim(keyOf(number), 'model');
      assert.ok(
        epoch !== undefined && epoch > Math.max(0, ...model.epochs.values(), ...model.former.values()),
      );
      if (current !== undefined) model.former.set(number, current);
      if (!over) model.epochs.set(number, epoch);
      return;
    }
    case 'release':
      await store.release(keyOf(number), current ?? 0);
      if (current !== undefined) model.former.set(number, current);
      model.epochs.delete(number);
      return;
    case 'append':
    case 'zombie': {
      const epoch = one.do === 'append' ? (current ?? 1) : (model.former.get(number) ?? 1);
      const data = over ? started() : following(log.length);
      const writer = over ? new Writer(keyOf(number)) : writerOf(number, model, epoch);
      writer.epoch = epoch;
      const append = writer.build([data], { time: startTime });
      const expected = expectRefusal(epoch) ?? { result: 'appended' };
      assert.deepEqual(await store.append(append), expected);
      if (expectRefusal(epoch) !== undefined) return;
      model.logs.set(number, [...log, ...append.events]);
      if (data.type === 'workflow_completed') {
        model.finished.push(number);
        model.former.set(number, epoch);
        model.epochs.delete(number);
      }
      return;
    }
    case 'stale': {
      // Behind the log by everything, with other content.
      if (log.length === 0) return;
      const writer = new Writer(keyOf(number));
      writer.epoch = current ?? 1;
      const append = writer.build([started({ task: 'something else entirely' })]);
      const expected = expectRefusal(writer.epoch) ?? { result: 'conflict', sequence: log.length };
      assert.deepEqual(await store.append(append), expected);
      return;
    }
    case 'repeat': {
      const last = log.at(-1);
      if (last === undefined || over) return;
      const writer = writerOf(number, model, last.epoch);
      writer.events.pop();
      const expected = expectRefusal(last.epoch) ?? { result: 'duplicate' };
      assert.deepEqual(await store.append(writer.build([last.data])), expected);
      return;
    }
    case 'read':
      assert.deepEqual(await store.read(keyOf(number), 2, 3), model.logs.get(number)?.slice(2, 5));
      return;
  }
}
