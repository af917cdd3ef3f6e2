import type { Failure } from '../workflow/failure.ts';
import type { AgentState } from '../workflow/state.ts';
import type { Draft } from './draft.ts';

/** Ends an agent without a result. It must have no call under way any more. */
export function failAgent(draft: Draft, agent: AgentState, cause: Failure): void {
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
