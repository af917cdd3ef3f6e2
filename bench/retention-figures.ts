import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drive, withNode } from './drive.ts';
import type { EngineNode } from './engine-node.ts';
import type { Figure } from './figure.ts';
import { checkRetained, fillRetained } from './retained-store.ts';

const concurrency = 16;
const few = 1_000;
const many = 50_000;
const warmUpRuns = 200;
/**
 * The two stores take turns, so that what else the machine does meets both, and begin in turns too: the collector of this
 * process does more of its work in the second of two.
 */
const turns = 6;
const runsPerTurn = 300;

async function withRetained<T>(retained: number, work: (node: EngineNode) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-retained-'));
  try {
    await fillRetained(folder, retained);
    const supervisor = { retainTerminal: retained, retainAtLeastMs: 0 };
    const result = await withNode({ answerTime: 0, folder, supervisor }, work);
    checkRetained(folder, retained);
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds that so many runs take; each end evicts the oldest finished run. */
async function seconds(node: EngineNode, runs: number): Promise<number> {
  const begin = performance.now();
  await drive(node, runs, concurrency);
  return (performance.now() - begin) / 1_000;
}

export function retention(): Promise<Figure[]> {
  return withRetained(few, (small) =>
    withRetained(many, async (large) => {
      await seconds(small, warmUpRuns);
      await seconds(large, warmUpRuns);
      let smallSeconds = 0;
      let largeSeconds = 0;
      for (let turn = 0; turn < turns; turn++) {
        const largeFirst = turn % 2 === 1;
        if (largeFirst) largeSeconds += await seconds(large, runsPerTurn);
        smallSeconds += await seconds(small, runsPerTurn);
        if (!largeFirst) largeSeconds += await seconds(large, runsPerTurn);
      }
      const runs = turns * runsPerTurn;
      return [
        {
          name: `workflows/s with ${many} retained, each end evicting one; floor: ${few} retained`,
          value: runs / largeSeconds,
          unit: '1/s',
          floor: { value: runs / smallSeconds, shareWanted: 0.95 },
        },
      ];
    }),
  );
}
