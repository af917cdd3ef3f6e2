import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import { defineOrchestrator } from './define-orchestrator.ts';
import { textField } from './input-field.ts';
import type { RunView } from './run-view.ts';
import { following } from './sequential.ts';
import { stepsField, taskField } from './step-input.ts';

const conditionId = 'condition';

const branchName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case letters, digits, - and _')
  .max(limits.branchNameCharsMax, `must have at most ${limits.branchNameCharsMax} characters`);

const conditionField = z
  .union(
    [
      z.string().trim(),
      z.boolean(),
      z.number(),
      z.strictObject({
        question: textField(limits.questionCharsMin, limits.questionCharsMax, 'what a model decides'),
      }),
    ],
    {
      error: (issue) =>
        issue.input === undefined
          ? 'is required: the name of a branch, or {"question": "..."} for a model to decide'
          : `must be the name of a branch, or {"question": a text of ${limits.questionCharsMin} to ${limits.questionCharsMax} characters}`,
    },
  )
  .describe('The name of a branch, or {"question": "..."} that a model answers with the name of one.');

const input = {
  task: taskField,
  condition: conditionField,
  branches: z
    .record(branchName, stepsField, {
      error: (issue) =>
        issue.input === undefined
          ? `is required: 1 to ${limits.branchesMax} branches, each a name and its steps`
          : undefined,
    })
    .refine((branches) => Object.keys(branches).length >= 1, 'must hold at least 1 branch')
    .refine(
      (branches) => Object.keys(branches).length <= limits.branchesMax,
      `must hold at most ${limits.branchesMax} branches`,
    )
    .describe('Steps by the name of their branch.'),
  defaultBranch: branchName
    .optional()
    .describe('Taken when the condition names no branch, or the decision fails.'),
};
type Input = z.infer<z.ZodObject<typeof input>>;

/** What is wrong between the fields: a branch that is named and not there. */
function mismatches({
  condition,
  branches,
  defaultBranch,
}: Input): readonly [path: string, message: string][] {
  const known = Object.keys(branches).join(', ');
  const isKnown = (name: string): boolean => Object.hasOwn(branches, name);
  const found: [string, string][] = [];
  if (defaultBranch !== undefined && !isKnown(defaultBranch)) {
    found.push(['defaultBranch', `names no branch; there are ${known}`]);
  }
  if (typeof condition !== 'object' && !isKnown(String(condition)) && defaultBranch === undefined) {
    found.push(['condition', `names no branch and there is no defaultBranch; there are ${known}`]);
  }
  return found;
}

const decisionSchema = (branches: Input['branches']) =>
  z.strictObject({
    // At least one branch: the input says so.
    branch: z.enum(Object.keys(branches) as [string, ...string[]]),
    reason: z.string().describe('One sentence.'),
  });

interface Selection {
  readonly branch: string;
  readonly decidedBy: 'literal' | 'model' | 'default';
  readonly reason?: string;
}

/** The branch that is taken; undefined: it is not decided yet. */
function selectionOf({ input: given, ...run }: RunView<Input>): Selection | undefined {
  const { condition, branches, defaultBranch } = given;
  if (typeof condition !== 'object') {
    const name = String(condition);
    if (Object.hasOwn(branches, name)) return { branch: name, decidedBy: 'literal' };
    return defaultBranch === undefined ? undefined : { branch: defaultBranch, decidedBy: 'default' };
  }
  const decision = run.answer(conditionId, decisionSchema(branches));
  if (decision) return { branch: decision.branch, decidedBy: 'model', reason: decision.reason };
  if (run.failed(conditionId) && defaultBranch !== undefined) {
    return { branch: defaultBranch, decidedBy: 'default' };
  }
  return undefined;
}

/** One of several branches of steps, chosen by a literal value or by a model. */
export const conditional = defineOrchestrator({
  name: 'conditional',
  version: 1,
  description: 'Chooses one branch of steps, by a literal value or by a question that a model decides.',
  input,
  check: mismatches,
  task: ({ task }) => task,
  stages: ({ condition, branches }) => {
    const longest = Math.max(...Object.values(branches).map((steps) => steps.length));
    return Array.from({ length: longest + (typeof condition === 'object' ? 1 : 0) }, () => 1);
  },
  workers: ({ condition, branches }) =>
    Math.min(...Object.values(branches).map((steps) => steps.length)) +
    (typeof condition === 'object' ? 1 : 0),
  next(run) {
    const { task, condition, branches, defaultBranch } = run.input;
    const selection = selectionOf(run);
    if (selection) return following(run, task, branches[selection.branch] ?? []);
    if (typeof condition !== 'object') return { fail: `the condition names no branch` };
    return {
      ask: [
        {
          id: conditionId,
          role: 'evaluator',
          title: 'Condition',
          instruction: `Decide: ${condition.question}\nAnswer with the one branch that fits, of: ${Object.keys(branches).join(', ')}.${
            defaultBranch === undefined ? '' : ` When none fits clearly, answer ${defaultBranch}.`
          }`,
          search: `${condition.question}\n${task}`,
          answer: decisionSchema(branches),
          optional: defaultBranch !== undefined,
        },
      ],
    };
  },
  details(run) {
    const selection = selectionOf(run);
    return selection ? { ...selection } : {};
  },
});
