// Attribute names of the OpenTelemetry GenAI conventions as of semantic-conventions v1.41.0 (status: Development).
// They are not stable: a rename there is a change of this file and nothing else.

export const genAi = {
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  workflowName: 'gen_ai.workflow.name',
  agentId: 'gen_ai.agent.id',
  agentName: 'gen_ai.agent.name',
  requestModel: 'gen_ai.request.model',
  requestMaxTokens: 'gen_ai.request.max_tokens',
  responseFinishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
} as const;

export const genAiOperation = {
  invokeWorkflow: 'invoke_workflow',
  invokeAgent: 'invoke_agent',
  chat: 'chat',
  executeTool: 'execute_tool',
} as const;

/** Names the conventions give to providers; a name of ours that is not here is used as it is. */
const providerNames: Readonly<Record<string, string>> = {
  xai: 'x_ai',
  mistral: 'mistral_ai',
  gemini: 'gcp.gemini',
};

export function genAiProviderName(provider: string): string {
  return providerNames[provider] ?? provider;
}

/** General conventions. */
export const general = {
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
} as const;

/** What no convention names. */
export const own = {
  workflowId: 'orchestrator.workflow.id',
  requestId: 'orchestrator.request.id',
  status: 'orchestrator.workflow.status',
  recovered: 'orchestrator.workflow.recovered',
  costUsd: 'orchestrator.cost_usd',
  unpricedCalls: 'orchestrator.unpriced_calls',
  turn: 'orchestrator.turn',
  attempt: 'orchestrator.attempt',
  result: 'orchestrator.result',
  cause: 'orchestrator.cause',
  assumed: 'orchestrator.usage_assumed',
  documentFormat: 'orchestrator.document.format',
} as const;
