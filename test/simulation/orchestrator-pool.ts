import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { Dice } from './dice.ts';

interface Entry {
  readonly orchestrator: Orchestrator;
  readonly input: (dice: Dice, number: number) => Readonly<Record<string, unknown>>;
}

/** What simulated clients start; another orchestrator is one more line. */
export const pool: readonly [Entry, ...Entry[]] = [
  {
    orchestrator: research,
    input: (dice, number) => ({
      task: `How do durable workflows survive misfortune ${number}?`,
      numAgents: dice.chance(0.02) ? 20 : dice.whole(1, 6),
      enableDrummer: dice.chance(0.7),
      enableCamina: dice.chance(0.7),
    }),
  },
];

export const orchestrators: readonly Orchestrator[] = pool.map(({ orchestrator }) => orchestrator);
