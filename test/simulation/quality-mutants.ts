import type { Mutant } from './mutant.ts';

/** Rules of what counts as an answer and of the check for gaps. */
export const qualityMutants: readonly Mutant[] = [
  {
    name: 'quality: an abstention counts as an answer',
    patches: [
      {
        file: 'orchestrator/team-work.ts',
        find: "if (outcomeOf(agent) === 'abstained') abstained",
        replace: "if (outcomeOf(agent) === 'refused') abstained",
      },
    ],
  },
  {
    name: 'quality: an abstention is not told apart',
    patches: [
      {
        file: 'orchestrator/team-turn.ts',
        find: '...(abstained && {',
        replace: '...(!abstained && {',
      },
    ],
  },
  {
    name: 'quality: a gap check adds one researcher too many',
    patches: [
      {
        file: 'orchestrator/team-plan.ts',
        find: 'asked.length + countMax)',
        replace: 'asked.length + countMax + 1)',
      },
    ],
  },
  {
    name: 'quality: a gap check that failed is waited for',
    patches: [
      {
        file: 'orchestrator/team-decision.ts',
        find: "if (check) return isActive(check) ? { type: 'wait' } : undefined;",
        replace: "if (check) return check.status === 'completed' ? undefined : { type: 'wait' };",
      },
    ],
  },
  {
    name: 'quality: a run that concludes checks for gaps',
    patches: [
      {
        file: 'orchestrator/team-decision.ts',
        find: 'if (input.maxExtraResearchers === 0 || state.conclusion) return undefined;',
        replace: 'if (input.maxExtraResearchers === 0) return undefined;',
      },
    ],
  },
  {
    name: 'quality: completeness leaves out who was added',
    patches: [
      {
        file: 'orchestrator/team-work.ts',
        find: 'successful.length / expectedWorkers(state, input)',
        replace: 'successful.length / input.numAgents',
      },
    ],
  },
];
