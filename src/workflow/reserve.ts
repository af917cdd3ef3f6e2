import type { Caps } from './ledger.ts';
import { limits } from './limits.ts';
import type { AgentState, WorkflowState } from './state.ts';

// What a workflow with `on_limit: conclude` keeps back for the report: whoever is not to write it stops before that.

/** Set aside at the start; recorded, so that a later build keeps to it. */
export interface Reserve {
  readonly costNanoUsd?: number | undefined;
  readonly tokens?: number | undefined;
  readonly timeMs: number;
}

/** A share of every limit, the time never more than one synthesis may take. */
export function reserveOf(caps: Caps, workflowTimeoutMs: number, synthesisTimeoutMs: number): Reserve {
  const share = (limit: number): number => Math.floor(limit * limits.concludeReserveShare);
  return {
    ...(caps.maxCostNanoUsd !== undefined && { costNanoUsd: share(caps.maxCostNanoUsd) }),
    ...(caps.maxTokens !== undefined && { tokens: share(caps.maxTokens) }),
    timeMs: Math.min(share(workflowTimeoutMs), synthesisTimeoutMs),
  };
}

/** Whether an agent may use the reserve: the report's authors may, and every synthesizer once the workflow concludes. */
export function mayUseReserve(state: WorkflowState, agent: AgentState): boolean {
  const { stage } = agent;
  return stage.type === 'synthesis' && (stage.level !== 'group' || state.conclusion !== undefined);
}

/** The caps an agent's next call has to keep to. */
export function capsFor(state: WorkflowState, agent: AgentState): Caps {
  const { maxCostNanoUsd, maxTokens, reserve } = state.options;
  if (!reserve || mayUseReserve(state, agent)) return { maxCostNanoUsd, maxTokens };
  return {
    maxCostNanoUsd: maxCostNanoUsd === undefined ? undefined : maxCostNanoUsd - (reserve.costNanoUsd ?? 0),
    maxTokens: maxTokens === undefined ? undefined : maxTokens - (reserve.tokens ?? 0),
  };
}

/** When a running workflow that is to conclude rather than time out begins to; undefined: it never does. */
export function concludeTime({ options, deadline, conclusion }: WorkflowState): number | undefined {
  if (!options.reserve || deadline === undefined || conclusion) return undefined;
  return deadline - options.reserve.timeMs;
}

/** When an agent that writes the report has to stop, so that what there is can still be put together; undefined: never. */
export function latestEnd({ options, deadline }: WorkflowState, { stage }: AgentState): number | undefined {
  if (!options.reserve || deadline === undefined || stage.type !== 'synthesis') return undefined;
  return deadline - Math.min(limits.concludeAssemblyMs, Math.floor(options.reserve.timeMs / 4));
}
