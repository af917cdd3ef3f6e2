import type { Failure } from '../workflow/failure.ts';
import type { AgentState } from '../workflow/state.ts';
import type { Draft } from './draft.ts';
import { stopToolCalls } from './tool-decision.ts';

/** Ends an agent without a result. It must have no model call under way any more; its tools are stopped. */
export function failAgent(draft: Draft, agent: AgentState, cause: Failure): void {
  const why = cause.code === 'deadline' ? 'deadline' : cause.code === 'concluded' ? 'conclude' : 'ended';
  stopToolCalls(draft, agent.agentId, why, cause);
  draft.add({
    type: 'agent_failed',
    agentId: agent.agentId,
    role: agent.role,
    ...(agent.subtask && { subtask: agent.subtask }),
    failure: cause,
    attempts: agent.attempts,
    durationMs: draft.time - (agent.startTime ?? agent.scheduledTime),
  });
}
