import type { Orchestrator } from './orchestrator.ts';
import { titleOf } from './input-field.ts';
import { inputOf, researchInputSchema } from './research-input.ts';
import { team } from './team.ts';

/** Hierarchical research: plan, researchers in parallel, group syntheses, one final synthesis. */
export const research: Orchestrator = {
  name: 'research',
  version: 1,
  description:
    'Plans independent subtasks, researches them in parallel and synthesises the findings in up to two tiers.',
  inputSchema: researchInputSchema,
  taskOf: (input) => inputOf(input).task,
  defaultTitle: (input) => titleOf('Research', inputOf(input).task),
  ...team(inputOf),
};
