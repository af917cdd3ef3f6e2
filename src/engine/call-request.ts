import type { Orchestrator, PassageText } from '../orchestrator/orchestrator.ts';
import type { ModelRequest, ProviderCatalog } from '../provider/model-provider.ts';
import type { Reservation } from '../workflow/event.ts';
import { attemptId } from '../workflow/id.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** Tokens a provider may add around each message (roles, separators). */
const framingTokensPerMessage = 16;
const framingTokensPerRequest = 64;

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
    readonly catalog: ProviderCatalog;
    textsOf(agentId: string): readonly PassageText[];
  },
): PreparedCall {
  const agent = state.agents.get(agentId);
  if (!agent) throw new Error(`workflow ${state.workflowId}: there is no agent ${agentId}`);
  const { messages, brief, jsonSchema } = deps.orchestrator.render(state, agentId, deps.textsOf(agentId));
  const { provider, model } = target;
  const { maxOutputTokens, providerName } = state.options;
  // The run's own models were looked at when it started; what stands in for them may allow less.
  const allowed = provider === providerName ? undefined : deps.catalog.outputLimit?.(provider, model);
  const request: ModelRequest = {
    attemptId: attemptId(state.workflowId, agentId, agent.turns.length, agent.attempt + 1),
    model,
    messages,
    brief,
    maxOutputTokens: Math.min(maxOutputTokens, allowed ?? maxOutputTokens),
    ...(jsonSchema && { jsonSchema }),
  };
  return { request, provider, reserved: reservationOf(request, provider, deps.catalog) };
}

/** An upper bound: a token is at least one byte, and the output maximum is enforced by the provider. */
function reservationOf(request: ModelRequest, providerName: string, catalog: ProviderCatalog): Reservation {
  let inputTokens = framingTokensPerRequest;
  for (const { content } of request.messages)
    inputTokens += Buffer.byteLength(content, 'utf8') + framingTokensPerMessage;
  if (request.jsonSchema) inputTokens += Buffer.byteLength(JSON.stringify(request.jsonSchema.schema), 'utf8');
  const usage = { inputTokens, outputTokens: request.maxOutputTokens };
  const priced = catalog.price(providerName, request.model, usage);
  return priced ? { ...usage, costNanoUsd: priced.costNanoUsd } : usage;
}
