import { type AgentState, type WorkflowState } from '../workflow/state.ts';
import { outcomeOf } from '../workflow/outcome.ts';
import { badgeOf } from '../workflow/specialisation.ts';
import { SourceNumbering, citedContent, citedHandles } from './citation.ts';
import { coverageGaps } from './gap-check.ts';
import type { Report, ReportSection } from './orchestrator.ts';
import { citationGaps, metadataOf, oneLine, unfinishedGaps } from './report-part.ts';
import { sourcesOf } from './source-registry.ts';
import { researcherId } from './team-tiers.ts';
import { subtasksOf } from './team-work.ts';

/** What a report needs to know beside the state; the orchestrator's rules say it. */
export interface ReportFacts {
  readonly requested: number;
  /** The requested ones and those that a gap check added. */
  readonly expected: number;
  readonly completeness: number;
  /** Agent whose text comes first; undefined: no synthesis is there. */
  readonly finalAgentId: string | undefined;
}

/**
 * The report of a team: final synthesis, group syntheses, findings; sources numbered across all of it in that
 * order. The same before and after documents are rendered, whatever else happens to the workflow then.
 */
export function teamReport(state: WorkflowState, facts: ReportFacts): Report {
  const agents = [...state.agents.values()];
  const numbering = new SourceNumbering(sourcesOf(state));
  const text = (agent: AgentState): string => numbering.number(citedContent(agent), citedHandles(agent));

  const sections: ReportSection[] = [];
  const final = facts.finalAgentId === undefined ? undefined : state.agents.get(facts.finalAgentId);
  if (final) sections.push({ heading: headingOf(final), depth: 2, markdown: text(final) });
  const groups = answered(agents, 'synthesizer').filter((agent) => agent !== final);
  for (const agent of groups) sections.push({ heading: agent.title, depth: 2, markdown: text(agent) });
  const findings = answered(agents, 'researcher');
  const unsynthesised = new Set(unsynthesisedGroups(agents).flatMap((agent) => agent.inputAgentIds));
  if (findings.length > 0) sections.push({ heading: 'Findings', depth: 2, markdown: '' });
  for (const agent of findings) {
    const mark = unsynthesised.has(agent.agentId) ? ' (unsynthesised)' : '';
    const badge = badgeOf(agent.subtask?.type);
    const type = badge ? `${badge.icon} ${badge.label}: ` : '';
    const heading = `${agent.agentId}: ${type}${agent.title}${mark}`;
    const question = agent.subtask ? `> ${oneLine(agent.subtask.question)}\n\n` : '';
    sections.push({ heading, depth: 3, markdown: question + text(agent) });
  }
  return {
    title: state.title,
    metadata: metadataOf(
      state,
      `${(facts.completeness * 100).toFixed(1)} % (${findings.length} of ${facts.expected} agents)`,
    ),
    sections,
    sources: numbering.sources,
    gaps: gapsOf(state, agents, facts),
  };
}

const answered = (agents: readonly AgentState[], role: AgentState['role']): readonly AgentState[] =>
  agents.filter((agent) => agent.role === role && outcomeOf(agent) === 'answered');

const unsynthesisedGroups = (agents: readonly AgentState[]): readonly AgentState[] =>
  agents.filter((agent) => agent.role === 'synthesizer' && agent.status === 'failed');

const headingOf = (final: AgentState): string =>
  final.role === 'executive' ? 'Executive synthesis' : 'Synthesis';

function gapsOf(state: WorkflowState, agents: readonly AgentState[], facts: ReportFacts): readonly string[] {
  const gaps: string[] = [];
  if (facts.finalAgentId === undefined)
    gaps.push('There is no synthesis; the parts stand as they were found.');
  if (state.conclusion) gaps.push(`The run was concluded early (${state.conclusion.reason}).`);
  const { plan } = state;
  if (plan && plan.subtasks.length < facts.requested) {
    gaps.push(`The plan holds ${plan.subtasks.length} of ${facts.requested} requested subtasks.`);
  }
  for (const [index, subtask] of subtasksOf(state).entries()) {
    if (!state.agents.has(researcherId(index))) {
      gaps.push(`${researcherId(index)} (${subtask.title}) was not started.`);
    }
  }
  gaps.push(...coverageGaps(state), ...unfinishedGaps(agents));
  for (const group of unsynthesisedGroups(agents)) {
    gaps.push(
      `The findings of ${group.inputAgentIds.join(', ')} are unsynthesised because ${group.agentId} failed.`,
    );
  }
  gaps.push(...citationGaps(agents));
  return gaps;
}
