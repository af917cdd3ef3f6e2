import type { AbortCause, ToolCall } from '../workflow/event.ts';
import { failure, type Failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { hasOpenToolCall, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { askedTools, hasSettled } from '../workflow/tool-fold.ts';
import type { Draft } from './draft.ts';

/** What a decision needs to know of the tools beside the state. */
export interface ToolFacts {
  /** Why a call of a tool that the agent may use must not be made, or the terms it is made on. */
  checkTool(
    agent: AgentState,
    call: ToolCall,
  ): { readonly refusal: Failure } | { readonly idempotent: boolean };
}

/** Tool calls of the agent that were executed, each once, however often it was started. */
function executedTools(agent: AgentState): number {
  return agent.toolCalls.filter(({ starts }) => starts > 0).length;
}

/** Whether the agent's next turn may ask for tools. Where it may not, it is its last chance to answer. */
export function mayAskTools(state: WorkflowState, agent: AgentState, turnsPerAgent: number): boolean {
  return (
    agent.tools.length > 0 &&
    state.conclusion === undefined &&
    executedTools(agent) < limits.toolCallsPerAgentMax &&
    agent.turns.length < turnsPerAgent - 1
  );
}

/** Starts the tool calls that models asked for and that may start, and refuses those that may not. */
export function settleTools(draft: Draft, facts: ToolFacts): void {
  let running = 0;
  for (const { toolCalls } of draft.state.agents.values()) {
    if (toolCalls.length > 0) running += toolCalls.filter(({ startTime }) => startTime !== undefined).length;
  }
  for (const asker of draft.state.agents.values()) {
    if (asker.status !== 'working' || asker.openCall) continue;
    const { agentId } = asker;
    for (const { call, known } of askedTools(asker)) {
      if (known && (known.startTime !== undefined || hasSettled(known))) continue;
      const agent = agentOf(draft, agentId);
      const turn = agent.turns.length - 1;
      const checked = refusalOf(draft.state, agent, call, known?.starts ?? 0) ?? facts.checkTool(agent, call);
      if ('refusal' in checked) {
        draft.add({
          type: 'tool_call_ended',
          agentId,
          turn,
          callId: call.id,
          result: 'failed',
          failure: checked.refusal,
          durationMs: 0,
        });
      } else if (running < limits.concurrentToolCallsPerWorkflowMax) {
        running++;
        draft.add({
          type: 'tool_call_started',
          agentId,
          turn,
          callId: call.id,
          tool: call.name,
          arguments: call.arguments,
          idempotent: checked.idempotent,
        });
      }
    }
  }
}

function agentOf(draft: Draft, agentId: string): AgentState {
  const agent = draft.state.agents.get(agentId);
  if (!agent) throw new Error(`workflow ${draft.key.workflowId}: there is no agent ${agentId}`);
  return agent;
}

/** What the agent itself may not do. */
function refusalOf(
  state: WorkflowState,
  agent: AgentState,
  call: ToolCall,
  starts: number,
): { readonly refusal: Failure } | undefined {
  if (state.conclusion) {
    return { refusal: failure('concluded', 'the call was refused: the work is being concluded') };
  }
  if (!agent.tools.includes(call.name)) {
    const known = agent.tools.join(', ');
    return { refusal: failure('tool', `the call was refused: there is no such tool; there are ${known}`) };
  }
  if (starts >= limits.toolCallStartsMax) {
    // It may be what ends the process.
    const message = `the call was given up: it was interrupted ${starts} times`;
    return { refusal: failure('limit', message) };
  }
  if (starts === 0 && executedTools(agent) >= limits.toolCallsPerAgentMax) {
    const message = `the call was refused: all ${limits.toolCallsPerAgentMax} tool calls of this agent are used`;
    return { refusal: failure('limit', message) };
  }
  return undefined;
}

/** Ends the agent's tool calls that are at work, because nobody waits for them any more. */
export function stopToolCalls(draft: Draft, agentId: string, cause: AbortCause, reason: Failure): void {
  const agent = draft.state.agents.get(agentId);
  if (!agent || !hasOpenToolCall(agent)) return;
  for (const { turn, callId, startTime } of agent.toolCalls) {
    if (startTime === undefined) continue;
    draft.add({
      type: 'tool_call_ended',
      agentId,
      turn,
      callId,
      result: cause === 'crash' ? 'unknown' : 'aborted',
      failure: reason,
      cause,
      durationMs: Math.max(0, draft.time - startTime),
    });
  }
}
