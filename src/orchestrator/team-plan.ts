import { z } from 'zod';
import type { Subtask } from '../workflow/event.ts';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { embeddedJson, parsedJson } from './embedded-json.ts';
import { answerForm, readAnswers, type AnswerForm } from './structured-answer.ts';
import { isSpecialisation, type Specialisation } from '../workflow/specialisation.ts';

/** Where a planner stands after its answers so far. */
export interface PlanProgress {
  /** Distinct subtasks, in order, never more than asked for. */
  readonly subtasks: readonly Subtask[];
  /**
   * - done: this is the plan.
   * - repair: the answer held no subtask at all; the next turn asks for the same in the right form.
   * - complete: the next turn asks for the missing ones only.
   * - failed: still no subtask after the repair turn.
   */
  readonly step: 'done' | 'repair' | 'complete' | 'failed';
}

// What was asked for comes first: an alternative that does not fit costs more than one that does.
const itemSchema = z.union([
  z.object({
    title: z.string().optional(),
    question: z.string(),
    // Of any form: a bad type is no reason to lose the subtask.
    type: z.unknown().optional(),
  }),
  z.string().transform((question) => ({ question })),
]);

const answerSchema = z.union([
  z.object({ subtasks: z.array(z.unknown()) }).transform((answer) => answer.subtasks),
  z.array(z.unknown()),
]);

const subtaskShape = {
  title: z.string().describe('A few words.'),
  question: z.string().describe('One question that can be researched on its own.'),
};

const planForm: AnswerForm<unknown> = answerForm(
  'research_plan',
  z.strictObject({ subtasks: z.array(z.strictObject(subtaskShape)) }),
);

/** One form for each set of types, made once. */
const typedForms = new Map<string, AnswerForm<unknown>>();

/**
 * What a planner is asked for; with `types` each subtask has one of them. What it answers is read more leniently: lists
 * and bare questions count too.
 */
export function planFormFor(types: readonly Specialisation[] | undefined): AnswerForm<unknown> {
  if (!types) return planForm;
  const key = types.join();
  const known = typedForms.get(key);
  if (known) return known;
  const type = z.enum(types).describe('Who should look for it.');
  const form = answerForm(
    'search_plan',
    z.strictObject({ subtasks: z.array(z.strictObject({ ...subtaskShape, type })) }),
  );
  typedForms.set(key, form);
  return form;
}

/** Why no subtask could be read from an answer, for the turn that asks for the same in the right form. */
export function planProblems(answer: string, types?: readonly Specialisation[]): readonly string[] {
  const reading = readAnswers(planFormFor(types), [answer]);
  return reading.step === 'done' ? ['the plan holds no subtask'] : reading.problems;
}

/**
 * The plan after these answers. One repair turn when an answer holds no subtask, one turn for missing ones; a plan that
 * is still short runs with what it has and is never padded. With `types` every subtask gets one of them.
 */
export function planProgress(
  answers: readonly string[],
  requested: number,
  types?: readonly Specialisation[],
): PlanProgress {
  let subtasks: readonly Subtask[] = [];
  let repaired = false;
  let completed = false;
  let step: PlanProgress['step'] = 'repair';
  for (const answer of answers) {
    subtasks = merged(subtasks, parseSubtasks(answer, types !== undefined), requested);
    if (subtasks.length === 0) {
      step = repaired ? 'failed' : 'repair';
      repaired = true;
    } else if (subtasks.length < requested && !completed) {
      step = 'complete';
      completed = true;
    } else {
      step = 'done';
    }
  }
  return { subtasks: types ? typed(subtasks, types) : subtasks, step };
}

/**
 * The subtasks a planner's answer holds: JSON, JSON inside a fence or prose, or a numbered list. Where prose holds both
 * forms the longer one counts, because a list may quote a few strings in brackets. Never throws.
 */
export function parseSubtasks(answer: string, withTypes = false): readonly Subtask[] {
  const text = answer.slice(0, limits.answerJsonCharsMax);
  const whole = subtasksFromJson(text, withTypes);
  if (whole.length > 0) return whole;
  let best: readonly Subtask[] = [];
  for (const candidate of embeddedJson(text)) {
    const subtasks = subtasksFromJson(candidate, withTypes);
    if (subtasks.length > best.length) best = subtasks;
  }
  const listed = numberedItems(text).flatMap((item) => subtaskOf(item, false));
  return listed.length > best.length ? listed : best;
}

/** The same question may go to two kinds of specialists. */
const keyOf = ({ question, type }: Subtask): string => `${type ?? ''}:${normalised(question)}`;

