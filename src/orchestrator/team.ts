import { limits } from '../workflow/limits.ts';
import type { Specialisation } from '../workflow/specialisation.ts';
import type { Orchestrator } from './orchestrator.ts';
import { next, progress } from './team-decision.ts';
import { teamReport } from './team-report.ts';
import { expectedTiers, type TierFlags } from './team-tiers.ts';
import { judge, render } from './team-turn.ts';
import { completenessOf, expectedWorkers, finalCall, groupsToSynthesise, workOf } from './team-work.ts';

/** What a team works on: a planner splits the task, researchers work side by side, syntheses bring it together. */
export interface TeamInput extends TierFlags {
  readonly task: string;
  readonly numAgents: number;
  /** Researchers that a gap check may add after the first round; 0: there is no check. */
  readonly maxExtraResearchers: number;
  /** The specialisations its subtasks may have; undefined: subtasks have none. */
  readonly agentTypes?: readonly Specialisation[] | undefined;
}

/** The rules of a team, for the orchestrators that differ in their input only. */
export function team(
  inputOf: (raw: Readonly<Record<string, unknown>>) => TeamInput,
): Pick<Orchestrator, 'estimate' | 'next' | 'render' | 'judge' | 'progress' | 'report'> {
  const inputs = new WeakMap<object, TeamInput>();
  const read = (raw: Readonly<Record<string, unknown>>): TeamInput => {
    const known = inputs.get(raw);
    if (known) return known;
    const input = inputOf(raw);
    inputs.set(raw, input);
    return input;
  };
  return {
    estimate(raw, { agentTimeoutMs, maxConcurrentAgents }) {
      const { numAgents, maxExtraResearchers: extra, ...flags } = read(raw);
      const { groups, last } = expectedTiers(numAgents + extra, flags);
      const check = extra > 0 ? 1 : 0;
      // With extra researchers there may be one group or more; one more call than needed is no harm.
      const final = Math.max(last, check);
      const stage = (agents: number, roleTimeoutMs: number): number =>
        (agentTimeoutMs ?? roleTimeoutMs) * Math.ceil(agents / maxConcurrentAgents);
      return {
        workers: numAgents,
        agents: 1 + numAgents + check + extra + groups + final,
        stagesMs:
          stage(1, limits.plannerTimeoutMs) +
          stage(numAgents, limits.researcherTimeoutMs) +
          stage(check, limits.gapCheckTimeoutMs) +
          stage(extra, limits.researcherTimeoutMs) +
          stage(groups, limits.groupSynthesizerTimeoutMs) +
          stage(final, limits.finalTimeoutMs),
      };
    },
    next: (state) => next(state, read(state.input)),
    render: (state, agentId, passages) => render(state, read(state.input), agentId, passages),
    judge: (state, agentId) => judge(state, read(state.input), agentId),
    progress: (state) => progress(state, read(state.input)),
    report(state) {
      const input = read(state.input);
      const work = workOf(state);
      const call = state.plan && finalCall(state, input, work, groupsToSynthesise(state, input, work));
      const final = call && state.agents.get(call.agentId);
      return teamReport(state, {
        requested: input.numAgents,
        expected: expectedWorkers(state, input),
        completeness: completenessOf(state, input),
        finalAgentId: final?.status === 'completed' ? final.agentId : undefined,
      });
    },
  };
}
