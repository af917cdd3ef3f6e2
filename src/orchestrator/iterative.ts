import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import { defineOrchestrator } from './define-orchestrator.ts';
import { textField, wholeNumberField } from './input-field.ts';
import type { RunView } from './run-view.ts';
import { taskField } from './step-input.ts';

const draftId = (iteration: number): string => `draft/${iteration}`;
const evaluationId = (iteration: number): string => `evaluation/${iteration}`;

const verdictSchema = z.strictObject({
  passed: z.boolean().describe('Whether every criterion is met.'),
  feedback: z.string().describe('What to change, criterion by criterion; empty when everything is met.'),
  score: z.number().min(0).max(100).optional().describe('How well the criteria are met, 0 to 100.'),
});

const input = {
  task: taskField,
  instruction: textField(
    limits.stepInstructionCharsMin,
    limits.stepInstructionCharsMax,
    'what to write',
  ).optional(),
  criteria: z
    .array(textField(limits.criterionCharsMin, limits.criterionCharsMax, 'a criterion'), {
      error: (issue) =>
        issue.input === undefined
          ? `is required: 1 to ${limits.criteriaMax} criteria`
          : `must be a list of texts, found a value of type ${typeof issue.input}`,
    })
    .min(1, 'must hold at least 1 criterion')
    .max(limits.criteriaMax, `must hold at most ${limits.criteriaMax} criteria`)
    .describe(`What the text must meet; 1 to ${limits.criteriaMax} criteria.`),
  maxIterations: wholeNumberField(
    1,
    limits.iterationsMax,
    limits.iterationsDefault,
    'Drafts at most, the first included',
  ),
};
type Run = RunView<z.infer<z.ZodObject<typeof input>>>;

interface Iteration {
  readonly iteration: number;
  readonly draftAgentId: string;
  readonly evaluatorAgentId: string;
  readonly passed: boolean;
  readonly feedback: string;
  readonly score?: number;
}

/** The drafts that have been judged, in order. */
function iterationsOf(run: Run): readonly Iteration[] {
  const iterations: Iteration[] = [];
  for (let index = 0; index < run.input.maxIterations; index++) {
    const verdict = run.answer(evaluationId(index), verdictSchema);
    if (!verdict) break;
    const { passed, feedback, score } = verdict;
    iterations.push({
      iteration: index + 1,
      draftAgentId: draftId(index),
      evaluatorAgentId: evaluationId(index),
      passed,
      feedback,
      ...(score !== undefined && { score }),
    });
  }
  return iterations;
}

/** Draft, judge, revise with the judgement, until it passes or the iterations are used up. */
export const iterative = defineOrchestrator({
  name: 'iterative',
  version: 1,
  description: 'Writes a draft, has it evaluated against criteria and revises it until it passes.',
  input,
  task: ({ task }) => task,
  stages: ({ maxIterations }) => Array.from({ length: maxIterations * 2 }, () => 1),
  workers: () => 2,
  next(run) {
    const { task, instruction = task, criteria, maxIterations } = run.input;
    const iterations = iterationsOf(run);
    const last = iterations.at(-1);
    if (last && (last.passed || iterations.length >= maxIterations)) return { finish: last.draftAgentId };
    const index = iterations.length;
    const demands = criteria.map((criterion) => `- ${criterion}`).join('\n');
    if (!run.ended(draftId(index))) {
      return {
        ask: [
          {
            id: draftId(index),
            title: last ? `Revision ${index}` : 'Draft',
            instruction: last
              ? `Revise the draft so that it meets every criterion. Follow the evaluator's feedback.\nThe original instruction: ${instruction}\nCriteria:\n${demands}`
              : `${instruction}\nThe text must meet these criteria:\n${demands}`,
            search: [instruction, task, last?.feedback ?? '', ...criteria].join('\n'),
            ...(last && { from: [last.draftAgentId, last.evaluatorAgentId] }),
          },
        ],
      };
    }
    return {
      ask: [
        {
          id: evaluationId(index),
          role: 'evaluator',
          title: `Evaluation ${index + 1}`,
          instruction: `Evaluate the draft against each of these criteria; it passes only when all are met:\n${demands}`,
          from: [draftId(index)],
          answer: verdictSchema,
        },
      ],
    };
  },
  details(run) {
    const iterations = iterationsOf(run);
    return { converged: iterations.at(-1)?.passed === true, iterations };
  },
});
