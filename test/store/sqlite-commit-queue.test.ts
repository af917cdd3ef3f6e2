import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { StoreUnavailableError } from '../../src/store/event-store.ts';
import { SqliteCommitQueue } from '../../src/store/sqlite-commit-queue.ts';
import { limits } from '../../src/workflow/limits.ts';
import { failureOf } from './fixture.ts';

/** A queue of numbers whose writes end when the test says so; a number of a group is judged only once the others are durable. */
function queueOfNumbers() {
  const writes: { readonly items: readonly number[]; readonly end: PromiseWithResolvers<void> }[] = [];
  const durable: number[] = [];
  let composed: number[] = [];
  const forget = (): void => {
    composed = [];
  };
  const groupOf = (item: number): number => item % 1_000;
  const queue = new SqliteCommitQueue<number, string>({
    apply: (item) => {
      if (item < 0) return 'refused';
      if (Number.isNaN(item)) throw new TypeError('it is no number');
      if (composed.some((other) => groupOf(other) === groupOf(item))) return undefined;
      composed.push(item);
      return 'written';
    },
    write: () => {
      if (composed.length === 0) return 'nothing';
      const end = Promise.withResolvers<void>();
      writes.push({ items: composed, end });
      return end.promise;
    },
    committed: () => {
      durable.push(...composed);
      forget();
    },
    failed: forget,
    bytesOf: () => 1,
  });
  return { queue, writes, durable };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

suite('sqlite commit queue', () => {
  test('tells nothing of a transaction, refusals included, before it is durable', async () => {
    const { queue, writes, durable } = queueOfNumbers();
    const told: string[] = [];
    const all = [1, -1].map(async (item) => told.push(await queue.submit(item)));
    await turn();
    assert.deepEqual(writes[0]?.items, [1]);
    await turn();
    assert.deepEqual(told, []);
    writes[0]?.end.resolve();
    await Promise.all(all);
    assert.deepEqual([told, durable], [['written', 'refused'], [1]]);
  });

  test('a transaction of refusals alone is told at once and is no commit', async () => {
    const { queue, writes } = queueOfNumbers();
    assert.deepEqual(await Promise.all([-1, -2].map((item) => queue.submit(item))), ['refused', 'refused']);
    assert.deepEqual([writes.length, queue.commits], [0, 0]);
  });

  test('what is durable at once is told, counts as a commit and keeps nothing behind it waiting', async () => {
    const durable: number[] = [];
    const queue = new SqliteCommitQueue<number, string>({
      apply: () => 'written',
      write: () => 'durable',
      committed: (items) => durable.push(...items),
      failed: () => assert.fail('nothing fails'),
      bytesOf: () => 1,
    });
    assert.equal(await queue.submit(1), 'written');
    assert.deepEqual(await Promise.all([2, 3].map((item) => queue.submit(item))), ['written', 'written']);
    assert.deepEqual([durable, queue.commits, queue.holds(() => true)], [[1, 2, 3], 2, false]);
  });

  test('a transaction is told before the next one, also when that is durable at once', async () => {
    const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writes: (Promise<void> | 'durable')[] = ends.flatMap(({ promise }) => [promise, 'durable']);
    const queue = new SqliteCommitQueue<number, string>({
      apply: () => 'written',
      write: () => writes.shift() ?? assert.fail('nothing else is written'),
      committed: () => {},
      failed: () => {},
      bytesOf: () => 1,
    });
    const told: number[] = [];
    const tell = (item: number) => queue.submit(item).finally(() => told.push(item));
    for (const item of [1, 3]) {
      const first = tell(item);
      await turn();
      const next = tell(item + 1);
      if (item === 1) ends[0]?.resolve();
      else ends[1]?.reject(new Error('the disk is gone'));
      await Promise.allSettled([first, next]);
    }
    assert.deepEqual(told, [1, 2, 3, 4]);
  });

  test('what can only be judged later opens the next transaction, and what came behind it stays behind', async () => {
    const { queue, writes } = queueOfNumbers();
    const all = [1, 1_001, 2].map((item) => queue.submit(item));
    await turn();
    assert.deepEqual(writes[0]?.items, [1]);
    writes[0]?.end.resolve();
    await all[0];
    assert.deepEqual(writes[1]?.items, [1_001, 2]);
    writes[1]?.end.resolve();
    assert.deepEqual(await Promise.all(all), ['written', 'written', 'written']);
  });

  test('a large transaction is told in portions, in order and to the last, while the next one is written', async () => {
    const { queue, writes } = queueOfNumbers();
    const first = queue.submit(0);
    await turn();
    const count = 3 * limits.storeToldAppendsMax + 1;
    const told: number[] = [];
    const large = Array.from({ length: count }, async (_, index) => {
      await queue.submit(index + 1);
      told.push(index + 1);
    });
    writes[0]?.end.resolve();
    await first;
    const next = queue.submit(count + 1);
    writes[1]?.end.resolve();
    await large[0];
    assert.ok(told.length <= limits.storeToldAppendsMax, `${told.length} were told at once`);
    assert.deepEqual(writes[2]?.items, [count + 1]);
    await Promise.all(large);
    assert.deepEqual(
      told,
      told.map((_, index) => index + 1),
    );
    writes[2]?.end.resolve();
    await next;
  });

  test('a failure, of the writer or of what is put together, is that of its transaction only', async () => {
    const { queue, writes, durable } = queueOfNumbers();
    const lost = failureOf(queue.submit(1));
    await turn();
    const [broken, neighbour] = [Number.NaN, 3].map((item) => queue.submit(item));
    const turned = queue.turn;
    writes[0]?.end.reject(new Error('the disk is gone'));
    assert.ok((await lost) instanceof StoreUnavailableError);
    await turned;
    assert.match(String(await failureOf(broken ?? Promise.resolve())), /it is no number/);
    await turn();
    writes[1]?.end.resolve();
    assert.equal(await neighbour, 'written');
    assert.deepEqual([durable, queue.commits, queue.holds(() => true)], [[3], 1, false]);
  });
});
