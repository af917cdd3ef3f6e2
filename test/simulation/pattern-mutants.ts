import type { Mutant } from './mutant.ts';

/** Rules of the orchestrators beside research: what follows what, what is handed on, and when it is enough. */
export const patternMutants: readonly Mutant[] = [
  {
    name: 'pattern: a type that is not allowed is kept',
    patches: [
      {
        file: 'orchestrator/team-plan.ts',
        find: 'if (proposed !== undefined && isAllowed(proposed)) return',
        replace: 'if (proposed !== undefined) return',
      },
    ],
  },
  {
    name: 'pattern: what has no allowed type becomes general',
    patches: [
      {
        file: 'orchestrator/team-plan.ts',
        find: "const type = allowed.includes('general')",
        replace: 'const type = (true as boolean)',
      },
    ],
  },
  {
    name: 'pattern: a step is repeated in the place of the next one',
    patches: [
      {
        file: 'orchestrator/sequential.ts',
        find: 'ask: [stepAssignment(task, step, {',
        replace: 'ask: [stepAssignment(task, steps[index - 1] ?? step, {',
      },
    ],
  },
  {
    name: 'pattern: a step is handed the output of the first one',
    patches: [
      {
        file: 'orchestrator/sequential.ts',
        find: 'if (run.text(id) !== undefined) last = id;',
        replace: 'if (run.text(id) !== undefined) last ??= id;',
      },
    ],
  },
  {
    name: 'pattern: a failed step stops nothing',
    patches: [
      {
        file: 'orchestrator/define-orchestrator.ts',
        find: "agent.status === 'failed' && agent.parameters['optional'] !== true",
        replace: "agent.status === 'failed' && agent.parameters['optional'] === false",
      },
    ],
  },
  {
    name: 'pattern: the first branch is taken whatever was decided',
    patches: [
      {
        file: 'orchestrator/conditional.ts',
        find: "if (decision) return { branch: decision.branch, decidedBy: 'model', reason: decision.reason };",
        replace:
          "if (decision) return { branch: Object.keys(branches)[0] ?? '', decidedBy: 'model', reason: decision.reason };",
      },
    ],
  },
  {
    name: 'pattern: a draft that passed is revised',
    patches: [
      {
        file: 'orchestrator/iterative.ts',
        find: 'if (last && (last.passed || iterations.length >= maxIterations))',
        replace: 'if (last && iterations.length >= maxIterations)',
      },
    ],
  },
  {
    name: 'pattern: one iteration too many',
    patches: [
      {
        file: 'orchestrator/iterative.ts',
        find: 'iterations.length >= maxIterations)) return',
        replace: 'iterations.length > maxIterations)) return',
      },
    ],
  },
  {
    name: 'pattern: a run whose iterations are used up calls itself converged',
    patches: [
      {
        file: 'orchestrator/iterative.ts',
        find: 'converged: iterations.at(-1)?.passed === true',
        replace: 'converged: iterations.length > 0',
      },
    ],
  },
  {
    name: 'pattern: a revision is not handed the feedback',
    patches: [
      {
        file: 'orchestrator/iterative.ts',
        find: 'from: [last.draftAgentId, last.evaluatorAgentId]',
        replace: 'from: [last.draftAgentId]',
      },
    ],
  },
  {
    name: 'pattern: completeness leaves out what failed',
    patches: [
      {
        file: 'orchestrator/define-orchestrator.ts',
        find: ': completed.length + failed.length;\n    return',
        replace: ': completed.length;\n    return',
      },
    ],
  },
];
