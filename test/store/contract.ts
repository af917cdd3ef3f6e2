import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { type EvictionRule, StoreUnavailableError } from '../../src/store/event-store.ts';
import { noSpend, type SpendChange } from '../../src/workflow/day-spend.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { isOpen, type WorkflowRow } from '../../src/workflow/row.ts';
import {
  admitted,
  blobOf,
  completed,
  failed,
  failureOf,
  finishWorkflow,
  keyOf,
  paused,
  requestOf,
  resumed,
  type Store,
  started,
  startTime,
  startWorkflow,
  Writer,
} from './fixture.ts';
import { modelTest } from './model.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly clock: SimulatedClock;
  /** Closes the store and removes what it left. */
  discard(): Promise<void>;
}

const everything: EvictionRule = { keep: 0, endedBefore: Infinity, olderThan: -Infinity, limit: 1_000 };

/** What every event store promises, whatever it keeps the logs in. */
export function storeContract(name: string, openStore: () => Promise<OpenedStore>): void {
  const promise = (title: string, body: (opened: OpenedStore) => Promise<void>): void => {
    test(title, async () => {
      const opened = await openStore();
      try {
        await body(opened);
      } finally {
        await opened.discard();
      }
    });
  };

  suite(`${name}: append`, () => {
    promise('writes events and row together and gives both back as they were given', async ({ store }) => {
      const writer = await startWorkflow(store, 1, {
        labels: { team: 'belt', 'a"b\\': 'é\u0000🦉' },
        priority: -3,
      });
      await writer.write(store, [admitted, paused], { time: startTime + 5.5 });
      assert.deepEqual(await store.read(writer.key, 0, 10), writer.events);
      assert.deepEqual(await store.row(writer.key), writer.row);
      await writer.write(store, [resumed, admitted, failed], { time: startTime + 9 });
      assert.deepEqual(await store.read(writer.key, 0, 10), writer.events);
      assert.deepEqual(await store.row(writer.key), writer.row);
      assert.equal(isOpen(writer.row), false);
    });

    promise(
      'answers terminal before fenced before conflict before request_known',
      async ({ store, clock }) => {
        const request = requestOf('r', clock.now() + 1_000);
        const writer = await startWorkflow(store, 1, { request });
        const former = new Writer(writer.key);
        former.epoch = writer.epoch - 1;
        // Wrong epoch, wrong sequence and a known request id at once.
        const wrong = former.build([started()], { request });
        assert.deepEqual(await store.append(wrong), { result: 'fenced', epoch: writer.epoch });
        const stale = new Writer(writer.key);
        stale.epoch = writer.epoch;
        assert.deepEqual(await store.append(stale.build([started({ task: 'another' })], { request })), {
          result: 'conflict',
          sequence: 1,
        });
        await writer.write(store, [admitted, completed]);
        assert.deepEqual(await store.append(wrong), { result: 'terminal' });
        const after = writer.build.bind(writer);
        assert.throws(() => after([admitted]), 'the fold itself refuses what follows');
        assert.deepEqual(await store.row(writer.key), writer.row);
      },
    );

    promise(
      'answers conflict with the sequence of the log when the appender is ahead of it',
      async ({ store }) => {
        const writer = await startWorkflow(store, 1);
        writer.accept(writer.build([admitted]));
        assert.deepEqual(await store.append(writer.build([paused])), { result: 'conflict', sequence: 1 });
        const unknown = new Writer(keyOf(2));
        await unknown.claim(store);
        unknown.accept(unknown.build([started()]));
        assert.deepEqual(await store.append(unknown.build([admitted])), { result: 'conflict', sequence: 0 });
      },
    );

    promise('recognises its own append after a lost answer, and only that', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      const lost = writer.build([admitted, paused]);
      assert.equal((await store.append(lost)).result, 'appended');
      assert.deepEqual(await store.append(lost), { result: 'duplicate' });
      const other = writer.build([admitted, { ...paused, remainingMs: 7 }]);
      assert.deepEqual(await store.append(other), { result: 'conflict', sequence: 3 });
      const longer = writer.build([admitted, paused, resumed]);
      assert.deepEqual(await store.append(longer), { result: 'conflict', sequence: 3 });
      assert.equal((await store.read(writer.key, 0, 10))?.length, 3);
    });

    promise('does not take an append of another epoch for a duplicate', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      const successor = new Writer(writer.key);
      await successor.claim(store, 'other');
      assert.deepEqual(await store.append(successor.build([started()])), { result: 'conflict', sequence: 1 });
    });

    promise('refuses one append without touching its neighbours of the same turn', async ({ store }) => {
      const good = await startWorkflow(store, 1);
      const bad = await startWorkflow(store, 2);
      const first = good.build([admitted]);
      const refused = {
        ...bad.build([admitted]),
        epoch: 0,
        events: bad.build([admitted]).events.map((e) => ({ ...e, epoch: 0 })),
      };
      good.accept(first);
      const second = good.build([paused]);
      const answers = await Promise.all([store.append(first), store.append(refused), store.append(second)]);
      assert.deepEqual(
        answers.map((answer) => answer.result),
        ['appended', 'fenced', 'appended'],
      );
      good.accept(second);
      assert.deepEqual(await store.read(good.key, 0, 10), good.events);
      assert.deepEqual(await store.read(bad.key, 0, 10), bad.events);
    });

    promise('lets exactly one of many concurrent appends at one sequence through', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      const rivals = Array.from({ length: 50 }, (_, index) =>
        writer.build([{ type: 'workflow_admitted', deadline: startTime + index }]),
      );
      const answers = await Promise.all(rivals.map((append) => store.append(append)));
      assert.equal(answers.filter(({ result }) => result === 'appended').length, 1);
      assert.equal(
        answers.filter((answer) => answer.result === 'conflict' && answer.sequence === 2).length,
        49,
      );
    });

    promise('lets exactly one terminal event through, and it is the last', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      await writer.write(store, [admitted]);
      const answers = await Promise.all(
        [completed, failed, completed].map((end) => store.append(writer.build([end]))),
      );
      assert.deepEqual(
        answers.map(({ result }) => result),
        ['appended', 'terminal', 'terminal'],
      );
      const log = await store.read(writer.key, 0, 10);
      assert.deepEqual(
        log?.map(({ data }) => data.type),
        ['workflow_started', 'workflow_admitted', 'workflow_completed'],
      );
    });

    promise('rejects an append that contradicts itself and writes nothing', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      const good = writer.build([admitted]);
      const [event] = good.events;
      assert.ok(event);
      const contradictions = [
        { ...good, events: [] },
        { ...good, events: [{ ...event, sequence: 3 }] },
        { ...good, events: [{ ...event, workflowId: 'research_ffffffffffff' }] },
        { ...good, events: [{ ...event, epoch: writer.epoch + 1 }] },
        { ...good, events: [{ ...event, time: Number.NaN }] },
        { ...good, row: { ...good.row, sequence: 9 } },
        { ...good, row: { ...good.row, status: 'completed' as const } },
        { ...good, request: requestOf('r', startTime) },
      ];
      for (const append of contradictions) {
        assert.equal(((await failureOf(store.append(append))) as Error).name, 'MalformedAppendError');
      }
      assert.deepEqual(await store.read(writer.key, 0, 10), writer.events);
    });

    promise(
      'row 11: 1,000 interleaved starts, updates, completions and reads are never torn or lost',
      async ({ store }) => {
        const writers = Array.from({ length: 100 }, (_, index) => new Writer(keyOf(index)));
        const torn: string[] = [];
        const written = new AbortController();
        const look = (row: WorkflowRow | undefined, log: readonly WorkflowEvent[] | undefined): void => {
          // The log is read after the row, so it may be longer, or the first to be there; never shorter.
          if ((log?.length ?? 0) < (row?.sequence ?? 0) || log?.length === 0) {
            torn.push(`row at ${row?.sequence}, log at ${log?.length}`);
          }
          if (log?.some((event, index) => event.sequence !== index + 1)) torn.push('a log has a gap');
          if (row && isOpen(row) !== (row.endTime === undefined))
            torn.push(`${row.status} with end ${row.endTime}`);
        };
        const readers = Array.from({ length: 4 }, async (_, reader) => {
          for (let round = reader; !written.signal.aborted; round++) {
            const writer = writers[round % writers.length];
            if (!writer) continue;
            look(await store.row(writer.key), await store.read(writer.key, 0, 100));
            await new Promise((resolve) => setImmediate(resolve));
          }
        });
        await Promise.all(
          writers.map(async (writer) => {
            await writer.claim(store);
            await writer.write(store, [started()]);
            for (let round = 0; round < 4; round++) {
              await writer.write(store, [admitted, paused]);
              await writer.write(store, [resumed]);
            }
            await writer.write(store, [admitted, completed], { time: startTime + 1 });
          }),
        );
        written.abort();
        await Promise.all(readers);
        assert.deepEqual(torn, []);
        for (const writer of writers) {
          assert.deepEqual(await store.read(writer.key, 0, 100), writer.events);
          assert.deepEqual(await store.row(writer.key), writer.row);
        }
        assert.deepEqual(await store.openWorkflows(), []);
      },
    );
  });

  suite(`${name}: ownership`, () => {
    promise('fences every former owner with a higher epoch', async ({ store }) => {
      const former = await startWorkflow(store, 1);
      const successor = new Writer(former.key);
      successor.events.push(...former.events);
      await successor.claim(store, 'other');
      assert.ok(successor.epoch > former.epoch);
      assert.deepEqual(await store.append(former.build([admitted])), {
        result: 'fenced',
        epoch: successor.epoch,
      });
      await successor.write(store, [admitted]);
    });

    promise('takes no append without a claim, nor after its release', async ({ store }) => {
      const writer = new Writer(keyOf(1));
      assert.deepEqual(await store.append(writer.build([started()])), { result: 'fenced', epoch: 0 });
      await writer.claim(store);
      await writer.write(store, [started()]);
      await store.release(writer.key, writer.epoch);
      assert.equal((await store.append(writer.build([admitted]))).result, 'fenced');
      const successor = new Writer(writer.key);
      successor.events.push(...writer.events);
      await successor.claim(store);
      await store.release(writer.key, writer.epoch);
      await successor.write(store, [admitted]);
    });

    promise('mints a higher epoch for each claim of any workflow', async ({ store }) => {
      let last = 0;
      for (const number of [1, 2, 1, 3, 1]) {
        const epoch = await store.claim(keyOf(number), 'owner');
        assert.ok(epoch !== undefined && epoch > last);
        last = epoch;
      }
    });
  });

  suite(`${name}: requests`, () => {
    promise(
      'finds a request id again until it expires, with the hash of its body',
      async ({ store, clock }) => {
        const request = requestOf('r1', clock.now() + 1_000, 'hash-1');
        await startWorkflow(store, 1, { request });
        const known = { workflowId: keyOf(1).workflowId, bodyHash: 'hash-1' };
        const look = (tenant: string, method: string, id: string, now: number): Promise<unknown> =>
          store.knownRequest(tenant, method, id, now);
        assert.deepEqual(await look('default', 'StartResearch', 'r1', clock.now()), known);
        assert.equal(await look('default', 'StartSearch', 'r1', clock.now()), undefined);
        assert.equal(await look('other', 'StartResearch', 'r1', clock.now()), undefined);
        assert.equal(await look('default', 'StartResearch', 'r2', clock.now()), undefined);
        assert.equal(await look('default', 'StartResearch', 'r1', clock.now() + 1_000), undefined);

        const second = new Writer(keyOf(2));
        await second.claim(store);
        const append = second.build([started()], { request: requestOf('r1', clock.now() + 9_000, 'hash-2') });
        assert.deepEqual(await store.append(append), { result: 'request_known', known });
        assert.equal(await store.row(second.key), undefined);
        await clock.advance(1_000);
        assert.deepEqual(await store.append(append), { result: 'appended' });
        assert.deepEqual(await look('default', 'StartResearch', 'r1', clock.now()), {
          workflowId: second.key.workflowId,
          bodyHash: 'hash-2',
        });
      },
    );

    promise('gives two starts with one request id in one turn to the first', async ({ store, clock }) => {
      const request = requestOf('r1', clock.now() + 1_000);
      const writers = [new Writer(keyOf(1)), new Writer(keyOf(2))];
      for (const writer of writers) await writer.claim(store);
      const answers = await Promise.all(
        writers.map((writer) => store.append(writer.build([started()], { request }))),
      );
      assert.deepEqual(
        answers.map(({ result }) => result),
        ['appended', 'request_known'],
      );
    });

    promise('adds up what workflows spend on a day, and outlives them', async ({ store, clock }) => {
      const change = (held: number, spent = 0): SpendChange => ({
        day: 9,
        reserves: held > 0,
        heldNanoUsd: held,
        heldTokens: held / 10,
        spentNanoUsd: spent,
        spentTokens: spent / 10,
      });
      const writer = await startWorkflow(store, 1);
      assert.deepEqual(await store.spendOf('default', 9), noSpend);
      await writer.write(store, [admitted], { spend: [change(500)] });
      await writer.write(store, [paused], { spend: [{ ...change(-500, 200) }, { ...change(70), day: 10 }] });
      const { day: _, reserves: __, ...spent } = change(0, 200);
      assert.deepEqual(await store.spendOf('default', 9), spent);
      assert.equal((await store.spendOf('default', 10)).heldNanoUsd, 70);
      assert.deepEqual(await store.spendOf('other', 9), noSpend, 'each tenant has its own');
      await writer.write(store, [resumed, admitted, completed]);
      await store.evict(everything, clock.now());
      assert.deepEqual(await store.spendOf('default', 9), spent);
    });

    promise('refuses what would take a day over its caps, and nothing beside it', async ({ store }) => {
      const held = (nanoUsd: number, tokens = 1): SpendChange => ({
        ...noSpend,
        day: 9,
        reserves: true,
        heldNanoUsd: nanoUsd,
        heldTokens: tokens,
      });
      const dayCaps = { maxCostNanoUsd: 100, maxTokens: 50 };
      const writers = await Promise.all([1, 2, 3, 4].map((number) => startWorkflow(store, number)));
      // All in one turn: the same transaction, where there is one.
      const answers = await Promise.all(
        writers.map((writer, index) =>
          store.append(writer.build([admitted], { spend: [held([60, 60, 40, 1][index] ?? 0)], dayCaps })),
        ),
      );
      assert.deepEqual(
        answers.map(({ result }) => result),
        ['appended', 'over_day_cap', 'appended', 'over_day_cap'],
      );
      const [, refused] = answers;
      assert.ok(refused?.result === 'over_day_cap');
      assert.deepEqual(refused.of, { day: 9, spend: { ...noSpend, heldNanoUsd: 60, heldTokens: 1 } });
      assert.equal((await store.row(keyOf(2)))?.sequence, 1, 'nothing of it was written');
      const [first, second] = writers;
      assert.ok(first && second);
      first.accept(first.build([admitted]));
      const again = second.build([admitted], { spend: [held(0, 48)], dayCaps });
      assert.equal((await store.append(again)).result, 'appended');
      assert.equal(
        (await store.append(first.build([paused], { spend: [held(0, 1)], dayCaps }))).result,
        'over_day_cap',
        'tokens have a cap of their own',
      );
      // What only settles is asked nothing.
      await first.write(store, [paused], {
        spend: [{ ...noSpend, day: 9, reserves: false, spentNanoUsd: 70, heldNanoUsd: -60 }],
      });
      assert.equal((await store.spendOf('default', 9)).spentNanoUsd, 70);
      // More than was held was charged on one day; that refuses nothing that begins on another.
      const late = { ...noSpend, day: 9, reserves: false, spentNanoUsd: 1_000 };
      const begun = { ...held(10), day: 10 };
      assert.equal(
        (await store.append(first.build([resumed], { spend: [late, begun], dayCaps }))).result,
        'appended',
      );
    });

    promise('counts an append that is delivered twice once', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      const append = writer.build([admitted], {
        spend: [{ ...noSpend, day: 9, reserves: true, heldNanoUsd: 60 }],
        dayCaps: { maxCostNanoUsd: 100 },
      });
      assert.equal((await store.append(append)).result, 'appended');
      assert.equal((await store.append(append)).result, 'duplicate');
      assert.equal((await store.spendOf('default', 9)).heldNanoUsd, 60);
    });

    promise('removes one finished workflow and nothing else', async ({ store, clock }) => {
      const request = requestOf('r1', clock.now() + 1_000);
      await finishWorkflow(store, 1, { request });
      await finishWorkflow(store, 2);
      await startWorkflow(store, 3);
      assert.equal(await store.remove(keyOf(3)), 'open');
      assert.equal(await store.remove(keyOf(4)), 'unknown');
      assert.equal(await store.remove(keyOf(1)), 'removed');
      assert.equal(await store.remove(keyOf(1)), 'unknown');
      assert.equal(await store.row(keyOf(1)), undefined);
      assert.equal(await store.read(keyOf(1), 0, 10), undefined);
      assert.ok(await store.row(keyOf(2)));
      assert.ok(await store.row(keyOf(3)));
      assert.ok(await store.knownRequest('default', 'StartResearch', 'r1', clock.now()));
      assert.deepEqual(await store.evict(everything, clock.now()), [keyOf(2)]);
    });

    promise(
      'keeps a request longer than its workflow, and drops it when expired',
      async ({ store, clock }) => {
        const request = requestOf('r1', clock.now() + 1_000);
        await finishWorkflow(store, 1, { request });
        assert.deepEqual(await store.evict(everything, clock.now()), [keyOf(1)]);
        assert.equal(await store.row(keyOf(1)), undefined);
        assert.ok(await store.knownRequest('default', 'StartResearch', 'r1', clock.now()));
        await store.evict(everything, clock.now() + 1_000);
        assert.equal(await store.knownRequest('default', 'StartResearch', 'r1', clock.now()), undefined);
      },
    );
  });

  suite(`${name}: reading`, () => {
    promise('reads a log in pages after any sequence', async ({ store }) => {
      const writer = await startWorkflow(store, 1);
      for (let round = 0; round < 5; round++) await writer.write(store, [admitted, paused, resumed]);
      const found: WorkflowEvent[] = [];
      for (;;) {
        const page = await store.read(writer.key, found.length, 3);
        assert.ok(page);
        if (page.length === 0) break;
        assert.ok(page.length <= 3);
        found.push(...page);
      }
      assert.deepEqual(found, writer.events);
      assert.deepEqual(await store.read(writer.key, 16, 5), []);
      assert.deepEqual(await store.read(writer.key, 99, 5), []);
    });

    promise('row 20: an unknown workflow, blob or tenant has nothing to read', async ({ store }) => {
      await startWorkflow(store, 1, { tenant: 'a' });
      assert.equal(await store.read(keyOf(1), 0, 5), undefined);
      assert.equal(await store.row(keyOf(1)), undefined);
      assert.equal(await store.blob(blobOf('x').sha256), undefined);
      assert.deepEqual(await store.list({ tenant: 'default', limit: 5 }), { rows: [] });
      await startWorkflow(store, 1);
      assert.equal((await store.list({ tenant: 'a', limit: 5 })).rows.length, 1);
    });

    promise(
      'row 20: nothing a caller does to what it gave or got changes the store',
      async ({ store, clock }) => {
        const blob = blobOf('a document');
        const { sha256 } = blob;
        const writer = new Writer(keyOf(1));
        await writer.claim(store);
        const append = writer.build([started({ labels: { team: 'belt' } })], { blobs: [blob] });
        const given = structuredClone(append);
        const answer = store.append(append);
        const spoil = (value: unknown): void => {
          if (value instanceof Uint8Array) value.fill(0);
          else if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
            for (const [key, inner] of Object.entries(value)) {
              spoil(inner);
              if (typeof inner !== 'object') Reflect.set(value, key, 'spoilt');
            }
          }
        };
        spoil(append.events);
        spoil(append.row);
        spoil(append.blobs);
        assert.deepEqual(await answer, { result: 'appended' });
        for (let round = 0; round < 2; round++) {
          const log = await store.read(writer.key, 0, 5);
          const row = await store.row(writer.key);
          const page = await store.list({ tenant: 'default', limit: 5 });
          const open = await store.openWorkflows();
          const bytes = await store.blob(sha256);
          assert.deepEqual(log, given.events);
          assert.deepEqual(row, given.row);
          assert.deepEqual(page.rows, [given.row]);
          assert.deepEqual(
            open.map(({ key }) => key),
            [keyOf(1)],
          );
          assert.deepEqual(bytes && new TextDecoder().decode(bytes), 'a document');
          for (const value of [log, row, page, open, bytes]) spoil(value);
        }
        assert.equal((await store.evict(everything, clock.now())).length, 0);
      },
    );
  });

  suite(`${name}: lists`, () => {
    const ids = async (
      store: Store,
      query: Partial<Parameters<Store['list']>[0]>,
      limit = 3,
    ): Promise<string[]> => {
      const found: string[] = [];
      let after: number | undefined;
      do {
        const page = await store.list({ tenant: 'default', ...query, limit, after });
        assert.ok(page.rows.length <= limit);
        found.push(...page.rows.map(({ workflowId }) => workflowId));
        after = page.next;
      } while (after !== undefined);
      return found;
    };
    const idsOf = (...numbers: number[]): string[] => numbers.map((number) => keyOf(number).workflowId);

    promise('pages newest first, by create time, then by creation order', async ({ store }) => {
      // The clock steps back between 2 and 3.
      const times = [0, 10, 20, 5, 5, 5, 30];
      for (const [index, time] of times.entries())
        await startWorkflow(store, index, { time: startTime + time });
      for (const limit of [1, 2, 3, 7, 100]) {
        assert.deepEqual(await ids(store, {}, limit), idsOf(6, 2, 1, 5, 4, 3, 0));
      }
      const last = await store.list({ tenant: 'default', limit: 7 });
      assert.equal(last.next, undefined);
    });

    promise('filters by status, orchestrator, time and every given label', async ({ store }) => {
      for (let index = 0; index < 12; index++) {
        const writer = await startWorkflow(store, index, {
          time: startTime + index,
          orchestrator: index % 2 === 0 ? 'research' : 'search',
          labels: { team: index % 3 === 0 ? 'belt' : 'mars', 'odd "name"\\': `${index % 4}` },
        });
        if (index >= 4) await writer.write(store, [admitted]);
        if (index >= 8) await writer.write(store, [completed]);
      }
      assert.deepEqual(await ids(store, { statuses: ['pending'] }), idsOf(3, 2, 1, 0));
      assert.deepEqual(
        await ids(store, { statuses: ['completed', 'pending', 'failed'] }),
        idsOf(11, 10, 9, 8, 3, 2, 1, 0),
      );
      assert.deepEqual(await ids(store, { statuses: [] }), []);
      assert.deepEqual(await ids(store, { orchestrator: 'search', statuses: ['running'] }), idsOf(7, 5));
      assert.deepEqual(
        await ids(store, { createdFrom: startTime + 3, createdBefore: startTime + 6 }),
        idsOf(5, 4, 3),
      );
      assert.deepEqual(await ids(store, { labels: { team: 'belt' } }), idsOf(9, 6, 3, 0));
      assert.deepEqual(await ids(store, { labels: { team: 'belt', 'odd "name"\\': '2' } }), idsOf(6));
      assert.deepEqual(await ids(store, { labels: { team: 'belt', none: '' } }), []);
      assert.deepEqual(await ids(store, { labels: {} }, 50), idsOf(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    });

    promise('goes on behind a row that was evicted between two pages', async ({ store, clock }) => {
      for (let index = 0; index < 6; index++) {
        await (index === 3 ? finishWorkflow : startWorkflow)(store, index, { time: startTime + index });
      }
      const first = await store.list({ tenant: 'default', limit: 3 });
      assert.deepEqual(
        first.rows.map(({ workflowId }) => workflowId),
        idsOf(5, 4, 3),
      );
      assert.equal((await store.evict(everything, clock.now())).length, 1);
      const second = await store.list({ tenant: 'default', limit: 3, after: first.next });
      assert.deepEqual(
        second.rows.map(({ workflowId }) => workflowId),
        idsOf(2, 1, 0),
      );
    });

    promise('names the open workflows in creation order', async ({ store }) => {
      await finishWorkflow(store, 1);
      const second = await startWorkflow(store, 2, { priority: 7 });
      await finishWorkflow(store, 3);
      await startWorkflow(store, 4, { tenant: 'other' });
      await second.write(store, [admitted]);
      const open = await store.openWorkflows();
      assert.deepEqual(
        open.map(({ key, status, priority }) => ({ key, status, priority })),
        [
          { key: keyOf(2), status: 'running', priority: 7 },
          { key: keyOf(4, 'other'), status: 'pending', priority: 0 },
        ],
      );
      const [first, last] = open.map(({ order }) => order);
      assert.ok(first !== undefined && last !== undefined && first < last);
    });
  });

  suite(`${name}: retention`, () => {
    const rule: EvictionRule = { keep: 100, endedBefore: Infinity, olderThan: -Infinity, limit: 10 };

    promise(
      'row 18: the 101st completion evicts the oldest by completion order',
      async ({ store, clock }) => {
        const writers: Writer[] = [];
        for (let index = 0; index < 101; index++) {
          const writer = await startWorkflow(store, index);
          await writer.write(store, [admitted]);
          writers.push(writer);
        }
        // Completed in another order than started, all at the same time: 50 first, 0 second.
        const [middle] = writers.splice(50, 1);
        assert.ok(middle);
        writers.unshift(middle);
        for (const writer of writers.slice(0, 100)) await writer.write(store, [completed]);
        assert.deepEqual(await store.evict(rule, clock.now()), []);
        await writers[100]?.write(store, [completed]);
        assert.deepEqual(await store.evict(rule, clock.now()), [keyOf(50)]);
        assert.deepEqual(await store.evict(rule, clock.now()), []);
        assert.equal(await store.row(keyOf(50)), undefined);
        assert.ok(await store.row(keyOf(0)));
      },
    );

    promise(
      'row 19: info, log and unshared blobs go together; shared blobs stay',
      async ({ store, clock }) => {
        const [own, shared] = [blobOf('own'), blobOf('shared')];
        await finishWorkflow(store, 1, { blobs: [own, shared] });
        await startWorkflow(store, 2, { blobs: [shared, shared] });
        assert.deepEqual(await store.evict({ ...rule, keep: 0 }, clock.now()), [keyOf(1)]);
        assert.equal(await store.row(keyOf(1)), undefined);
        assert.equal(await store.read(keyOf(1), 0, 5), undefined);
        assert.equal(await store.blob(own.sha256), undefined);
        assert.deepEqual(await store.blob(shared.sha256), shared.bytes);
        assert.deepEqual(
          (await store.list({ tenant: 'default', limit: 5 })).rows.map((row) => row.workflowId),
          [keyOf(2).workflowId],
        );
        assert.ok(await store.row(keyOf(2)));
      },
    );

    promise(
      'never removes a workflow without a terminal event, whatever the rule',
      async ({ store, clock }) => {
        const open = await startWorkflow(store, 1);
        await finishWorkflow(store, 2);
        const all: EvictionRule = { keep: 0, endedBefore: Infinity, olderThan: Infinity, limit: 100 };
        assert.deepEqual(await store.evict(all, clock.now() + 1e12), [keyOf(2)]);
        assert.deepEqual(await store.read(open.key, 0, 5), open.events);
        await open.write(store, [admitted, completed]);
        assert.deepEqual(await store.evict(all, clock.now() + 1e12), [keyOf(1)]);
      },
    );

    promise('keeps the young beyond the count, and drops the old within it', async ({ store, clock }) => {
      for (let index = 0; index < 6; index++)
        await finishWorkflow(store, index, { endTime: startTime + index });
      const young: EvictionRule = { keep: 2, endedBefore: startTime + 2, olderThan: -Infinity, limit: 10 };
      assert.deepEqual(await store.evict(young, clock.now()), [keyOf(0), keyOf(1)]);
      assert.deepEqual(await store.evict({ ...young, endedBefore: Infinity, limit: 1 }, clock.now()), [
        keyOf(2),
      ]);
      assert.deepEqual(await store.evict({ ...young, endedBefore: Infinity }, clock.now()), [keyOf(3)]);
      const old: EvictionRule = { keep: 2, endedBefore: -Infinity, olderThan: startTime + 5, limit: 10 };
      assert.deepEqual(await store.evict(old, clock.now()), [keyOf(4)]);
      assert.deepEqual(await store.evict({ ...old, limit: 0, olderThan: Infinity }, clock.now()), []);
    });

    promise('removes more in one call than fits one transaction', async ({ store, clock }) => {
      for (let index = 0; index < 5; index++) {
        const writer = await startWorkflow(store, index);
        const round = [admitted, paused, resumed];
        await writer.write(store, Array.from({ length: 300 }, () => round).flat());
        await writer.write(store, [admitted, completed]);
      }
      for (let index = 5; index < 8; index++) await finishWorkflow(store, index);
      const removed = await store.evict({ ...rule, keep: 1, limit: Infinity }, clock.now());
      assert.deepEqual(
        removed,
        [0, 1, 2, 3, 4, 5, 6].map((number) => keyOf(number)),
      );
      assert.equal(await store.read(keyOf(0), 0, Infinity), undefined);
      assert.equal((await store.read(keyOf(7), 0, Infinity))?.length, 3);
      assert.equal((await store.list({ tenant: 'default', limit: Infinity })).rows.length, 1);
    });

    promise('drops any number of expired requests in one call', async ({ store, clock }) => {
      const writers = Array.from({ length: 2_100 }, (_, index) => new Writer(keyOf(index)));
      for (const writer of writers) await writer.claim(store);
      await Promise.all(
        writers.map((writer, index) =>
          writer.write(store, [started()], { request: requestOf(`r${index}`, startTime + 1) }),
        ),
      );
      await store.evict(rule, startTime + 1);
      for (const index of [0, 1_000, 2_099]) {
        // Asked as of before its expiry: a record that were still there would answer.
        assert.equal(
          await store.knownRequest('default', 'StartResearch', `r${index}`, clock.now()),
          undefined,
        );
      }
    });

    promise('takes a new start under the id of an evicted workflow', async ({ store, clock }) => {
      await finishWorkflow(store, 1);
      await store.evict(everything, clock.now());
      const again = await startWorkflow(store, 1);
      assert.deepEqual(await store.read(again.key, 0, 5), again.events);
    });
  });

  suite(`${name}: life`, () => {
    promise(
      'answers a check while open, and nothing after close, which may be called twice',
      async ({ store }) => {
        await store.check();
        const writer = await startWorkflow(store, 1);
        const last = store.append(writer.build([admitted]));
        await Promise.all([store.close(), store.close()]);
        await store.close();
        assert.deepEqual(await last, { result: 'appended' });
        for (const refused of [
          store.check(),
          store.row(writer.key),
          store.append(writer.build([admitted])),
        ]) {
          assert.ok((await failureOf(refused)) instanceof StoreUnavailableError);
        }
      },
    );

    modelTest(openStore);
  });
}
