import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import { flagField, inputReader, textField, wholeNumberField } from './input-field.ts';

/** What a research workflow takes. Unknown fields are refused; the task is trimmed before it is counted. */
export const researchInputSchema = z.strictObject({
  task: textField(limits.taskCharsMin, limits.taskCharsMax, 'what to research'),
  numAgents: wholeNumberField(limits.agentsMin, limits.agentsMax, limits.agentsDefault, 'Researchers'),
  maxExtraResearchers: wholeNumberField(
    0,
    limits.extraResearchersMax,
    0,
    'Researchers that a gap check after the first round may add; 0 makes no check',
  ),
  enableDrummer: flagField(true, 'Group syntheses when at least 5 researchers succeeded; default true.'),
  enableCamina: flagField(
    true,
    'An executive synthesis over at least 2 group syntheses, or over the findings without groups; default true.',
  ),
});

export const inputOf = inputReader(researchInputSchema);
