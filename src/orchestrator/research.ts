import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { Orchestrator } from './orchestrator.ts';
import { next, progress } from './research-decision.ts';
import { charCount, inputOf, researchInputSchema } from './research-input.ts';
import { researchReport } from './research-report.ts';
import { expectedTiers } from './research-tiers.ts';
import { judge, render } from './research-turn.ts';
import { completenessOf, finalCall, groupsToSynthesise, workOf } from './research-work.ts';

const titleCharsOfTask = 50;

/** Hierarchical research: plan, researchers in parallel, group syntheses, one final synthesis. */
export const research: Orchestrator = {
  name: 'research',
  version: 1,
  description:
    'Plans independent subtasks, researches them in parallel and synthesises the findings in up to two tiers.',
  inputSchema: researchInputSchema,
  taskOf: (input) => inputOf(input).task,
  defaultTitle(input) {
    const { task } = inputOf(input);
    const cut = charCount(task) > titleCharsOfTask;
    return `Research: ${cut ? `${clip(task, titleCharsOfTask)}...` : task}`;
  },
  estimate(input, { agentTimeoutMs, maxConcurrentAgents }) {
    const { numAgents, ...flags } = inputOf(input);
    const { groups, last } = expectedTiers(numAgents, flags);
    const stage = (agents: number, roleTimeoutMs: number): number =>
      (agentTimeoutMs ?? roleTimeoutMs) * Math.ceil(agents / maxConcurrentAgents);
    return {
      workers: numAgents,
      agents: 1 + numAgents + groups + last,
      stagesMs:
        stage(1, limits.plannerTimeoutMs) +
        stage(numAgents, limits.researcherTimeoutMs) +
        stage(groups, limits.groupSynthesizerTimeoutMs) +
        stage(last, limits.finalTimeoutMs),
    };
  },
  next,
  render,
  judge,
  progress,
  report(state) {
    const input = inputOf(state.input);
    const work = workOf(state);
    const call = state.plan && finalCall(state, input, work, groupsToSynthesise(state, input, work));
    const final = call && state.agents.get(call.agentId);
    return researchReport(state, {
      requested: input.numAgents,
      completeness: completenessOf(state, input),
      finalAgentId: final?.status === 'completed' ? final.agentId : undefined,
    });
  },
};
