import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Force } from './attack.ts';
import { attacks, runAttack } from './attack-round.ts';
import { Target } from './target.ts';

/** Enough to meet every kind of each attack; `npm run abuse -- --resets N` is there for more. */
const force: Force = { resets: 2_000, frames: 2_000, connections: 12, silent: 2_300, calls: 20 };
const seed = 3;

let target: Target;
before(async () => {
  target = await Target.open();
});
after(async () => assert.deepEqual(await target.close(), []));

describe('the server and its other clients are as before after', () => {
  for (const attack of attacks) {
    test(attack.name, async () => {
      const { violations, outcome } = await runAttack(attack, target, force, seed);
      assert.deepEqual(violations, [], outcome);
    });
  }
});
