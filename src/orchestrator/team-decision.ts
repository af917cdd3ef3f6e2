import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { abstentionReason, outcomeOf } from '../workflow/outcome.ts';
import { isActive, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { isTerminal } from '../workflow/status.ts';
import type { AgentSpec, Decision } from './orchestrator.ts';
import { documentCounts, rendering } from './document-rendering.ts';
import { gapCheckId, gapCheckSpec } from './gap-check.ts';
import { expectedTiers, finalId, plannerId, type FinalCall, type Group } from './team-tiers.ts';
import type { TeamInput } from './team.ts';
import {
  completenessOf,
  finalCall,
  groupsToSynthesise,
  missingParts,
  subtasksOf,
  workOf,
  type Work,
} from './team-work.ts';

/** What should happen now. */
export function next(state: WorkflowState, input: TeamInput): Decision {
  if (isTerminal(state.status) || state.status === 'cancelling') return { type: 'wait' };
  const work = workOf(state);
  return (
    quorumFailure(state, input, work) ??
    planning(state, input) ??
    working(state, work) ??
    checking(state, input, work) ??
    synthesising(state, input, work)
  );
}

/**
 * Too few can still succeed: nothing more is spent on it. A concluded run is content with one finding. Who abstained has
 * not succeeded: a report needs findings, not honesty alone.
 */
function quorumFailure(state: WorkflowState, input: TeamInput, work: Work): Decision | undefined {
  const { successful, abstained, failed, open, unscheduled } = work;
  if (!state.plan && state.conclusion) {
    return fail('concluded', `concluded (${state.conclusion.reason}) before there was a plan`);
  }
  const needed = state.conclusion ? 1 : Math.max(1, state.options.minSuccessfulAgents);
  const startable = state.conclusion ? 0 : state.plan ? unscheduled.length : input.numAgents;
  const possible = successful.length + open.length + startable;
  if (possible >= needed) return undefined;
  if (state.conclusion) {
    return fail('concluded', `concluded (${state.conclusion.reason}) without any finding${listed(work)}`);
  }
  const total = state.plan ? state.plan.subtasks.length : input.numAgents;
  return fail(
    'quorum_not_met',
    `at least ${needed} successful researchers are required, ${possible} of ${total} are still possible ` +
      `(${successful.length} succeeded, ${abstained.length > 0 ? `${abstained.length} abstained, ` : ''}${failed.length} failed)${listed(work)}`,
  );
}

function listed({ failed, abstained }: Work): string {
  const reasons = failed.map(
    (agent) => `${agent.agentId} (${agent.failure?.code}: ${agent.failure?.message})`,
  );
  const abstentions = abstained.map((agent) => `${agent.agentId} (${abstentionReason(agent)})`);
  return (
    (reasons.length === 0 ? '' : `; failed: ${reasons.join(', ')}`) +
    (abstentions.length === 0 ? '' : `; abstained: ${abstentions.join(', ')}`)
  );
}

const fail = (errorType: string, message: string): Decision => ({
  type: 'fail',
  errorType,
  message: clip(message, limits.errorCharsMax),
});

function planning(state: WorkflowState, input: TeamInput): Decision | undefined {
  if (state.plan) return undefined;
  const planner = state.agents.get(plannerId);
  if (!planner) {
    const agent: AgentSpec = {
      agentId: plannerId,
      role: 'planner',
      stage: { type: 'plan' },
      title: 'Plan',
      inputAgentIds: [],
      passageQuery: input.task,
      model: state.options.models.plan,
      timeoutMs: state.options.agentTimeoutMs ?? limits.plannerTimeoutMs,
    };
    return { type: 'schedule', agents: [agent] };
  }
  if (planner.status === 'failed') {
    return fail('planning_failed', `${plannerId}: ${planner.failure?.code}: ${planner.failure?.message}`);
  }
  return { type: 'wait' };
}

function working(state: WorkflowState, { open, unscheduled }: Work): Decision | undefined {
  if (unscheduled.length > 0 && !state.conclusion) {
    const agents = unscheduled.map(
      ({ agentId, subtask }): AgentSpec => ({
        agentId,
        role: 'researcher',
        stage: { type: 'work' },
        title: subtask.title,
        subtask,
        inputAgentIds: [],
        passageQuery: subtask.question,
        model: state.options.models.work,
        timeoutMs: state.options.agentTimeoutMs ?? limits.researcherTimeoutMs,
      }),
    );
    return { type: 'schedule', agents };
  }
  return open.length > 0 ? { type: 'wait' } : undefined;
}

/** The first round has ended: one look at what is missing, whose failure stops nothing. A concluded run has no time for it. */
function checking(state: WorkflowState, input: TeamInput, work: Work): Decision | undefined {
  const check = state.agents.get(gapCheckId);
  if (check) return isActive(check) ? { type: 'wait' } : undefined;
  if (input.maxExtraResearchers === 0 || state.conclusion) return undefined;
  const spec = gapCheckSpec(state, work.successful, missingParts(state), input.maxExtraResearchers);
  return { type: 'schedule', agents: [spec] };
}

/** All researchers have ended. */
function synthesising(state: WorkflowState, input: TeamInput, work: Work): Decision {
  const groups = groupsToSynthesise(state, input, work);
  const missingGroups = groups.filter((group) => !state.agents.has(group.agentId));
  if (missingGroups.length > 0) {
    return {
      type: 'schedule',
      agents: missingGroups.map((group) => groupSpec(state, group, groups.length)),
    };
  }
  if (groups.some((group) => isOpen(state.agents.get(group.agentId)))) return { type: 'wait' };

  const final = finalCall(state, input, work, groups);
  const agent = state.agents.get(final.agentId);
  if (!agent) return { type: 'schedule', agents: [finalSpec(state, final)] };
  if (isActive(agent)) return { type: 'wait' };
  // With on_limit CONCLUDE the report is assembled by code rather than lost.
  if (agent.status === 'failed' && state.options.onLimit !== 'conclude') {
    return fail('synthesis_failed', `${agent.agentId}: ${agent.failure?.code}: ${agent.failure?.message}`);
  }
  return (
    rendering(state) ?? {
      type: 'complete',
      completeness: completenessOf(state, input),
      failedAgentIds: [...state.agents.values()]
        .filter(({ status }) => status === 'failed')
        .map(({ agentId }) => agentId),
      finalAgentId: agent.status === 'completed' ? agent.agentId : undefined,
    }
  );
}

function groupSpec(state: WorkflowState, group: Group, groupCount: number): AgentSpec {
  const number = Number(group.agentId.slice(group.agentId.indexOf('/') + 1)) + 1;
  const only = groupCount === 1;
  return {
    agentId: group.agentId,
    role: 'synthesizer',
    stage: { type: 'synthesis', level: 'group' },
    title: only ? 'Synthesis' : `Group synthesis ${number} of ${groupCount}`,
    inputAgentIds: group.memberIds,
    parameters: { report: only, missing: only ? missingParts(state) : [] },
    model: state.options.models.synthesis,
    timeoutMs: state.options.agentTimeoutMs ?? limits.groupSynthesizerTimeoutMs,
  };
}

function finalSpec(state: WorkflowState, final: FinalCall): AgentSpec {
  const executive = final.level === 'executive';
  return {
    agentId: final.agentId,
    role: executive ? 'executive' : 'final',
    stage: { type: 'synthesis', level: final.level },
    title: executive ? 'Executive synthesis' : 'Final synthesis',
    inputAgentIds: final.inputAgentIds,
    parameters: { report: true, missing: missingParts(state), unsynthesised: final.unsynthesisedIds },
    model: state.options.models.synthesis,
    timeoutMs: state.options.agentTimeoutMs ?? limits.finalTimeoutMs,
  };
}

const isOpen = (agent: AgentState | undefined): boolean => agent !== undefined && isActive(agent);

/** Ended agents and documents among those expected, one share each. */
export function progress(state: WorkflowState, input: TeamInput): number {
  const workers = state.plan ? subtasksOf(state).length : input.numAgents;
  let fruitless = 0;
  let agentsEnded = 0;
  for (const agent of state.agents.values()) {
    if (isActive(agent)) continue;
    agentsEnded++;
    if (agent.role === 'researcher' && outcomeOf(agent) !== 'answered') fruitless++;
  }
  const hopeful = workers - fruitless;
  const { groups, last } = expectedTiers(hopeful, input);
  const extra = state.agents.has(finalId) && last === 0 ? 1 : last;
  const documents = documentCounts(state);
  const check = input.maxExtraResearchers > 0 ? 1 : 0;
  const expected = 1 + workers + check + groups + extra + documents.expected;
  return Math.min(99, Math.floor(((agentsEnded + documents.ended) / expected) * 100));
}
