import { conditional } from '../../src/orchestrator/conditional.ts';
import { iterative } from '../../src/orchestrator/iterative.ts';
import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';
import { search } from '../../src/orchestrator/search.ts';
import { sequential } from '../../src/orchestrator/sequential.ts';
import { offerModule } from '../../src/config/offered-module.ts';
import { orchestratorContract } from './contract.ts';

offerModule(
  'mcp-orchestrator/orchestrator',
  new URL('../../src/orchestrator/authoring.ts', import.meta.url).href,
);
// Imported when the name is known.
const example = async (file: string): Promise<Orchestrator> =>
  ((await import(new URL(`../../examples/${file}`, import.meta.url).href)) as { default: Orchestrator })
    .default;
const [debate, mapReduce] = await Promise.all([example('debate.ts'), example('map-reduce.ts')]);

const task = 'What is known about durable logs?';
const step = (number: number) => ({ title: `Step ${number}`, instruction: `Do part ${number} of it.` });
const steps = [step(1), step(2), step(3)];

orchestratorContract(research, [
  { task },
  { task, numAgents: 3 },
  { task, numAgents: 11, enableCamina: false },
  { task, numAgents: 3, maxExtraResearchers: 5 },
  { task, numAgents: 7, maxExtraResearchers: 2, enableDrummer: false },
]);
orchestratorContract(search, [
  { query: task },
  { query: task, numAgents: 1, allowedAgentTypes: ['news'] },
  { query: task, numAgents: 20 },
]);
orchestratorContract(sequential, [
  { task, steps },
  { task, steps, continueOnFailure: true },
  { task, steps: [step(1)] },
]);
const branches = { long: steps, short: [step(9)] };
orchestratorContract(conditional, [
  { task, condition: 'long', branches },
  { task, condition: { question: 'Is there time for it?' }, branches },
  { task, condition: { question: 'Is there time for it?' }, branches, defaultBranch: 'short' },
  { task, condition: 'nothing of it', branches, defaultBranch: 'short' },
]);
orchestratorContract(iterative, [
  { task, criteria: ['is short'] },
  { task, criteria: ['is short', 'names its sources'], maxIterations: 1 },
  { task, criteria: ['is short'], instruction: 'Write a poem.', maxIterations: 10 },
]);
orchestratorContract(debate, [{ motion: 'Logs should be durable.' }]);
orchestratorContract(mapReduce, [
  { question: 'What is it good for?', items: ['a log'] },
  { question: 'What is it good for?', items: ['a log', 'a queue', 'a table', 'a file'] },
]);
