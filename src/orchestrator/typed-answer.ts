import { z } from 'zod';
import { readAnswer } from './structured-answer.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A value of the wanted form, or what is wrong with the answer, for the model to mend. */
export type TypedAnswer =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'wrong'; readonly problem: string };

const checks = new WeakMap<JsonSchema, z.ZodType>();

function checkOf(schema: JsonSchema): z.ZodType {
  const known = checks.get(schema);
  if (known) return known;
  const check = z.fromJSONSchema({ ...schema });
  checks.set(schema, check);
  return check;
}

/** Reads an answer that should be JSON of a schema its orchestrator has written, as JSON Schema. */
export function typedAnswer(answer: string, schema: JsonSchema): TypedAnswer {
  const reading = readAnswer({ schema: checkOf(schema) }, answer);
  return 'value' in reading
    ? { type: 'value', value: reading.value }
    : { type: 'wrong', problem: reading.problems.join('; ') };
}
