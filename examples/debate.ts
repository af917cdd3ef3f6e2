import { defineOrchestrator, z, type Assignment } from 'mcp-orchestrator/orchestrator';

const sides = ['for', 'against'] as const;

const caseOf = (side: (typeof sides)[number]): string => `case/${side}`;

const verdict = z.strictObject({
  winner: z.enum([...sides, 'neither']),
  reason: z.string().describe('The argument that decided it.'),
});

/** Two sides argue a motion, a judge decides, and a report is written for the reader. */
export default defineOrchestrator({
  name: 'debate',
  version: 1,
  description: 'Two sides argue a motion, a judge decides.',
  input: { motion: z.string().trim().min(10).max(1_000).describe('What is debated.') },
  task: ({ motion }) => motion,
  // At most two agents at once: the cases, then the judge, then the writer.
  stages: () => [2, 1, 1],
  next({ input, ended }) {
    const cases = sides.map(caseOf);
    if (!ended(...cases)) {
      const argue = (side: (typeof sides)[number]): Assignment => ({
        id: caseOf(side),
        title: `Case ${side}`,
        instruction: `Argue ${side} the motion with the three strongest reasons, each with its evidence.`,
        search: input.motion,
      });
      return { ask: sides.map(argue) };
    }
    if (!ended('judge')) {
      const judge: Assignment = {
        id: 'judge',
        role: 'evaluator',
        title: 'Judgement',
        instruction: 'Judge which side argued better. Weigh evidence, not eloquence.',
        from: cases,
        answer: verdict,
      };
      return { ask: [judge] };
    }
    if (ended('report')) return { finish: 'report' };
    const instruction = 'Report the debate: the best arguments of both sides, the judgement and its reason.';
    return {
      ask: [{ id: 'report', role: 'final', title: 'Report', instruction, from: [...cases, 'judge'] }],
    };
  },
  details: ({ answer }) => ({ ...answer('judge', verdict) }),
});
