import { usdOf, type Ledger } from '../workflow/ledger.ts';
import type { AgentState, WorkflowState } from '../workflow/state.ts';
import { SourceNumbering, citedContent } from './citation.ts';
import type { Report, ReportSection } from './orchestrator.ts';
import { researcherId } from './research-tiers.ts';

/** What a report needs to know beside the state; the orchestrator's rules say it. */
export interface ReportFacts {
  readonly requested: number;
  readonly completeness: number;
  /** Agent whose text comes first; undefined: no synthesis is there. */
  readonly finalAgentId: string | undefined;
}

/**
 * The report of a research run: final synthesis, group syntheses, findings; sources numbered across all of it in that
 * order. The same before and after documents are rendered, whatever else happens to the workflow then.
 */
export function researchReport(state: WorkflowState, facts: ReportFacts): Report {
  const agents = [...state.agents.values()];
  const numbering = new SourceNumbering(agents.flatMap((agent) => agent.passages));
  const text = (agent: AgentState): string =>
    numbering.number(citedContent(agent), new Set(agent.completion?.citations ?? []));

  const sections: ReportSection[] = [];
  const final = facts.finalAgentId === undefined ? undefined : state.agents.get(facts.finalAgentId);
  if (final) sections.push({ heading: headingOf(final), depth: 2, markdown: text(final) });
  const groups = completed(agents, 'synthesizer').filter((agent) => agent !== final);
  for (const agent of groups) sections.push({ heading: agent.title, depth: 2, markdown: text(agent) });
  const findings = completed(agents, 'researcher');
  const unsynthesised = new Set(unsynthesisedGroups(agents).flatMap((agent) => agent.inputAgentIds));
  if (findings.length > 0) sections.push({ heading: 'Findings', depth: 2, markdown: '' });
  for (const agent of findings) {
    const mark = unsynthesised.has(agent.agentId) ? ' (unsynthesised)' : '';
    const heading = `${agent.agentId}: ${agent.title}${mark}`;
    const question = agent.subtask ? `> ${oneLine(agent.subtask.question)}\n\n` : '';
    sections.push({ heading, depth: 3, markdown: question + text(agent) });
  }
  return {
    title: state.title,
    metadata: metadataOf(state, agents, facts, findings.length),
    sections,
    sources: numbering.sources,
    gaps: gapsOf(state, agents, facts),
  };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

const completed = (agents: readonly AgentState[], role: AgentState['role']): readonly AgentState[] =>
  agents.filter((agent) => agent.role === role && agent.status === 'completed');

const unsynthesisedGroups = (agents: readonly AgentState[]): readonly AgentState[] =>
  agents.filter((agent) => agent.role === 'synthesizer' && agent.status === 'failed');

const headingOf = (final: AgentState): string =>
  final.role === 'executive' ? 'Executive synthesis' : 'Synthesis';

function metadataOf(
  state: WorkflowState,
  agents: readonly AgentState[],
  facts: ReportFacts,
  succeeded: number,
): readonly (readonly [string, string])[] {
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
    [
      'Completeness',
      `${(facts.completeness * 100).toFixed(1)} % (${succeeded} of ${facts.requested} agents)`,
    ],
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

function gapsOf(state: WorkflowState, agents: readonly AgentState[], facts: ReportFacts): readonly string[] {
  const gaps: string[] = [];
  if (facts.finalAgentId === undefined)
    gaps.push('There is no synthesis; the parts stand as they were found.');
  if (state.conclusion) gaps.push(`The run was concluded early (${state.conclusion.reason}).`);
  const { plan } = state;
  if (plan && plan.subtasks.length < facts.requested) {
    gaps.push(`The plan holds ${plan.subtasks.length} of ${facts.requested} requested subtasks.`);
  }
  for (const [index, subtask] of (plan?.subtasks ?? []).entries()) {
    if (!state.agents.has(researcherId(index))) {
      gaps.push(`${researcherId(index)} (${subtask.title}) was not started.`);
    }
  }
  for (const agent of agents) {
    const name = `${agent.agentId} (${agent.title})`;
    if (agent.status === 'failed') {
      gaps.push(
        `${name} failed: ${agent.failure?.code ?? 'internal'}: ${oneLine(agent.failure?.message ?? '')}`,
      );
    } else if (agent.status !== 'completed') {
      gaps.push(`${name} did not finish.`);
    }
  }
  for (const group of unsynthesisedGroups(agents)) {
    gaps.push(
      `The findings of ${group.inputAgentIds.join(', ')} are unsynthesised because ${group.agentId} failed.`,
    );
  }
  for (const agent of agents) {
    const removed = agent.completion?.unknownCitations ?? [];
    if (removed.length > 0) {
      const handles = removed.map((handle) => `[${handle}]`).join(', ');
      gaps.push(`${agent.agentId} cited ${handles}, which no source of its material has; removed.`);
    }
  }
  return gaps;
}
