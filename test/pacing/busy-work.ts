import { z } from 'zod';
import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { isActive } from '../../src/workflow/state.ts';

const turns = 8;
const agents = 300;

/** Work that asks for as many calls as it is let have: every agent makes eight, one after the other. */
export const busyWork: Orchestrator = {
  name: 'busy',
  version: 1,
  description: 'Calls as often as it may.',
  inputSchema: z.strictObject({}),
  taskOf: () => 'Keep a provider busy.',
  defaultTitle: () => 'Busy',
  estimate: () => ({ workers: agents, agents, stagesMs: 0 }),
  next: (state) => {
    const missing = agents - state.agents.size;
    if (missing > 0) {
      return {
        type: 'schedule',
        agents: Array.from({ length: missing }, (_, number) => ({
          agentId: `worker/${number}`,
          role: 'researcher' as const,
          stage: { type: 'work' as const },
          title: `Worker ${number}`,
          inputAgentIds: [],
          model: state.options.models.work,
          timeoutMs: 3_600_000,
        })),
      };
    }
    if ([...state.agents.values()].some(isActive)) return { type: 'wait' };
    return { type: 'complete', completeness: 1, failedAgentIds: [], finalAgentId: undefined };
  },
  render: () => ({
    messages: [{ role: 'user', content: 'Go on.' }],
    brief: { kind: 'answer', task: 'busy', question: 'Go on?', passages: [] },
  }),
  judge: (state, agentId) =>
    (state.agents.get(agentId)?.turns.length ?? 0) < turns
      ? { type: 'again' }
      : { type: 'done', citations: [], unknownCitations: [] },
  progress: () => 0,
  report: (state) => ({ title: state.title, metadata: [], sections: [], sources: [], gaps: [] }),
};
