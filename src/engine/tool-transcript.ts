import { fenced } from '../orchestrator/prompts.ts';
import type { PassageText } from '../orchestrator/orchestrator.ts';
import type { Message } from '../provider/model-provider.ts';
import type { PassageRef, ToolCall } from '../workflow/event.ts';
import type { AgentState, ToolCallState, WorkflowState } from '../workflow/state.ts';
import type { ToolOrder } from './tool-call.ts';

/** Whether a source is what a tool said, and not a passage of a document. */
export function isToolOutput({ handle }: PassageRef): boolean {
  return handle.startsWith(outputHandle);
}

/** What the model is told when it may not ask for tools any more. */
const lastChance =
  'You can call no more tools. Give your final answer now, from what you have, and name what is missing.';

/** First letter of the handles of what tools said, so that they differ from those of documents. */
const outputHandle = 'T';

/**
 * The tool turns of an agent so far, to follow its prompt: what the model asked for and what came of it. Everything a
 * tool said stands between fences. Made anew from the log's parts each time; no event holds more than its own turn.
 */
export function toolTranscript(
  agent: AgentState,
  textsOf: (passages: readonly PassageRef[]) => readonly PassageText[],
  mayAsk: boolean,
): readonly Message[] {
  const messages: Message[] = [];
  for (const [turn, { output, asksTools }] of agent.turns.entries()) {
    if (!asksTools) continue;
    const calls = output.toolCalls ?? [];
    messages.push({ role: 'assistant', content: output.text, toolCalls: calls });
    for (const call of calls) {
      const state = agent.toolCalls.find((known) => known.turn === turn && known.callId === call.id);
      messages.push({ role: 'tool', toolCallId: call.id, content: resultText(call, state, textsOf) });
    }
  }
  if (messages.length > 0 && !mayAsk) messages.push({ role: 'user', content: lastChance });
  return messages;
}

function resultText(
  { name, id }: ToolCall,
  state: ToolCallState | undefined,
  textsOf: (passages: readonly PassageRef[]) => readonly PassageText[],
): string {
  const end = state?.end;
  if (!end) throw new Error(`tool call ${id} has not ended`);
  const label = { tool: name };
  if (end.result === 'unknown' || end.result === 'aborted') {
    const text =
      'This call was interrupted. Whether it took effect is unknown; it is not repeated. Do not assume either.';
    return fenced('tool_result', { ...label, outcome: 'unknown' }, text);
  }
  if (end.result === 'failed') {
    const text = [end.failure?.message ?? 'the call failed', end.output].filter(Boolean).join('\n');
    return fenced('tool_result', { ...label, outcome: 'failed' }, text);
  }
  const sources = end.sources ?? [];
  const own = sources.find(isToolOutput);
  const passages = sources.filter((source) => source !== own);
  return [
    fenced('tool_result', own ? { ...label, handle: own.handle } : label, end.output ?? ''),
    ...textsOf(passages).map(({ handle, documentName, text }) =>
      fenced('passage', { handle, document: documentName }, text),
    ),
  ].join('\n\n');
}

/** The tool calls that the log says are under way. */
export function openToolOrders(state: WorkflowState): readonly Omit<ToolOrder, 'traceparent'>[] {
  const { workflowId } = state;
  const orders: Omit<ToolOrder, 'traceparent'>[] = [];
  let position = 0;
  for (const { agentId, turns, toolCalls } of state.agents.values()) {
    position++;
    for (const [index, { turn, callId, starts, startTime }] of toolCalls.entries()) {
      if (startTime === undefined) continue;
      const call = turns[turn]?.output.toolCalls?.find(({ id }) => id === callId);
      if (!call) throw new Error(`workflow ${workflowId}: nobody asked for tool call ${callId}`);
      orders.push({
        workflowId,
        agentId,
        turn,
        callId,
        start: starts,
        tool: call.name,
        arguments: call.arguments,
        handle: `${outputHandle}${position}.${index + 1}`,
      });
    }
  }
  return orders;
}
