import { defineOrchestrator, type Move } from './define-orchestrator.ts';
import { flagField } from './input-field.ts';
import type { RunView } from './run-view.ts';
import { stepAssignment, stepsField, taskField, type Step } from './step-input.ts';

const stepId = (index: number): string => `step/${index}`;

/** Ordered steps, each handed the output of the last one that succeeded. */
export const sequential = defineOrchestrator({
  name: 'sequential',
  version: 1,
  description: 'Runs ordered steps, handing the output of each to the next.',
  input: {
    task: taskField,
    steps: stepsField,
    continueOnFailure: flagField(
      false,
      'Whether the steps after a failed one run all the same, with the last output there is; default false.',
    ),
  },
  task: ({ task }) => task,
  stages: ({ steps }) => steps.map(() => 1),
  next: ({ input, ...run }) => following(run, input.task, input.steps, input.continueOnFailure),
});

/** The next step, or the end when all have ended. Shared with the branches of a conditional run. */
export function following(
  run: Pick<RunView<unknown>, 'ended' | 'text'>,
  task: string,
  steps: readonly Step[],
  optional = false,
): Move {
  let last: string | undefined;
  for (const [index, step] of steps.entries()) {
    const id = stepId(index);
    if (!run.ended(id)) return { ask: [stepAssignment(task, step, { id, from: last, optional })] };
    if (run.text(id) !== undefined) last = id;
  }
  return last === undefined ? { fail: 'no step has an output' } : { finish: last };
}
