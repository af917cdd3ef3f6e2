import { z } from 'zod';
import { limits } from '../workflow/limits.ts';

const numAgentsMessage = (issue: { readonly input?: unknown }): string => {
  const found =
    typeof issue.input === 'number' ? String(issue.input) : `a value of type ${typeof issue.input}`;
  return `must be a whole number from ${limits.agentsMin} to ${limits.agentsMax}, found ${found}`;
};

const flag = (fallback: boolean, description: string) =>
  z
    .boolean({
      error: (issue) => `must be true or false, found a value of type ${typeof issue.input}`,
    })
    .default(fallback)
    .describe(description);

/** Characters as people count them: code points. */
export function charCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** What a research workflow takes. Unknown fields are refused; the task is trimmed before it is counted. */
export const researchInputSchema = z.strictObject({
  task: z
    .string({
      error: (issue) =>
        issue.input === undefined
          ? `is required: what to research, ${limits.taskCharsMin} to ${limits.taskCharsMax} characters`
          : `must be a text, found a value of type ${typeof issue.input}`,
    })
    .trim()
    .overwrite((text) => text.toWellFormed())
    .superRefine((task, context) => {
      const chars = charCount(task);
      const bounds = `${limits.taskCharsMin} to ${limits.taskCharsMax} characters`;
      if (chars < limits.taskCharsMin) {
        context.addIssue({
          code: 'custom',
          message: `is too short: ${bounds} without surrounding spaces are needed, found ${chars}`,
        });
      } else if (chars > limits.taskCharsMax) {
        context.addIssue({ code: 'custom', message: `is too long: ${bounds} are allowed, found ${chars}` });
      }
    })
    .meta({
      description: `What to research; ${limits.taskCharsMin} to ${limits.taskCharsMax} characters after trimming.`,
      minLength: limits.taskCharsMin,
      maxLength: limits.taskCharsMax,
    }),
  numAgents: z
    .number({ error: numAgentsMessage })
    .int({ error: numAgentsMessage })
    .min(limits.agentsMin, { error: numAgentsMessage })
    .max(limits.agentsMax, { error: numAgentsMessage })
    .default(limits.agentsDefault)
    .describe(`Researchers, ${limits.agentsMin} to ${limits.agentsMax}; default ${limits.agentsDefault}.`),
  enableDrummer: flag(true, 'Group syntheses when at least 5 researchers succeeded; default true.'),
  enableCamina: flag(
    true,
    'An executive synthesis over at least 2 group syntheses, or over the findings without groups; default true.',
  ),
});

export type ResearchInput = z.infer<typeof researchInputSchema>;

const inputs = new WeakMap<object, ResearchInput>();

/** The validated input, decoded once per object: the rules are asked after every append. */
export function inputOf(raw: Readonly<Record<string, unknown>>): ResearchInput {
  const known = inputs.get(raw);
  if (known) return known;
  const input = researchInputSchema.parse(raw);
  inputs.set(raw, input);
  return input;
}
