import { conditional } from '../../src/orchestrator/conditional.ts';
import { iterative } from '../../src/orchestrator/iterative.ts';
import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';
import { search } from '../../src/orchestrator/search.ts';
import { sequential } from '../../src/orchestrator/sequential.ts';
import { specialisations } from '../../src/workflow/specialisation.ts';
import type { Dice } from './dice.ts';

interface SimulatedStep {
  readonly title: string;
  readonly instruction: string;
}

/** The inputs of all of them, as far as the audit of their logs looks at them. */
export interface SimulatedInput {
  readonly numAgents?: number;
  readonly maxExtraResearchers?: number;
  readonly allowedAgentTypes?: readonly string[];
  readonly steps?: readonly SimulatedStep[];
  readonly continueOnFailure?: boolean;
  readonly condition?: string | { readonly question: string };
  readonly branches?: Readonly<Record<string, readonly SimulatedStep[]>>;
  readonly maxIterations?: number;
}

interface Entry {
  readonly orchestrator: Orchestrator;
  readonly input: (dice: Dice, number: number) => SimulatedInput & Readonly<Record<string, unknown>>;
}

const taskOf = (number: number): string => `How do durable workflows survive misfortune ${number}?`;

const researchInput: Entry['input'] = (dice, number) => ({
  task: taskOf(number),
  numAgents: dice.chance(0.02) ? 20 : dice.whole(1, 6),
  ...(dice.chance(0.2) && { maxExtraResearchers: dice.whole(1, 5) }),
  enableDrummer: dice.chance(0.7),
  enableCamina: dice.chance(0.7),
});

const searchInput: Entry['input'] = (dice, number) => ({
  query: taskOf(number),
  numAgents: dice.whole(1, 5),
  ...(dice.chance(0.5) && { allowedAgentTypes: [dice.pick(specialisations), dice.pick(specialisations)] }),
});

const stepsOf = (dice: Dice, name: string): readonly SimulatedStep[] =>
  Array.from({ length: dice.whole(1, 4) }, (_, index) => ({
    title: `${name} ${index}`,
    instruction: `Do part ${index} of ${name}.`,
  }));

const sequentialInput: Entry['input'] = (dice, number) => ({
  task: taskOf(number),
  steps: stepsOf(dice, 'work'),
  continueOnFailure: dice.chance(0.5),
});

const conditionalInput: Entry['input'] = (dice, number) => ({
  task: taskOf(number),
  branches: { calm: stepsOf(dice, 'calm'), storm: stepsOf(dice, 'storm') },
  condition: dice.chance(0.3) ? dice.pick(['calm', 'storm']) : { question: 'Does the misfortune pass?' },
});

const iterativeInput: Entry['input'] = (dice, number) => ({
  task: taskOf(number),
  criteria: ['names the misfortune', 'is short'],
  maxIterations: dice.whole(1, 4),
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
  { orchestrator: search, input: searchInput },
  { orchestrator: sequential, input: sequentialInput },
  { orchestrator: conditional, input: conditionalInput },
  { orchestrator: iterative, input: iterativeInput },
];

export const orchestrators: readonly Orchestrator[] = pool.map(({ orchestrator }) => orchestrator);
