import { failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { concludeTime } from '../workflow/reserve.ts';
import { isActive, type AgentState, type WorkflowState } from '../workflow/state.ts';
import type { EventOf } from '../workflow/event.ts';
import type { Draft } from './draft.ts';
import { failAgent } from './agent-failure.ts';
import { stoppedCall } from './transition.ts';

// How a workflow is brought to an early end with a report: no new work, a grace for what is under way, then the
// synthesis of what there is.

/** Asks a running workflow to conclude. Asked again, it changes nothing: the first reason stays. */
export function conclude(draft: Draft, reason: EventOf<'conclusion_requested'>['reason']): void {
  const { state, time } = draft;
  if (state.status !== 'running' || state.conclusion) return;
  draft.add({ type: 'conclusion_requested', reason, graceDeadline: time + graceMs(state) });
}

/** The grace must leave most of the reserved time to the synthesis. */
function graceMs({ options: { reserve } }: WorkflowState): number {
  return reserve ? Math.min(limits.concludeGraceMs, Math.floor(reserve.timeMs / 4)) : limits.concludeGraceMs;
}

export function concludeInTime(draft: Draft): void {
  const due = concludeTime(draft.state);
  if (due !== undefined && due <= draft.time) conclude(draft, 'deadline');
}

/** Closes the work of a workflow that concludes: at once where no call is under way, after the grace where one is. */
export function closeWork(draft: Draft): void {
  const { conclusion } = draft.state;
  if (!conclusion) return;
  const over = draft.time >= conclusion.graceDeadline;
  for (const agent of draft.state.agents.values()) {
    if (!isWork(agent) || (agent.openCall && !over)) continue;
    const reason = failure(
      'concluded',
      `closed because the workflow concludes (${conclusion.reason}); ` +
        (agent.openCall ? 'its call had not ended within the grace' : 'it had no call under way'),
    );
    if (agent.openCall) draft.add(stoppedCall(agent.agentId, agent.openCall, 'conclude', reason, draft.time));
    failAgent(draft, agent, reason);
  }
}

/** When work that is still under way will be aborted; undefined: there is none, or nobody concludes. */
export function graceDeadlineOf(state: WorkflowState): number | undefined {
  if (!state.conclusion) return undefined;
  for (const agent of state.agents.values()) if (isWork(agent)) return state.conclusion.graceDeadline;
  return undefined;
}

function isWork(agent: AgentState): boolean {
  return isActive(agent) && agent.stage.type !== 'synthesis';
}
