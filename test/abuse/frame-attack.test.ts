import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SeededRandom } from '../e2e/seeded-random.ts';
import type { Force } from './attack.ts';
import { callAttacks } from './call-attack.ts';
import { connectionAttacks } from './connection-attack.ts';
import { Target } from './target.ts';

/** Enough to meet every kind of each attack; `npm run abuse` is there for more. */
const force: Force = { resets: 2_000, frames: 2_000, connections: 12, silent: 100, calls: 20 };

let target: Target;
before(async () => {
  target = await Target.open();
});
after(async () => assert.deepEqual(await target.close(), []));

describe('the server and its other clients are as before after', () => {
  for (const attack of [...connectionAttacks, ...callAttacks]) {
    test(attack.name, async () => {
      const { report, violations } = await target.under(() => attack.run(target, force, new SeededRandom(3)));
      assert.deepEqual([...report.violations, ...violations], [], report.outcome);
      assert.ok(report.sent > 0);
      assert.deepEqual([...(await target.strangers())], [], 'nothing was started');
    });
  }
});
