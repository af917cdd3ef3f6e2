import type { Subtask } from '../workflow/event.ts';
import type { AgentState, WorkflowState } from '../workflow/state.ts';
import { abstentionReason, outcomeOf } from '../workflow/outcome.ts';
import { gapReportOf } from './gap-check.ts';
import type { TeamInput } from './team.ts';
import { finalCallOf, groupsOf, researcherId, type FinalCall, type Group } from './team-tiers.ts';

// What a team's run has, read from its state.

/** The researchers of a plan by what became of them. */
export interface Work {
  /** They answered. */
  readonly successful: readonly AgentState[];
  /** They ended by saying that they could not find out. */
  readonly abstained: readonly AgentState[];
  readonly failed: readonly AgentState[];
  readonly open: readonly AgentState[];
  readonly unscheduled: readonly { readonly agentId: string; readonly subtask: Subtask }[];
}

/** The plan's subtasks, and then those that a gap check has added. */
export function subtasksOf(state: WorkflowState): readonly Subtask[] {
  const planned = state.plan?.subtasks ?? [];
  const { followUps } = gapReportOf(state);
  return followUps.length === 0 ? planned : [...planned, ...followUps];
}

/** The researchers whose findings make a run complete. */
export const expectedWorkers = (state: WorkflowState, input: TeamInput): number =>
  input.numAgents + gapReportOf(state).followUps.length;

export function workOf(state: WorkflowState): Work {
  const successful: AgentState[] = [];
  const abstained: AgentState[] = [];
  const failed: AgentState[] = [];
  const open: AgentState[] = [];
  const unscheduled: { agentId: string; subtask: Subtask }[] = [];
  let index = 0;
  for (const subtask of subtasksOf(state)) {
    const agentId = researcherId(index++);
    const agent = state.agents.get(agentId);
    if (!agent) unscheduled.push({ agentId, subtask });
    else if (outcomeOf(agent) === 'abstained') abstained.push(agent);
    else if (agent.status === 'completed') successful.push(agent);
    else if (agent.status === 'failed') failed.push(agent);
    else open.push(agent);
  }
  return { successful, abstained, failed, open, unscheduled };
}

const idsOf = (agents: readonly AgentState[]): readonly string[] => agents.map((agent) => agent.agentId);

/** The groups of the researchers that succeeded. A conclusion opens no group any more; groups under way still count. */
export function groupsToSynthesise(state: WorkflowState, input: TeamInput, work: Work): readonly Group[] {
  const groups = groupsOf(idsOf(work.successful), input.enableDrummer);
  const begun = groups.some((group) => state.agents.has(group.agentId));
  return state.conclusion && !begun ? [] : groups;
}

/** The call whose text is the report's body, once every group has ended. */
export function finalCall(
  state: WorkflowState,
  input: TeamInput,
  work: Work,
  groups: readonly Group[],
): FinalCall {
  const synthesised = (agentId: string): boolean => state.agents.get(agentId)?.status === 'completed';
  return finalCallOf(idsOf(work.successful), groups, synthesised, input);
}

/** What a final text must name as missing. */
export function missingParts(state: WorkflowState): readonly string[] {
  const { abstained, failed, unscheduled } = workOf(state);
  const parts = [
    ...failed.map((agent) => agent.title),
    ...abstained.map((agent) => `${agent.title} (not found out: ${abstentionReason(agent)})`),
    ...unscheduled.map(({ subtask }) => subtask.title),
  ];
  const short = (state.plan?.requested ?? 0) - (state.plan?.subtasks.length ?? 0);
  if (short > 0) parts.push(`${short} of ${state.plan?.requested} requested subtasks could not be planned`);
  return parts;
}

/** Successful researchers among the requested ones and those a gap check added, 0–1, rounded to 4 decimals. */
export function completenessOf(state: WorkflowState, input: TeamInput): number {
  return Math.round((workOf(state).successful.length / expectedWorkers(state, input)) * 10_000) / 10_000;
}
