import { z } from 'zod';
import { clip } from '../workflow/failure.ts';

// Fields that inputs of orchestrators share. Their messages are read after the path of the field.

/** Characters as people count them: code points. */
export function charCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A text, trimmed before it is counted. `what` says what it is for, as the rest of `is required: …`. */
export function textField(charsMin: number, charsMax: number, what: string) {
  const bounds = `${charsMin} to ${charsMax} characters`;
  return z
    .string({
      error: (issue) =>
        issue.input === undefined
          ? `is required: ${what}, ${bounds}`
          : `must be a text, found a value of type ${typeof issue.input}`,
    })
    .trim()
    .overwrite((text) => text.toWellFormed())
    .superRefine((text, context) => {
      const chars = charCount(text);
      if (chars < charsMin) {
        context.addIssue({
          code: 'custom',
          message: `is too short: ${bounds} without surrounding spaces are needed, found ${chars}`,
        });
      } else if (chars > charsMax) {
        context.addIssue({ code: 'custom', message: `is too long: ${bounds} are allowed, found ${chars}` });
      }
    })
    .meta({
      description: `${what.charAt(0).toUpperCase()}${what.slice(1)}; ${bounds} after trimming.`,
      minLength: charsMin,
      maxLength: charsMax,
    });
}

export function wholeNumberField(min: number, max: number, fallback: number, what: string) {
  const error = (issue: { readonly input?: unknown }): string => {
    const found =
      typeof issue.input === 'number' ? String(issue.input) : `a value of type ${typeof issue.input}`;
    return `must be a whole number from ${min} to ${max}, found ${found}`;
  };
  return z
    .number({ error })
    .int({ error })
    .min(min, { error })
    .max(max, { error })
    .default(fallback)
    .describe(`${what}, ${min} to ${max}; default ${fallback}.`);
}

export function flagField(fallback: boolean, description: string) {
  return z
    .boolean({
      error: (issue) => `must be true or false, found a value of type ${typeof issue.input}`,
    })
    .default(fallback)
    .describe(description);
}

const titleCharsOfTask = 50;

/** The title of a run whose request names none. */
export function titleOf(kind: string, task: string): string {
  const cut = charCount(task) > titleCharsOfTask;
  return `${kind}: ${cut ? `${clip(task, titleCharsOfTask)}...` : task}`;
}

/** Decodes a validated input once per object: the rules are asked after every append. */
export function inputReader<T>(schema: z.ZodType<T>): (raw: Readonly<Record<string, unknown>>) => T {
  const inputs = new WeakMap<object, { readonly input: T }>();
  return (raw) => {
    const known = inputs.get(raw);
    if (known) return known.input;
    const input = schema.parse(raw);
    inputs.set(raw, { input });
    return input;
  };
}
