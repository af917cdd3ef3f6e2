import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import { specialisations } from '../workflow/specialisation.ts';
import { inputReader, textField, wholeNumberField } from './input-field.ts';

/** What a search workflow takes. An empty list of types, as the wire sends an unset one, allows all. */
export const searchInputSchema = z.strictObject({
  query: textField(limits.queryCharsMin, limits.queryCharsMax, 'what to search for'),
  numAgents: wholeNumberField(
    limits.agentsMin,
    limits.agentsMax,
    limits.searchAgentsDefault,
    'Search agents',
  ),
  allowedAgentTypes: z
    .array(
      z.enum(specialisations, {
        error: (issue) =>
          `must be one of ${specialisations.join(', ')}, found ${JSON.stringify(issue.input)}`,
      }),
      { error: (issue) => `must be a list of agent types, found a value of type ${typeof issue.input}` },
    )
    .max(limits.allowedAgentTypesMax, `must hold at most ${limits.allowedAgentTypesMax} entries`)
    // In one order and each once, so that the same wish always gives the same run.
    .overwrite((types) =>
      types.length === 0 ? [...specialisations] : specialisations.filter((type) => types.includes(type)),
    )
    .default([...specialisations])
    .describe('Types that agents may have; default all. Nothing becomes a type that is not among them.'),
});

export const inputOf = inputReader(searchInputSchema);
