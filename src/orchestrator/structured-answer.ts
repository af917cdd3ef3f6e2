import { z } from 'zod';
import { clip, failure, type Failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { embeddedJson, parsedJson } from './embedded-json.ts';
import { fenced } from './prompts.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** What an answer must be: asked for with `jsonSchema` where the provider can enforce it, checked here in any case. */
export interface AnswerForm<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** As a prompt carries it. */
  readonly jsonSchema: { readonly name: string; readonly schema: JsonObject };
}

/** Where an agent stands after its answers so far. */
export type StructuredAnswer<T> =
  | { readonly step: 'done'; readonly value: T }
  /** The next turn asks for the same in the right form; `repairRequest` says what was wrong. */
  | { readonly step: 'repair'; readonly problems: readonly string[] }
  /** Still not in that form after the repair turn. */
  | { readonly step: 'failed'; readonly problems: readonly string[] };

/**
 * A form that providers can enforce strictly. Throws for one they cannot: every object names all of its members as
 * required and allows no other; what may be missing is nullable instead.
 */
export function answerForm<T>(name: string, schema: z.ZodType<T>): AnswerForm<T> {
  const { $schema: _, ...json } = z.toJSONSchema(schema);
  refuseLoose(json, name);
  return { name, schema, jsonSchema: { name, schema: json } };
}

/** What the newest of these answers holds; the first one that cannot be read is worth one repair turn. Never throws. */
export function readAnswers<T>(form: AnswerForm<T>, answers: readonly string[]): StructuredAnswer<T> {
  const reading = readAnswer(form, answers.at(-1) ?? '');
  if ('value' in reading) return { step: 'done', value: reading.value };
  return { step: answers.length < 2 ? 'repair' : 'failed', problems: reading.problems };
}

/** What the model is asked when its answer had not the form. */
export function repairRequest(form: AnswerForm<unknown>, problems: readonly string[]): string {
  return [
    'That answer does not have the required form:',
    problemList(problems),
    `Answer again with JSON only, no other text, of this JSON schema: ${JSON.stringify(form.jsonSchema.schema)}`,
  ].join('\n\n');
}

/** What was wrong, as data: it may quote the model. */
export function problemList(problems: readonly string[]): string {
  return fenced('problems', {}, problems.map((problem) => `- ${problem}`).join('\n'));
}

/** The failure of an agent whose answers never had the form. */
export function unreadable(agentId: string, problems: readonly string[]): Failure {
  return failure(
    'invalid_answer',
    `${agentId}: the answer has not the required form, also after the repair turn (${problems.join('; ')})`,
  );
}

function readAnswer<T>(
  { schema }: AnswerForm<T>,
  answer: string,
): { readonly value: T } | { readonly problems: readonly string[] } {
  const text = answer.slice(0, limits.planAnswerCharsMax);
  let problems: readonly string[] | undefined;
  for (const candidate of candidates(text)) {
    const value = parsedJson(candidate);
    if (value === undefined) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data };
    problems ??= problemsOf(parsed.error);
  }
  return { problems: problems ?? [text.trim() === '' ? 'the answer was empty' : 'the answer holds no JSON'] };
}

function* candidates(text: string): Generator<string> {
  yield text;
  yield* embeddedJson(text);
}

/** What a schema has against an answer, one line each. */
export function problemsOf(error: z.ZodError): readonly string[] {
  return error.issues.slice(0, limits.answerProblemsMax).map(({ path, message }) => {
    const place = path.length === 0 ? 'the answer' : path.map(String).join('.');
    return clip(`${place}: ${message}`, limits.answerProblemCharsMax);
  });
}

/** Strict mode of providers: what is not required or not named is refused with the whole request. */
function refuseLoose(schema: unknown, place: string): void {
  if (Array.isArray(schema)) {
    schema.forEach((one, index) => refuseLoose(one, `${place}.${index}`));
    return;
  }
  if (typeof schema !== 'object' || schema === null) return;
  const { type, properties, required, additionalProperties } = schema as JsonObject;
  if (type === 'object') {
    const names = Object.keys(properties ?? {});
    const named = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || names.some((name) => !named.includes(name))) {
      throw new Error(`the form ${place} has members that are optional or unnamed; make them nullable`);
    }
  }
  for (const [name, inner] of Object.entries(schema)) refuseLoose(inner, `${place}.${name}`);
}
