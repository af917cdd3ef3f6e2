import { z } from 'zod';
import type { Subtask } from '../workflow/event.ts';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { embeddedJson, parsedJson } from './embedded-json.ts';
import { answerForm, readAnswers } from './structured-answer.ts';

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

const itemSchema = z.union([
  z.string().transform((question) => ({ question })),
  z.object({ title: z.string().optional(), question: z.string() }),
]);

const answerSchema = z.union([
  z.array(z.unknown()),
  z.object({ subtasks: z.array(z.unknown()) }).transform((answer) => answer.subtasks),
]);

/** What a planner is asked for. What it answers is read more leniently: lists and bare questions count too. */
const planForm = answerForm(
  'research_plan',
  z.strictObject({
    subtasks: z.array(
      z.strictObject({
        title: z.string().describe('A few words.'),
        question: z.string().describe('One question that can be researched on its own.'),
      }),
    ),
  }),
);

/** What a provider is asked for, where it can enforce a schema. */
export const planJsonSchema = planForm.jsonSchema;

/** Why no subtask could be read from an answer, for the turn that asks for the same in the right form. */
export function planProblems(answer: string): readonly string[] {
  const reading = readAnswers(planForm, [answer]);
  return reading.step === 'done' ? ['the plan holds no subtask'] : reading.problems;
}

/**
 * The plan after these answers. One repair turn when an answer holds no subtask, one turn for missing ones; a plan that
 * is still short runs with what it has and is never padded.
 */
export function planProgress(answers: readonly string[], requested: number): PlanProgress {
  let subtasks: readonly Subtask[] = [];
  let repaired = false;
  let completed = false;
  let step: PlanProgress['step'] = 'repair';
  for (const answer of answers) {
    subtasks = merged(subtasks, parseSubtasks(answer), requested);
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
  return { subtasks, step };
}

/**
 * The subtasks a planner's answer holds: JSON, JSON inside a fence or prose, or a numbered list. Where prose holds both
 * forms the longer one counts, because a list may quote a few strings in brackets. Never throws.
 */
export function parseSubtasks(answer: string): readonly Subtask[] {
  const text = answer.slice(0, limits.planAnswerCharsMax);
  const whole = subtasksFromJson(text);
  if (whole.length > 0) return whole;
  let best: readonly Subtask[] = [];
  for (const candidate of embeddedJson(text)) {
    const subtasks = subtasksFromJson(candidate);
    if (subtasks.length > best.length) best = subtasks;
  }
  const listed = numberedItems(text).flatMap((item) => subtaskOf(item));
  return listed.length > best.length ? listed : best;
}

function merged(known: readonly Subtask[], found: readonly Subtask[], countMax: number): readonly Subtask[] {
  const result = [...known];
  const seen = new Set(known.map((subtask) => normalised(subtask.question)));
  for (const subtask of found) {
    if (result.length >= countMax) break;
    const key = normalised(subtask.question);
    if (seen.has(key)) continue;
    seen.add(key);
    result.push(subtask);
  }
  return result;
}

/** Two questions that differ in case, punctuation or spacing only are one. */
export function normalised(question: string): string {
  return question
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

function subtaskOf(item: { readonly title?: string | undefined; readonly question: string }): Subtask[] {
  const question = clip(item.question.trim(), limits.subtaskQuestionCharsMax);
  if (!/[\p{L}\p{N}\p{M}]/u.test(question)) return [];
  const title = clip(oneLine(item.title ?? '') || oneLine(question), limits.subtaskTitleCharsMax);
  return [{ title, question }];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

function subtasksFromJson(text: string): readonly Subtask[] {
  const answer = answerSchema.safeParse(parsedJson(text));
  if (!answer.success) return [];
  return answer.data.slice(0, limits.planAnswerItemsMax).flatMap((entry) => {
    const item = itemSchema.safeParse(entry);
    return item.success ? subtaskOf(item.data) : [];
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
