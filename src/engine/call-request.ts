import type { Orchestrator, PassageText } from '../orchestrator/orchestrator.ts';
import type { Brief, Message, ModelRequest, ProviderCatalog } from '../provider/model-provider.ts';
import type { NamedTool } from '../tool/toolbox.ts';
import type { PassageRef, Reservation } from '../workflow/event.ts';
import { attemptId } from '../workflow/id.ts';
import type { AgentState, WorkflowState } from '../workflow/state.ts';
import { mayAskTools } from './tool-decision.ts';
import { isToolOutput, toolTranscript } from './tool-transcript.ts';

/** Tokens a provider may add around each message (roles, separators). */
const framingTokensPerMessage = 16;
const framingTokensPerRequest = 64;

type FoundTexts = (passages: readonly PassageRef[]) => readonly PassageText[];

const none: readonly never[] = [];

/** A request for an agent's next attempt, where it goes, and the most it can cost there. */
export interface PreparedCall {
  readonly request: ModelRequest;
  readonly provider: string;
  readonly reserved: Reservation;
}

/** Renders the agent's next attempt from its frozen input. The same log gives the same request. */
export function prepareCall(
  state: WorkflowState,
  agentId: string,
  target: { readonly provider: string; readonly model: string },
  deps: {
    readonly orchestrator: Orchestrator;
    readonly turnsPerAgent: number;
    readonly catalog: ProviderCatalog;
    /** Texts of what the agent was given. */
    textsOf(passages: readonly PassageRef[]): readonly PassageText[];
    /** Texts of what tools found, as far as they are at hand. */
    foundTexts: FoundTexts;
    /** Those of the agent's tools that can be called now. */
    usableTools(agent: AgentState): readonly NamedTool[];
  },
): PreparedCall {
  const agent = state.agents.get(agentId);
  if (!agent) throw new Error(`workflow ${state.workflowId}: there is no agent ${agentId}`);
  const passages = agent.passages.length > 0 ? deps.textsOf(agent.passages) : none;
  const { messages, brief, jsonSchema } = deps.orchestrator.render(state, agentId, passages);
  const usable = agent.tools.length > 0 ? deps.usableTools(agent) : none;
  const mayAsk = usable.length > 0 && mayAskTools(state, agent, deps.turnsPerAgent);
  // Named also where they may not be asked for: some providers refuse a conversation whose tools they do not know.
  const isNamed = mayAsk || agent.toolCalls.length > 0;
  const offers = isNamed
    ? usable.map(({ fullName, description, parameters }) => ({ name: fullName, description, parameters }))
    : none;
  const { provider, model } = target;
  const { maxOutputTokens, providerName } = state.options;
  // The run's own models were looked at when it started; what stands in for them may allow less.
  const allowed = provider === providerName ? undefined : deps.catalog.outputLimit?.(provider, model);
  const transcript = toolTranscript(agent, deps.foundTexts, mayAsk);
  const request: ModelRequest = {
    attemptId: attemptId(state.workflowId, agentId, agent.turns.length, agent.attempt + 1),
    model,
    messages: transcript.length > 0 ? [...messages, ...transcript] : messages,
    brief: withFound(brief, agent, deps.foundTexts),
    maxOutputTokens: Math.min(maxOutputTokens, allowed ?? maxOutputTokens),
    jsonSchema,
    tools: offers.length > 0 ? { offers, choice: mayAsk ? 'auto' : 'none' } : undefined,
  };
  return { request, provider, reserved: reservationOf(request, provider, deps.catalog) };
}

/** An upper bound: a token is at least one byte, and the output maximum is enforced by the provider. */
function reservationOf(request: ModelRequest, providerName: string, catalog: ProviderCatalog): Reservation {
  let inputTokens = framingTokensPerRequest;
  for (const message of request.messages) inputTokens += messageTokens(message);
  for (const offer of request.tools?.offers ?? none)
    inputTokens += Buffer.byteLength(JSON.stringify(offer), 'utf8') + framingTokensPerMessage;
  if (request.jsonSchema) inputTokens += Buffer.byteLength(JSON.stringify(request.jsonSchema.schema), 'utf8');
  const usage = { inputTokens, outputTokens: request.maxOutputTokens };
  const priced = catalog.price(providerName, request.model, usage);
  return priced ? { ...usage, costNanoUsd: priced.costNanoUsd } : usage;
}

function messageTokens({ content, toolCalls, toolCallId }: Message): number {
  let tokens = Buffer.byteLength(content, 'utf8');
  if (toolCallId !== undefined) tokens += Buffer.byteLength(toolCallId, 'utf8');
  for (const call of toolCalls ?? none)
    tokens += Buffer.byteLength(JSON.stringify(call), 'utf8') + framingTokensPerMessage;
  return tokens + framingTokensPerMessage;
}

/** The brief with what the agent's tools have found: the same input in another form. */
function withFound(brief: Brief, agent: AgentState, foundTexts: FoundTexts): Brief {
  if (brief.kind !== 'answer' || agent.toolCalls.length === 0) return brief;
  const handles = new Set(brief.passages.map(({ handle }) => handle));
  const sources = agent.toolCalls.flatMap((call) => call.end?.sources ?? []);
  const found = foundTexts(sources.filter((source) => !isToolOutput(source)));
  const added = found.filter(({ handle }) => !handles.has(handle) && handles.add(handle));
  return { ...brief, passages: [...brief.passages, ...added] };
}
