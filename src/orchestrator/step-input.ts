import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import type { Assignment } from './assignment.ts';
import { textField } from './input-field.ts';

// What the orchestrators of steps share.

export const taskField = textField(limits.taskCharsMin, limits.taskCharsMax, 'what the work is about');

const stepSchema = z.strictObject({
  title: textField(1, limits.titleCharsMax, 'a name of the step'),
  instruction: textField(
    limits.stepInstructionCharsMin,
    limits.stepInstructionCharsMax,
    'what the step has to do',
  ),
});
export type Step = z.infer<typeof stepSchema>;

export const stepsField = z
  .array(stepSchema, {
    error: (issue) =>
      issue.input === undefined
        ? `is required: 1 to ${limits.stepsMax} steps`
        : `must be a list of steps, found a value of type ${typeof issue.input}`,
  })
  .min(1, `must hold at least 1 step`)
  .max(limits.stepsMax, `must hold at most ${limits.stepsMax} steps`)
  .describe(`What to do, in order; 1 to ${limits.stepsMax} steps.`);

/** A step's assignment; `from` is the agent whose output is handed to it. */
export function stepAssignment(
  task: string,
  { title, instruction }: Step,
  given: { readonly id: string; readonly from: string | undefined; readonly optional?: boolean },
): Assignment {
  const { id, from, optional = false } = given;
  return {
    id,
    title,
    instruction,
    search: `${instruction}\n${task}`,
    ...(from !== undefined && { from: [from] }),
    ...(optional && { optional }),
  };
}
