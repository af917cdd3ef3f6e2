import { usdOf, type Ledger } from '../workflow/ledger.ts';
import { abstentionReason, outcomeOf } from '../workflow/outcome.ts';
import type { AgentState, WorkflowState } from '../workflow/state.ts';

// Parts that the reports of all orchestrators have.

export const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

/** What stands above a report; `completeness` in words. */
export function metadataOf(
  state: WorkflowState,
  completeness: string,
): readonly (readonly [string, string])[] {
  const agents = [...state.agents.values()];
  const started = state.startTime ?? state.createTime;
  // Not the last event's time: documents must not differ because another one was rendered before.
  const ended = Math.max(started, ...agents.map((agent) => agent.endTime ?? 0));
  const { ledger } = state;
  // Who answered, not who was asked for: another provider may have stood in.
  const turns = agents.flatMap((agent) => agent.turns);
  const providers = new Set(turns.map(({ provider }) => provider));
  const models = new Set(turns.map(({ model }) => model));
  return [
    ['Workflow', state.workflowId],
    ['Started', isoTime(started)],
    ['Finished', isoTime(ended)],
    ['Duration', `${((ended - started) / 1000).toFixed(1)} s`],
    ['Provider', [...providers].join(', ') || state.options.providerName],
    ['Models', [...models].join(', ')],
    ['Completeness', completeness],
    ['Tokens', `${ledger.spentInputTokens} in, ${ledger.spentOutputTokens} out`],
    ['Cost', costText(ledger)],
  ];
}

const isoTime = (time: number): string => new Date(time).toISOString();

function costText(ledger: Ledger): string {
  const parts: string[] = [];
  if (ledger.spentNanoUsd > 0 || ledger.unpricedCalls === 0) parts.push(`${usd(ledger.spentNanoUsd)} USD`);
  if (ledger.assumedNanoUsd > 0) parts.push(`of it ${usd(ledger.assumedNanoUsd)} USD assumed`);
  if (ledger.unpricedCalls > 0) {
    parts.push(`unknown price for ${ledger.unpricedCalls} ${ledger.unpricedCalls === 1 ? 'call' : 'calls'}`);
  }
  return parts.join(', ');
}

/** At least cents, at most millionths. */
const usd = (nanoUsd: number): string =>
  usdOf(nanoUsd)
    .toFixed(6)
    .replace(/0{1,4}$/u, '');

/** Agents that failed, abstained or did not finish, one sentence each. */
export function unfinishedGaps(agents: readonly AgentState[]): readonly string[] {
  return agents.flatMap((agent) => {
    const name = `${agent.agentId} (${agent.title})`;
    if (agent.status === 'failed') {
      return [
        `${name} failed: ${agent.failure?.code ?? 'internal'}: ${oneLine(agent.failure?.message ?? '')}`,
      ];
    }
    if (outcomeOf(agent) === 'abstained')
      return [`${name} could not find out: ${oneLine(abstentionReason(agent))}`];
    return agent.status === 'completed' ? [] : [`${name} did not finish.`];
  });
}

/** Citations that were removed because no source carries them, one sentence an agent. */
export function citationGaps(agents: readonly AgentState[]): readonly string[] {
  return agents.flatMap((agent) => {
    const removed = agent.completion?.unknownCitations ?? [];
    if (removed.length === 0) return [];
    const handles = removed.map((handle) => `[${handle}]`).join(', ');
    return [`${agent.agentId} cited ${handles}, which no source of its material has; removed.`];
  });
}
