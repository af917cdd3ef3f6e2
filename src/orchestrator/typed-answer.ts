import { z } from 'zod';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { embeddedJson, jsonOf } from './answer-json.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A value of the wanted form, or what is wrong with the answer, for the model to mend. */
export type TypedAnswer =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'wrong'; readonly problem: string };

const checks = new WeakMap<JsonSchema, z.ZodType>();
const problemCharsMax = 500;

function checkOf(schema: JsonSchema): z.ZodType {
  const known = checks.get(schema);
  if (known) return known;
  const check = z.fromJSONSchema({ ...schema });
  checks.set(schema, check);
  return check;
}

/** Reads an answer that should be JSON of a schema: the whole text, or the first fitting JSON inside prose or a fence. */
export function typedAnswer(answer: string, schema: JsonSchema): TypedAnswer {
  const text = answer.slice(0, limits.answerJsonCharsMax);
  const check = checkOf(schema);
  let problem = 'it holds no JSON';
  for (const candidate of [text, ...embeddedJson(text)]) {
    const value = jsonOf(candidate);
    if (value === undefined) continue;
    const parsed = check.safeParse(value);
    if (parsed.success) return { type: 'value', value: parsed.data };
    problem = parsed.error.issues
      .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
      .join('; ');
  }
  return { type: 'wrong', problem: clip(problem, problemCharsMax) };
}
