import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { Breaker, type CallHealth } from '../../src/provider/breaker.ts';
import { limits } from '../../src/workflow/limits.ts';

const waitMs = 30_000;

/** Everything that follows from what was said runs in promise callbacks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function ended(breaker: Breaker, ...healths: readonly CallHealth[]): Promise<void> {
  for (const health of healths) {
    breaker.enter().settle(health);
    await settled();
  }
}

function world(): { readonly clock: SimulatedClock; readonly breaker: Breaker; readonly changes: string[] } {
  const clock = new SimulatedClock();
  const changes: string[] = [];
  const breaker: Breaker = new Breaker(clock, waitMs, () => changes.push(breaker.state));
  return { clock, breaker, changes };
}

const ill = (count: number): readonly CallHealth[] => Array.from({ length: count }, () => 'ill' as const);

describe('a breaker', () => {
  test('opens after five failures in a row, and an answer between them begins the count again', async () => {
    const { breaker } = world();
    await ended(breaker, ...ill(4), 'well', ...ill(4));
    assert.equal(breaker.state, 'closed');
    await ended(breaker, 'ill');
    assert.equal(breaker.state, 'open');
    assert.equal(breaker.passable, false);
    assert.throws(() => breaker.enter(), /open/);
  });

  test('opens when half of at least 20 calls within 30 s have failed', async () => {
    const { breaker } = world();
    for (let pair = 0; pair < 9; pair++) await ended(breaker, 'ill', 'well');
    await ended(breaker, 'well');
    assert.equal(breaker.state, 'closed', 'nine of 19');
    await ended(breaker, 'ill');
    assert.equal(breaker.state, 'open', 'ten of 20');
  });

  test('forgets what is older than 30 s', async () => {
    const { clock, breaker } = world();
    for (let pair = 0; pair < 9; pair++) await ended(breaker, 'ill', 'well');
    await clock.advance(limits.breakerWindowMs);
    for (let pair = 0; pair < 9; pair++) await ended(breaker, 'well', 'ill');
    assert.equal(breaker.state, 'closed', 'nine of 18 within the window, 18 of 36 in all');
    await ended(breaker, 'well', 'ill');
    assert.equal(breaker.state, 'open');
  });

  test('does not count what says nothing about the provider', async () => {
    const { breaker } = world();
    for (let call = 0; call < 30; call++) await ended(breaker, 'neither', 'unknown');
    await ended(breaker, ...ill(4), 'neither', 'unknown');
    assert.equal(breaker.state, 'closed');
    await ended(breaker, 'ill');
    assert.equal(breaker.state, 'open');
  });

  test('lets exactly one probe through when its time is over, and closes when that answers', async () => {
    const { clock, breaker, changes } = world();
    await ended(breaker, ...ill(5));
    assert.equal(breaker.retryTime, clock.now() + waitMs);
    await clock.advance(waitMs - 1);
    assert.equal(breaker.passable, false);
    await clock.advance(1);
    assert.equal(breaker.passable, true);
    const probe = breaker.enter();
    assert.equal(breaker.state, 'half_open');
    assert.equal(breaker.passable, false, 'a second one waits');
    probe.settle('well');
    await settled();
    assert.equal(breaker.state, 'closed');
    assert.deepEqual(changes, ['open', 'half_open', 'closed']);
    await ended(breaker, ...ill(4));
    assert.equal(breaker.state, 'closed', 'what was before the probe is forgotten');
  });

  test('waits twice as long after every probe that fails, up to its limit', async () => {
    const { clock, breaker } = world();
    await ended(breaker, ...ill(5));
    for (const expectedMs of [60_000, 120_000, 240_000, limits.breakerWaitMsMax, limits.breakerWaitMsMax]) {
      await clock.advance((breaker.retryTime ?? 0) - clock.now());
      await ended(breaker, 'ill');
      assert.equal(breaker.state, 'open');
      assert.equal((breaker.retryTime ?? 0) - clock.now(), expectedMs);
    }
    await clock.advance(limits.breakerWaitMsMax);
    await ended(breaker, 'well', ...ill(5));
    assert.equal((breaker.retryTime ?? 0) - clock.now(), waitMs, 'a new illness begins with the first wait');
  });

  test('frees the probe at once when nobody knows how it ended', async () => {
    const { clock, breaker } = world();
    await ended(breaker, ...ill(5));
    await clock.advance(waitMs);
    await ended(breaker, 'unknown');
    assert.equal(breaker.state, 'open');
    assert.equal(breaker.passable, true);
    await ended(breaker, 'ill');
    assert.equal((breaker.retryTime ?? 0) - clock.now(), 2 * waitMs);
  });

  test('takes a refusal of the probe as a sign of life', async () => {
    const { clock, breaker } = world();
    await ended(breaker, ...ill(5));
    await clock.advance(waitMs);
    await ended(breaker, 'neither');
    assert.equal(breaker.state, 'closed');
  });

  test('does not listen to calls that it let through in another state', async () => {
    const { clock, breaker } = world();
    const [early, earlier] = [breaker.enter(), breaker.enter()];
    await ended(breaker, ...ill(5));
    early.settle('well');
    await settled();
    assert.equal(breaker.state, 'open');
    await clock.advance(waitMs);
    const probe = breaker.enter();
    earlier.settle('ill');
    await settled();
    assert.equal(breaker.state, 'half_open');
    probe.settle('well');
    await settled();
    assert.equal(breaker.state, 'closed');
  });

  test('hears only the first word about a call', async () => {
    const { breaker } = world();
    await ended(breaker, ...ill(4));
    const pass = breaker.enter();
    pass.settle('well');
    pass.settle('ill');
    await settled();
    assert.equal(breaker.failuresInARow, 0);
  });

  test('keeps to the injected clock, wherever the wall clock of the process goes', async (t) => {
    const { clock, breaker } = world();
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2030, 0, 1) });
    await ended(breaker, ...ill(5));
    t.mock.timers.setTime(Date.UTC(2040, 0, 1));
    assert.equal(breaker.passable, false);
    t.mock.timers.setTime(Date.UTC(2020, 0, 1));
    await clock.advance(waitMs);
    await ended(breaker, 'well');
    assert.equal(breaker.state, 'closed');
  });
});
