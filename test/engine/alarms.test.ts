import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { Timer } from '../../src/clock/clock.ts';
import { Alarm } from '../../src/engine/alarm.ts';
import { Alarms } from '../../src/engine/alarms.ts';

interface Ring {
  readonly name: number;
  readonly time: number;
}

function world(count: number, seed = 1) {
  const clock = new SimulatedClock(0, seed);
  const alarms = new Alarms(clock);
  const rings: Ring[] = [];
  const all = Array.from(
    { length: count },
    (_, name) => new Alarm(alarms, { wake: () => rings.push({ name, time: clock.now() }) }),
  );
  return { clock, all, rings };
}

test('every alarm rings once, at its time, whatever was set, moved and taken back before', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { clock, all, rings } = world(40, seed);
    const wanted = new Map<number, number>();
    for (let step = 0; step < 400; step++) {
      const name = Math.floor(clock.random() * all.length);
      const time = clock.random() < 0.25 ? undefined : 1 + Math.floor(clock.random() * 50);
      all[name]?.set(time);
      if (time === undefined) wanted.delete(name);
      else wanted.set(name, time);
    }
    await clock.advance(50);
    const byName = (one: { name: number }, other: { name: number }): number => one.name - other.name;
    assert.deepEqual(
      rings.toSorted(byName),
      [...wanted].map(([name, time]) => ({ name, time })).toSorted(byName),
      `seed ${seed}`,
    );
    assert.deepEqual(
      rings.map(({ time }) => time),
      rings.map(({ time }) => time).toSorted((one, other) => one - other),
      `seed ${seed}`,
    );
    assert.equal(clock.pendingTimers, 0, `seed ${seed}`);
  }
});

test('all alarms share one timer, and none is left when none is set', () => {
  const { clock, all } = world(100);
  for (const [index, alarm] of all.entries()) alarm.set(1_000 - index);
  assert.equal(clock.pendingTimers, 1);
  for (const alarm of all) alarm.set(undefined);
  assert.equal(clock.pendingTimers, 0);
});

test('an alarm that is set from a ring rings too, also for a time that has passed', async () => {
  const clock = new SimulatedClock(0);
  const alarms = new Alarms(clock);
  const rings: number[] = [];
  const alarm: Alarm = new Alarm(alarms, {
    wake: () => {
      rings.push(clock.now());
      if (rings.length === 1) alarm.set(30);
      else if (rings.length === 2) alarm.set(5);
    },
  });
  alarm.set(10);
  await clock.advance(40);
  assert.deepEqual(rings, [10, 30, 30]);
  assert.equal(alarm.time, undefined);
});

test('a wall clock that is set forward rings what came due, and one that is set back waits', async () => {
  const { clock, all, rings } = world(3);
  all[0]?.set(100);
  all[1]?.set(200);
  all[2]?.set(300);
  await clock.step(150);
  assert.deepEqual(rings, [{ name: 0, time: 150 }]);
  await clock.step(-100);
  await clock.advance(149);
  assert.equal(rings.length, 1);
  await clock.advance(1);
  assert.deepEqual(rings[1], { name: 1, time: 200 });
  assert.equal(all[2]?.overdue, false);
});

/** As timers of a platform are: a step of the wall clock does not move what was set before. */
class SteadyClock extends SimulatedClock {
  override at(dueTime: number, fire: () => void): Timer {
    return this.after(dueTime - this.now(), fire);
  }
}

test('a timer that a step of the wall clock has made late holds up none of the alarms set since', async () => {
  const clock = new SteadyClock(0);
  const alarms = new Alarms(clock);
  const rings: Ring[] = [];
  const alarmOf = (name: number): Alarm =>
    new Alarm(alarms, { wake: () => rings.push({ name, time: clock.now() }) });
  const [first, second, third] = [alarmOf(1), alarmOf(2), alarmOf(3)];
  first.set(1_000_000);
  third.set(2_000_000);
  await clock.step(1_500_000);
  assert.equal(first.overdue, true);
  second.set(1_500_100);
  await clock.advance(100);
  assert.deepEqual(rings, [
    { name: 1, time: 1_500_000 },
    { name: 2, time: 1_500_100 },
  ]);
  await clock.step(1_000_000);
  // Whoever looks at an alarm that is overdue may set it for the same time again.
  third.set(2_000_000);
  await clock.advance(0);
  assert.deepEqual(rings.slice(2), [{ name: 3, time: 2_500_100 }]);
  assert.equal(clock.pendingTimers, 0);
});

test('a timer that is a little late is not put off by the alarms that are set meanwhile', async () => {
  const clock = new SteadyClock(0);
  const alarms = new Alarms(clock);
  const rings: number[] = [];
  const all = Array.from({ length: 20 }, (_, name) => new Alarm(alarms, { wake: () => rings.push(name) }));
  all[0]?.set(100);
  // As after a turn of the event loop that took long.
  await clock.step(150);
  const armed: number[] = [];
  clock.at = (dueTime) => {
    armed.push(dueTime);
    return { cancel: () => undefined };
  };
  for (const alarm of all.slice(1)) alarm.set(clock.now() + 500);
  assert.deepEqual(armed, []);
  await clock.advance(100);
  assert.deepEqual(rings, [0]);
});
