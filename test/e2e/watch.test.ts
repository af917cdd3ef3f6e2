import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.ts';
import { answerSlowly, joining, reconnecting } from './watch-rounds.ts';

let world: World;
before(async () => {
  world = await World.open();
  answerSlowly(world, 5);
});
after(() => world.close());

test('a watcher that goes away after every message and comes back sees each event once and in order', async () => {
  const { reconnects, violations } = await reconnecting(world, 100);
  assert.deepEqual(violations, []);
  assert.ok(reconnects >= 100);
});

test('watchers that join at any moment see the history and what follows it without a gap', async () => {
  assert.deepEqual(await joining(world, 20), []);
});
