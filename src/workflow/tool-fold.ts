import type { AbortCause, EventOf, ToolCall } from './event.ts';
import type { AgentState, ToolCallState } from './state.ts';

// What tool calls do to their agent. The functions answer the agent as it is afterwards, or in words why the event
// cannot follow.

/** What ended through no fault of the tool or the caller, and may be done again if that is harmless. */
const interruptions: ReadonlySet<AbortCause> = new Set<AbortCause>(['crash', 'shutdown']);

/** Whether a call that has ended may be started once more: its outcome is unknown and doing it twice does no harm. */
export function mayStartAgain({ idempotent, end }: ToolCallState): boolean {
  return idempotent && end?.cause !== undefined && interruptions.has(end.cause);
}

/** Whether nothing more will be done for this call. */
export function hasSettled(call: ToolCallState): boolean {
  return call.startTime === undefined && !mayStartAgain(call);
}

/** Most turns ask for no tool, and the rules ask each of them after every append. */
const nothing: readonly never[] = [];

/** What an agent's newest turn asks for, with what is known of it; empty where it asks for nothing. */
export function askedTools(
  agent: AgentState,
): readonly { readonly call: ToolCall; readonly known: ToolCallState | undefined }[] {
  const turn = agent.turns.length - 1;
  const answer = agent.turns[turn];
  if (!answer?.asksTools) return nothing;
  return (answer.output.toolCalls ?? []).map((call) => ({
    call,
    known: agent.toolCalls.find((known) => known.turn === turn && known.callId === call.id),
  }));
}

/** Whether the agent's newest turn asks for a tool call that has not settled. */
export function awaitsTools(agent: AgentState): boolean {
  for (const { known } of askedTools(agent)) if (!known || !hasSettled(known)) return true;
  return false;
}

/** Why the agent's next turn cannot begin yet, in words. */
export function toolTurnProblem(agent: AgentState): string | undefined {
  return awaitsTools(agent) ? `agent ${agent.agentId} waits for its tools` : undefined;
}

export function toolCallStarted(
  agent: AgentState,
  data: EventOf<'tool_call_started'>,
  time: number,
): AgentState | string {
  const asked = askedOf(agent, data);
  if (typeof asked === 'string') return asked;
  const { call, known } = asked;
  if (!agent.tools.includes(data.tool)) return `agent ${agent.agentId} may not use ${data.tool}`;
  if (call.name !== data.tool || call.arguments !== data.arguments)
    return `tool call ${data.callId} is not what the model asked for`;
  if (known && (known.startTime !== undefined || !mayStartAgain(known)))
    return `tool call ${data.callId} of turn ${data.turn} was started before`;
  return withToolCall(agent, {
    turn: data.turn,
    callId: data.callId,
    starts: (known?.starts ?? 0) + 1,
    startTime: time,
    idempotent: data.idempotent ?? false,
    end: known?.end,
  });
}

export function toolCallEnded(agent: AgentState, data: EventOf<'tool_call_ended'>): AgentState | string {
  const asked = askedOf(agent, data);
  if (typeof asked === 'string') return asked;
  const { known } = asked;
  const id = `tool call ${data.callId} of turn ${data.turn}`;
  if (known && hasSettled(known)) return `${id} has ended before`;
  const atWork = known?.startTime !== undefined;
  if (!atWork && data.result !== 'failed') return `${id} is not at work, so it can only be refused`;
  const interrupted = data.result === 'aborted' || data.result === 'unknown';
  if (interrupted !== (data.cause !== undefined)) return `${id} has a cause exactly when it was interrupted`;
  return withToolCall(agent, {
    turn: data.turn,
    callId: data.callId,
    starts: known?.starts ?? 0,
    startTime: undefined,
    idempotent: known?.idempotent ?? false,
    end: data,
  });
}

function askedOf(
  agent: AgentState,
  { turn, callId }: { readonly turn: number; readonly callId: string },
): ReturnType<typeof askedTools>[number] | string {
  if (turn !== agent.turns.length - 1) return `turn ${turn} is not the newest of agent ${agent.agentId}`;
  return (
    askedTools(agent).find(({ call }) => call.id === callId) ??
    `turn ${turn} of agent ${agent.agentId} asked for no tool call ${callId}`
  );
}

function withToolCall(agent: AgentState, changed: ToolCallState): AgentState {
  const index = agent.toolCalls.findIndex(
    (call) => call.turn === changed.turn && call.callId === changed.callId,
  );
  const toolCalls = index < 0 ? [...agent.toolCalls, changed] : agent.toolCalls.with(index, changed);
  return { ...agent, toolCalls };
}
