import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { Pacer, type PacerPermit, type RateLimits } from '../../src/provider/pacer.ts';
import type { Asker } from '../../src/provider/waiting-line.ts';
import { limits } from '../../src/workflow/limits.ts';

/** A workflow that counts how often it is told to ask again. */
class TestAsker implements Asker {
  readonly id: string;
  readonly priority: number;
  woken = 0;

  constructor(id: string, priority = 0) {
    this.id = id;
    this.priority = priority;
  }

  wake(): void {
    this.woken++;
  }
}

function world(rateLimits: RateLimits): { readonly clock: SimulatedClock; readonly pacer: Pacer } {
  const clock = new SimulatedClock();
  return { clock, pacer: new Pacer('xai', rateLimits, clock) };
}

function granted(permit: PacerPermit | undefined): PacerPermit {
  assert.ok(permit, 'a permit was expected');
  return permit;
}

describe('a pacer', () => {
  test('never lets more requests go in any minute than the provider allows', async () => {
    for (const requestsPerMinute of [1, 2, 3, 7, 10, 19, 20, 24, 25, 60, 600]) {
      const { clock, pacer } = world({ requestsPerMinute });
      const asker = new TestAsker('a');
      const times: number[] = [];
      for (let step = 0; step < 3 * 60_000; step += 50) {
        // Nobody asks in the second minute, so that the burst comes on top of the even stream.
        if (step < 60_000 || step > 100_000) while (pacer.take(asker, 1)) times.push(clock.now());
        await clock.jump(50);
      }
      const most = Math.max(
        ...times.map((time, first) => times.filter((t, i) => i >= first && t < time + 60_000).length),
      );
      assert.ok(most <= requestsPerMinute, `${most} in one minute at ${requestsPerMinute}`);
      assert.ok(most >= Math.floor(0.9 * requestsPerMinute), `only ${most} at ${requestsPerMinute}`);
    }
  });

  test('wakes the first in line when its permit is there, and one at a time', async () => {
    const { clock, pacer } = world({ requestsPerMinute: 10 });
    const [a, b] = [new TestAsker('a'), new TestAsker('b')];
    granted(pacer.take(a, 1));
    assert.equal(pacer.take(a, 1), undefined);
    assert.equal(pacer.take(b, 1), undefined);
    assert.match(pacer.describe('a') ?? '', /^rate limit of xai: next permit at 2026-01-01T00:00:06\.\d+Z$/);
    assert.match(pacer.describe('b') ?? '', /1 workflows are ahead$/);
    await clock.advance(6_000);
    assert.deepEqual([a.woken, b.woken], [0, 0], 'five per cent below the limit');
    await clock.advance(400);
    assert.deepEqual([a.woken, b.woken], [1, 0]);
    assert.equal(pacer.take(b, 1), undefined, 'it is not its turn');
    granted(pacer.take(a, 1));
    await clock.advance(6_400);
    assert.deepEqual([a.woken, b.woken], [1, 1]);
  });

  test('serves the higher priority first and equals in turn', async () => {
    const { clock, pacer } = world({ requestsPerMinute: 60 });
    const askers = [new TestAsker('a'), new TestAsker('b'), new TestAsker('high', 5)];
    const order: string[] = [];
    const ask = (asker: TestAsker): boolean => {
      const permit = pacer.take(asker, 1);
      if (permit) order.push(asker.id);
      return permit !== undefined;
    };
    for (const asker of askers) while (ask(asker));
    order.length = 0;
    let highLeft = 2;
    for (let step = 0; step < 8_000; step += 100) {
      await clock.advance(100);
      for (const asker of askers) {
        if (asker.woken === 0) continue;
        asker.woken = 0;
        ask(asker);
        if (asker.id === 'high' && --highLeft === 0) pacer.leave('high');
        else ask(asker);
      }
    }
    assert.deepEqual(order.slice(0, 6), ['high', 'high', 'a', 'b', 'a', 'b']);
  });

  test('gives the place of one that leaves, and the permit of one that does not come, to the next', async () => {
    const { clock, pacer } = world({ requestsPerMinute: 60 });
    const [a, b, c] = [new TestAsker('a'), new TestAsker('b'), new TestAsker('c')];
    while (pacer.take(a, 1));
    pacer.take(b, 1);
    pacer.take(c, 1);
    pacer.leave('a');
    await clock.advance(1_100);
    assert.deepEqual([a.woken, b.woken, c.woken], [0, 1, 0]);
    await clock.advance(limits.permitOfferMs);
    assert.deepEqual([b.woken, c.woken], [1, 1], 'b was held up by something else');
    granted(pacer.take(c, 1));
    await clock.advance(1_100);
    assert.equal(b.woken, 2, 'and is not forgotten');
    pacer.leave('b');
    pacer.leave('c');
    assert.equal(clock.pendingTimers, 0);
  });

  test('has a bounded line; who finds it full is not in it and must come again', () => {
    const { pacer } = world({ requestsPerMinute: 1 });
    granted(pacer.take(new TestAsker('first'), 1));
    for (let number = 0; number < limits.permitWaitersMax; number++)
      pacer.take(new TestAsker(`w${number}`), 1);
    pacer.take(new TestAsker('late'), 1);
    assert.equal(pacer.waiting, limits.permitWaitersMax);
    assert.deepEqual([pacer.stands('w0'), pacer.stands('late')], [true, false]);
    pacer.leave('w0');
    pacer.take(new TestAsker('late'), 1);
    assert.equal(pacer.stands('late'), true);
  });

  test('takes back a permit that was not used, and counts only its first word', () => {
    const { pacer } = world({ requestsPerMinute: 1, tokensPerMinute: 100, concurrentCalls: 1 });
    const asker = new TestAsker('a');
    const permit = granted(pacer.take(asker, 100));
    assert.equal(pacer.take(asker, 100), undefined);
    permit.giveBack();
    permit.giveBack();
    granted(pacer.take(asker, 100));
    assert.equal(pacer.take(asker, 100), undefined);
  });

  test('reserves tokens by what a call may need, and corrects that by what it used', async () => {
    const { clock, pacer } = world({ tokensPerMinute: 6_000 });
    const asker = new TestAsker('a');
    const first = granted(pacer.take(asker, 5_000));
    assert.equal(pacer.take(asker, 3_000), undefined);
    first.ended(1_000);
    granted(pacer.take(asker, 3_000)).ended(undefined);
    assert.equal(pacer.take(asker, 4_000), undefined, '2,000 are left');
    await clock.advance(22_000);
    granted(pacer.take(asker, 4_000)).ended(undefined);
  });

  test('lets a call go that needs more than a minute allows, after the minute is there', async () => {
    const { clock, pacer } = world({ tokensPerMinute: 6_000 });
    const asker = new TestAsker('a');
    granted(pacer.take(asker, 100_000)).ended(12_000);
    assert.equal(pacer.take(asker, 100_000), undefined);
    await clock.advance(2 * 64_000);
    assert.equal(asker.woken, 1);
    granted(pacer.take(asker, 100_000));
  });

  test('does not wait for hours because an endpoint says that a call used a million tokens', async () => {
    const { clock, pacer } = world({ tokensPerMinute: 6_000 });
    const asker = new TestAsker('a');
    const permits = [1, 2, 3].map(() => granted(pacer.take(asker, 100)));
    for (const permit of permits) permit.ended(1_000_000);
    assert.equal(pacer.take(asker, 100), undefined);
    await clock.advance(65_000);
    granted(pacer.take(asker, 100));
  });

  test('bounds the calls under way and wakes the next when one ends', () => {
    const { pacer } = world({ concurrentCalls: 2 });
    const [a, b] = [new TestAsker('a'), new TestAsker('b')];
    const first = granted(pacer.take(a, 1));
    granted(pacer.take(a, 1));
    assert.equal(pacer.take(b, 1), undefined);
    assert.match(pacer.describe('b') ?? '', /^rate limit of xai: 2 calls are under way, the most it allows$/);
    first.ended(1);
    assert.equal(b.woken, 1);
    granted(pacer.take(b, 1));
  });

  test('pauses for everybody when the provider says for how long, never shorter than a second', async () => {
    const { clock, pacer } = world({});
    const [a, b] = [new TestAsker('a'), new TestAsker('b')];
    granted(pacer.take(a, 1)).throttled(20_000);
    assert.equal(pacer.take(b, 1), undefined);
    assert.equal(pacer.pausedUntilTime, clock.now() + 20_000);
    await clock.advance(19_999);
    assert.equal(b.woken, 0);
    await clock.advance(1);
    assert.equal(b.woken, 1);
    granted(pacer.take(b, 1)).throttled(0);
    assert.equal(pacer.pausedUntilTime, clock.now() + limits.rateLimitFloorMs);
    assert.equal(pacer.throttledCalls, 2);
  });

  test('pauses longer and longer when the provider does not say, once for calls that left together', async () => {
    const { clock, pacer } = world({});
    const asker = new TestAsker('a');
    const burst = [1, 2, 3].map(() => granted(pacer.take(asker, 1)));
    const pausedMs = (): number => (pacer.pausedUntilTime ?? clock.now()) - clock.now();
    await clock.advance(10);
    for (const permit of burst) permit.throttled(undefined);
    assert.equal(pausedMs(), 1_000);
    for (const expectedMs of [2_000, 4_000, 8_000]) {
      await clock.advance(pausedMs());
      const permit = granted(pacer.take(asker, 1));
      await clock.advance(10);
      permit.throttled(undefined);
      assert.equal(pausedMs(), expectedMs);
    }
    await clock.advance(pausedMs());
    granted(pacer.take(asker, 1)).ended(1);
    const after = granted(pacer.take(asker, 1));
    await clock.advance(10);
    after.throttled(undefined);
    assert.equal(pausedMs(), 1_000, 'an answer ends the series');
  });
});
