import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  expectedTiers,
  finalCallOf,
  groupsOf,
  researcherId,
  type TierFlags,
} from '../../src/orchestrator/team-tiers.ts';

const idsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => researcherId(index));
const both: TierFlags = { enableDrummer: true, enableCamina: true };

const sizes: Readonly<Record<number, readonly number[]>> = {
  1: [],
  2: [],
  3: [],
  4: [],
  5: [5],
  6: [6],
  7: [5, 2],
  8: [5, 3],
  9: [5, 4],
  10: [5, 5],
  11: [5, 6],
  12: [5, 5, 2],
  13: [5, 5, 3],
  14: [5, 5, 4],
  15: [5, 5, 5],
  16: [5, 5, 6],
  17: [5, 5, 5, 2],
  18: [5, 5, 5, 3],
  19: [5, 5, 5, 4],
  20: [5, 5, 5, 5],
};

describe('research tiers', () => {
  test('groups of five keep the order, and a last group of one joins the one before', () => {
    for (let count = 1; count <= 20; count++) {
      const ids = idsOf(count);
      const groups = groupsOf(ids, true);
      assert.deepEqual(
        groups.map((group) => group.memberIds.length),
        sizes[count],
        `${count} successful`,
      );
      if (groups.length > 0) {
        assert.deepEqual(
          groups.flatMap((group) => group.memberIds),
          ids,
        );
      }
      assert.deepEqual(
        groups.map((group) => group.agentId),
        groups.map((_, index) => `synthesizer/${index}`),
      );
      assert.deepEqual(groupsOf(ids, false), []);
    }
  });

  test('1 to 4: no drummer; 5: one, no executive; 8: two and the executive; 20: four and the executive', () => {
    assert.deepEqual(expectedTiers(4, both), { groups: 0, last: 1 });
    assert.deepEqual(expectedTiers(5, both), { groups: 1, last: 0 });
    assert.deepEqual(expectedTiers(8, both), { groups: 2, last: 1 });
    assert.deepEqual(expectedTiers(20, both), { groups: 4, last: 1 });
  });

  // Every number of researchers, every set of failed group synthesizers, every setting.
  for (const enableDrummer of [true, false]) {
    for (const enableCamina of [true, false]) {
      test(`the final call with drummer ${enableDrummer}, camina ${enableCamina}`, () => {
        for (let count = 1; count <= 20; count++) {
          const ids = idsOf(count);
          const groups = groupsOf(ids, enableDrummer);
          for (let failures = 0; failures < 2 ** groups.length; failures++) {
            const failed = new Set(
              groups.filter((_, index) => failures & (1 << index)).map((group) => group.agentId),
            );
            const succeeded = groups.length - failed.size;
            const call = finalCallOf(ids, groups, (id) => !failed.has(id), { enableDrummer, enableCamina });
            const label = `${count} researchers, failed: ${[...failed].join()}`;

            if (enableCamina && (succeeded >= 2 || (!enableDrummer && count >= 2))) {
              assert.equal(call.agentId, 'executive', label);
              assert.equal(call.level, 'executive');
            } else if (groups.length === 1 && succeeded === 1) {
              assert.equal(call.agentId, 'synthesizer/0', label);
              assert.equal(call.level, 'group');
              continue;
            } else {
              assert.equal(call.agentId, 'final', label);
              assert.equal(call.level, 'final');
            }
            // Nothing is lost: each finding is in, itself or by its group.
            const covered = call.inputAgentIds.flatMap(
              (id) => groups.find((group) => group.agentId === id)?.memberIds ?? [id],
            );
            assert.deepEqual(covered, ids, label);
            assert.ok(!call.inputAgentIds.some((id) => failed.has(id)), label);
            const orphans = groups
              .filter((group) => failed.has(group.agentId))
              .flatMap((group) => group.memberIds);
            assert.deepEqual(call.unsynthesisedIds, orphans, label);
          }
        }
      });
    }
  }

  test('two groups of which one failed have one synthesis, so no executive runs', () => {
    const ids = idsOf(8);
    const call = finalCallOf(ids, groupsOf(ids, true), (id) => id === 'synthesizer/1', both);
    assert.deepEqual(call, {
      agentId: 'final',
      level: 'final',
      inputAgentIds: [
        'researcher/0',
        'researcher/1',
        'researcher/2',
        'researcher/3',
        'researcher/4',
        'synthesizer/1',
      ],
      unsynthesisedIds: ['researcher/0', 'researcher/1', 'researcher/2', 'researcher/3', 'researcher/4'],
    });
  });
});