function merged(known: readonly Subtask[], found: readonly Subtask[], countMax: number): readonly Subtask[] {
  const result = [...known];
  const seen = new Set(known.map(keyOf));
  for (const subtask of found) {
    if (result.length >= countMax) break;
    const key = keyOf(subtask);
    if (seen.has(key)) continue;
    seen.add(key);
    result.push(subtask);
  }
  return result;
}

/**
 * Each subtask with an allowed type: the proposed one where it is allowed, else general, else, where general is not
 * allowed, the type that the fewest subtasks have.
 */
function typed(subtasks: readonly Subtask[], allowed: readonly Specialisation[]): readonly Subtask[] {
  const isAllowed = (type: string | undefined): boolean => allowed.some((known) => known === type);
  const uses = new Map<string, number>(allowed.map((type) => [type, 0]));
  const use = (type: string): void => void uses.set(type, (uses.get(type) ?? 0) + 1);
  for (const { type } of subtasks) if (type !== undefined && isAllowed(type)) use(type);
  return subtasks.map(({ title, question, type: proposed }) => {
    if (proposed !== undefined && isAllowed(proposed)) return { title, question, type: proposed };
    const least = Math.min(...uses.values());
    const type = allowed.includes('general')
      ? 'general'
      : (allowed.find((candidate) => uses.get(candidate) === least) ?? allowed[0] ?? 'general');
    use(type);
    return { title, question, type };
  });
}

/** The subtasks among these that nobody has been given, at most `countMax`. */
export function followUpsIn(
  items: readonly { readonly title: string; readonly question: string }[],
  known: readonly Subtask[],
  countMax: number,
): readonly Subtask[] {
  // Types play no part: a follow-up is for a plain researcher.
  const asked = known.map(({ title, question }) => ({ title, question }));
  const found = items.slice(0, limits.planAnswerItemsMax).flatMap((item) => subtaskOf(item, false));
  return merged(asked, found, asked.length + countMax).slice(asked.length);
}

/** What parts two words, other than a single space: most of a text's gaps are one already and stay as they are. */
const gap = / ?[^\p{L}\p{N}\p{M} ][^\p{L}\p{N}\p{M}]*| {2}[^\p{L}\p{N}\p{M}]*/gu;

/** Two questions that differ in case, punctuation or spacing only are one. */
export function normalised(question: string): string {
  return question.normalize('NFKC').toLowerCase().replaceAll(gap, ' ').trim();
}

function subtaskOf(
  item: { readonly title?: string | undefined; readonly question: string; readonly type?: unknown },
  withType: boolean,
): Subtask[] {
  const question = clip(item.question.trim(), limits.subtaskQuestionCharsMax);
  if (!/[\p{L}\p{N}\p{M}]/u.test(question)) return [];
  const title = clip(oneLine(item.title ?? '') || oneLine(question), limits.subtaskTitleCharsMax);
  const type = withType && typeof item.type === 'string' ? item.type.trim().toLowerCase() : undefined;
  return [isSpecialisation(type) ? { title, question, type } : { title, question }];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

function subtasksFromJson(text: string, withTypes: boolean): readonly Subtask[] {
  const answer = answerSchema.safeParse(parsedJson(text));
  if (!answer.success) return [];
  return answer.data.slice(0, limits.planAnswerItemsMax).flatMap((entry) => {
    const item = itemSchema.safeParse(entry);
    return item.success ? subtaskOf(item.data, withTypes) : [];
  });
}

const numbered = /^\s{0,8}(?:\*\*|__)?\d{1,3}[.):](?:\*\*|__)?\s+(.*)$/u;
const titled = /^(?:\*\*|__)(.{1,300}?)(?:\*\*|__)\s*[:.–—-]{0,2}\s*(.*)$/su;

/** An item that is longer is cut anyway, so what follows it need not be put together. */
const itemCharsMax = 2 * limits.subtaskQuestionCharsMax;

/** Items of a numbered list. Lines below an item belong to it up to the first empty one. */
function numberedItems(text: string): readonly { readonly title?: string; readonly question: string }[] {
  const items: string[] = [];
  let open = false;
  for (const line of text.split('\n')) {
    const item = numbered.exec(line)?.[1];
    if (item !== undefined) {
      if (items.length >= limits.planAnswerItemsMax) break;
      items.push(item.trim());
      open = true;
    } else if (line.trim() === '') {
      open = false;
    } else if (open) {
      const longer = `${items.pop() ?? ''} ${line.trim()}`;
      items.push(longer);
      open = longer.length <= itemCharsMax;
    }
  }
  return items.map((item) => {
    const parts = titled.exec(item);
    const title = parts?.[1]?.replace(/:$/u, '');
    if (title === undefined) return { question: item };
    return { title, question: parts?.[2] || title };
  });
}
