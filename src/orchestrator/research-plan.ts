import { z } from 'zod';
import type { Subtask } from '../workflow/event.ts';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';

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

/** What a provider is asked for, where it can enforce a schema. */
export const planJsonSchema = {
  name: 'research_plan',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['subtasks'],
    properties: {
      subtasks: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['title', 'question'],
          properties: {
            title: { type: 'string', description: 'A few words.' },
            question: { type: 'string', description: 'One question that can be researched on its own.' },
          },
        },
      },
    },
  },
} as const;

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
  if (depthOf(text) > limits.planAnswerDepthMax) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: the caller goes on with the next form an answer may have.
    return [];
  }
  const answer = answerSchema.safeParse(value);
  if (!answer.success) return [];
  return answer.data.slice(0, limits.planAnswerItemsMax).flatMap((entry) => {
    const item = itemSchema.safeParse(entry);
    return item.success ? subtaskOf(item.data) : [];
  });
}

/** Starts of JSON tried in prose; each costs one pass over the text. */
const candidatesMax = 8;

function* embeddedJson(text: string): Generator<string> {
  let tried = 0;
  for (let start = nextOpening(text, 0); start >= 0 && tried < candidatesMax; tried++) {
    const end = closingOf(text, start);
    if (end === tooDeep) return;
    if (end >= 0) yield text.slice(start, end + 1);
    start = nextOpening(text, end < 0 ? start + 1 : end + 1);
  }
}

function nextOpening(text: string, from: number): number {
  const object = text.indexOf('{', from);
  const array = text.indexOf('[', from);
  if (object < 0) return array;
  return array < 0 ? object : Math.min(object, array);
}

const tooDeep = -2;

/** The index of the bracket that closes the one at `start`, or -1, or `tooDeep`; brackets inside strings do not count. */
function closingOf(text: string, start: number): number {
  let end = -1;
  walkBrackets(text, start, (depth, index) => {
    if (depth === 0) end = index;
    else if (depth > limits.planAnswerDepthMax) end = tooDeep;
    return depth > 0 && end !== tooDeep;
  });
  return end;
}

function depthOf(text: string): number {
  let deepest = 0;
  walkBrackets(text, 0, (depth) => {
    deepest = Math.max(deepest, depth);
    return deepest <= limits.planAnswerDepthMax;
  });
  return deepest;
}

/** Calls `visit` with the depth after each bracket outside strings, until it answers false. */
function walkBrackets(text: string, start: number, visit: (depth: number, index: number) => boolean): void {
  let depth = 0;
  let inString = false;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === '{' || char === '[') {
      if (!visit(++depth, index)) return;
    } else if ((char === '}' || char === ']') && !visit(--depth, index)) {
      return;
    }
  }
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
