import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { LazyTimer } from '../../src/grpc/lazy-timer.ts';

describe('a lazy timer', () => {
  test('fires as long after it was last set as it says, once', async () => {
    const clock = new SimulatedClock();
    let fired = 0;
    const timer = new LazyTimer(clock, 100, () => fired++);
    timer.set();
    await clock.advance(60);
    timer.set();
    await clock.advance(99);
    assert.equal(fired, 0);
    await clock.advance(1);
    assert.equal(fired, 1);
    await clock.advance(1_000);
    assert.equal(fired, 1);
  });

  test('does not fire when it is cleared, and can be set again before the clock has noticed', async () => {
    const clock = new SimulatedClock();
    let fired = 0;
    const timer = new LazyTimer(clock, 100, () => fired++);
    timer.set();
    await clock.advance(50);
    timer.clear();
    await clock.advance(20);
    timer.set();
    await clock.advance(99);
    assert.equal(fired, 0);
    await clock.advance(1);
    assert.equal(fired, 1);
    timer.set();
    timer.clear();
    await clock.advance(1_000);
    assert.equal(fired, 1);
  });

  test('leaves nothing with the clock when it is closed', () => {
    const clock = new SimulatedClock();
    const timer = new LazyTimer(clock, 100, () => assert.fail('it was closed'));
    timer.set();
    assert.equal(clock.pendingTimers, 1);
    timer.close();
    assert.equal(clock.pendingTimers, 0);
  });
});
