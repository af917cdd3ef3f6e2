import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { Dice } from './dice.ts';

interface Entry {
  readonly orchestrator: Orchestrator;
  readonly input: (dice: Dice, number: number) => Readonly<Record<string, unknown>>;
}

const researchInput: Entry['input'] = (dice, number) => ({
  task: `How do durable workflows survive misfortune ${number}?`,
  numAgents: dice.chance(0.02) ? 20 : dice.whole(1, 6),
  enableDrummer: dice.chance(0.7),
  enableCamina: dice.chance(0.7),
});

/** Rules that cannot make up their mind how far they are: what the log says must not fall all the same. */
const wavering: Orchestrator = {
  ...research,
  name: 'wavering',
  progress: ({ sequence }) => (sequence * 37) % 100,
};

/** What simulated clients start; another orchestrator is one more line. */
export const pool: readonly [Entry, ...Entry[]] = [
  { orchestrator: research, input: researchInput },
  { orchestrator: wavering, input: researchInput },
];

export const orchestrators: readonly Orchestrator[] = pool.map(({ orchestrator }) => orchestrator);
