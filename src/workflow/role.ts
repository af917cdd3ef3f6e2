/** The kinds of agents there are. */
export const roles = [
  'planner',
  'researcher',
  'synthesizer',
  'executive',
  'final',
  'step',
  'evaluator',
] as const;
