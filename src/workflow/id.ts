/** `<orchestrator>_<12 lower-case hex>`, for example `research_0a1b2c3d4e5f`. */
export const workflowIdPattern = /^[a-z][a-z_]*_[a-f0-9]{12}$/;

/** Tenant of every key until there is authentication. */
export const defaultTenant = 'default';

/** Where a workflow's log lives. */
export interface WorkflowKey {
  readonly tenant: string;
  readonly workflowId: string;
}

/** One string for maps and caches; the separator cannot occur in either part. */
export function keyText(key: WorkflowKey): string {
  return `${key.tenant}/${key.workflowId}`;
}

/** Names one provider request for ever: the log and the provider's own ledger can be matched by it. */
export function attemptId(workflowId: string, agentId: string, turn: number, attempt: number): string {
  return `${workflowId}/${agentId}/${turn}/${attempt}`;
}

/** Names one tool call for ever, however often a crash makes it start. */
export function toolCallId(call: {
  readonly workflowId: string;
  readonly agentId: string;
  readonly turn: number;
  readonly callId: string;
}): string {
  return `${call.workflowId}/${call.agentId}/${call.turn}/tool/${call.callId}`;
}
