import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { RealClock } from '../../src/clock/real-clock.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';

const hourMs = 3_600_000;
/** For a wait that follows a clock which was put back. */
const patience = { timeout: 10_000 };

describe('a simulated clock whose wall time is put back', () => {
  test('fires what waits for a time that has passed when it should have, and sleeps as long as it was told', async () => {
    const clock = new SimulatedClock();
    const fired: string[] = [];
    clock.after(5_000, () => fired.push('after'));
    clock.at(clock.now() + 5_000, () => fired.push('at'));
    void clock.sleep(6_000, new AbortController().signal).then(() => fired.push('sleep'));
    await clock.step(-hourMs);
    await clock.advance(5_000);
    assert.deepEqual(fired, ['after']);
    await clock.advance(1_000);
    assert.deepEqual(fired, ['after', 'sleep']);
    await clock.advance(hourMs);
    assert.deepEqual(fired, ['after', 'sleep', 'at']);
    assert.equal(clock.pendingTimers, 0);
  });

  test('fires a deadline that a step forward has passed at once, and nothing else', async () => {
    const clock = new SimulatedClock();
    const fired: string[] = [];
    clock.after(5_000, () => fired.push('after'));
    clock.at(clock.now() + 5_000, () => fired.push('at'));
    const before = { now: clock.now(), elapsed: clock.monotonic() };
    await clock.step(hourMs);
    assert.deepEqual(fired, ['at']);
    assert.equal(clock.now(), before.now + hourMs);
    assert.equal(clock.monotonic(), before.elapsed);
  });
});

describe('the real clock', () => {
  test('sleeps as long as it was told although the wall clock is put back by an hour', patience, async () => {
    const clock = new RealClock();
    const realNow = Date.now.bind(Date);
    const start = performance.now();
    const slept = clock.sleep(50, new AbortController().signal);
    const wall = mock.method(Date, 'now', () => realNow() - hourMs);
    try {
      await slept;
      assert.ok(performance.now() - start >= 50);
    } finally {
      wall.mock.restore();
    }
  });

  test('never fires before the time has passed, and not at all once it is cancelled', async () => {
    const clock = new RealClock();
    const early = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const due = clock.monotonic() + (index % 20);
        return new Promise<boolean>((resolve) => {
          clock.after(index % 20, () => resolve(clock.monotonic() < due));
        });
      }),
    );
    assert.equal(early.filter(Boolean).length, 0);
    let fired = false;
    const timer = clock.after(1, () => {
      fired = true;
    });
    timer.cancel();
    timer.cancel();
    await new Promise<void>((resolve) => clock.after(20, resolve));
    assert.equal(fired, false);
  });

  test('gives up a sleep with the reason of its signal, before and meanwhile', async () => {
    const clock = new RealClock();
    const reason = new Error('enough');
    await assert.rejects(clock.sleep(hourMs, AbortSignal.abort(reason)), reason);
    const controller = new AbortController();
    const slept = clock.sleep(hourMs, controller.signal);
    controller.abort(reason);
    await assert.rejects(slept, reason);
  });
});
