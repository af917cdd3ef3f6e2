import type { Orchestrator } from './orchestrator.ts';
import { titleOf } from './input-field.ts';
import { inputOf, searchInputSchema } from './search-input.ts';
import { team } from './team.ts';

/** A swarm of specialised search agents and one synthesis over what they found. */
export const search: Orchestrator = {
  name: 'search',
  version: 1,
  description:
    'Plans diverse subtasks, gives each to an agent specialised in one kind of source and synthesises what they find.',
  inputSchema: searchInputSchema,
  taskOf: (input) => inputOf(input).query,
  defaultTitle: (input) => titleOf('Search', inputOf(input).query),
  ...team((raw) => {
    const { query, numAgents, allowedAgentTypes } = inputOf(raw);
    return {
      task: query,
      numAgents,
      maxExtraResearchers: 0,
      enableDrummer: false,
      enableCamina: false,
      agentTypes: allowedAgentTypes,
    };
  }),
};
