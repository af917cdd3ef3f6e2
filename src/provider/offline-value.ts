import type { Brief } from './model-provider.ts';
import { gapsHeading } from './offline-answer.ts';
import { stemsOf, termsOf } from './salient-term.ts';
import { blocksOf } from './text-block.ts';

type Schema = Readonly<Record<string, unknown>>;
type AssignmentBrief = Extract<Brief, { kind: 'assignment' }>;

const missingTermsMax = 12;
const percent = 100;

/** How criteria are put; no text that meets one repeats these. */
const demands = stemsOf(
  'mention mentions include includes contain contains name names explain explains state states text draft',
);

/** What is asked for and what of it the material holds. */
interface Comparison {
  readonly material: ReadonlySet<string>;
  /** Words of the instruction's list that the material has not; of the whole instruction where it has no list. */
  readonly missing: readonly string[];
  /** Share of the words asked for that the material holds, 0–1. */
  readonly share: number;
}

/**
 * JSON of a schema, deterministic: an enumeration's entry whose words the task and the material hold most of (the
 * first of equals), true when the material holds every word that is asked for, a number for the share of them, and a
 * sentence that names the missing ones. Only what the schema requires is filled.
 */
export function offlineValue(schema: Schema, brief: AssignmentBrief): string {
  return JSON.stringify(valueOf(schema, comparisonOf(brief)));
}

function comparisonOf({ task, instruction, findings, passages }: AssignmentBrief): Comparison {
  const texts = [...findings.map(({ text }) => statedIn(text)), ...passages.map(({ text }) => text)];
  const given = stemsOf(texts.join('\n'));
  // Criteria and the like stand in a list; the sentence around it speaks to a model.
  const items = instruction.split('\n').filter((line) => line.startsWith('- '));
  const asked = new Map<string, string>();
  for (const { stem, surface } of termsOf((items.length > 0 ? items : [instruction]).join('\n'))) {
    if (!demands.has(stem) && !asked.has(stem)) asked.set(stem, surface);
  }
  const missing = [...asked].filter(([stem]) => !given.has(stem)).map(([, surface]) => surface);
  return {
    material: new Set([...stemsOf(task), ...given]),
    missing,
    share: asked.size === 0 ? 1 : 1 - missing.length / asked.size,
  };
}

/** What a text says: not the question it repeats, and not what it names as missing. */
function statedIn(text: string): string {
  let inGaps = false;
  const stated: string[] = [];
  for (const block of blocksOf(text)) {
    if (block.kind === 'heading') inGaps = block.text === gapsHeading;
    else if (!inGaps && block.kind !== 'quote') stated.push(block.text);
  }
  return stated.join('\n');
}

function valueOf(schema: Schema, comparison: Comparison): unknown {
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return choiceOf(schema['enum'], comparison);
  const variants = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(variants)) return valueOf(schemaOf(variants[0]), comparison);
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, comparison);
    case 'array':
      return Array.from({ length: numberOf(schema['minItems'], 0) }, () =>
        valueOf(schemaOf(schema['items']), comparison),
      );
    case 'boolean':
      return comparison.missing.length === 0;
    case 'integer':
    case 'number':
      return amountOf(schema, comparison);
    case 'null':
      return null;
    default:
      return sentenceOf(schema, comparison);
  }
}

function objectOf(schema: Schema, comparison: Comparison): unknown {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.fromEntries(
    Object.entries(schemaOf(schema['properties']))
      .filter(([name]) => required.includes(name))
      .map(([name, inner]) => [name, valueOf(schemaOf(inner), comparison)]),
  );
}

function choiceOf(choices: readonly unknown[], { material }: Comparison): unknown {
  let best: { readonly choice: unknown; readonly score: number } | undefined;
  for (const choice of choices) {
    const words = stemsOf(String(choice).replaceAll(/[-_]/gu, ' '));
    const score = [...words].filter((stem) => material.has(stem)).length / Math.max(1, words.size);
    if (!best || score > best.score) best = { choice, score };
  }
  return best?.choice;
}

function amountOf(schema: Schema, { share }: Comparison): number {
  const low = numberOf(schema['minimum'], 0);
  const high = numberOf(schema['maximum'], low + percent);
  const amount = low + (high - low) * share;
  return schema['type'] === 'integer' ? Math.floor(amount) : Math.round(amount * percent) / percent;
}

function sentenceOf(schema: Schema, { missing }: Comparison): string {
  const text =
    missing.length === 0
      ? 'The material has every word that is asked for; without a language model nothing else was weighed.'
      : `Not in the material: ${missing.slice(0, missingTermsMax).join(', ')}.`;
  return text
    .slice(0, numberOf(schema['maxLength'], text.length))
    .padEnd(numberOf(schema['minLength'], 0), '.');
}

const schemaOf = (value: unknown): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};

const numberOf = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);
