import type { AgentState, WorkflowState } from '../workflow/state.ts';
import { parametersOf } from './assignment.ts';
import { SourceNumbering, citedContent, citedHandles } from './citation.ts';
import type { Report } from './orchestrator.ts';
import { citationGaps, metadataOf, unfinishedGaps } from './report-part.ts';
import { sourcesOf } from './source-registry.ts';
import { typedAnswer } from './typed-answer.ts';

/** The report of a defined orchestrator: the result, then what every other agent gave, in order. */
export function definedReport(
  state: WorkflowState,
  completeness: number,
  final: AgentState | undefined,
): Report {
  const agents = [...state.agents.values()];
  const completed = agents.filter((agent) => agent.status === 'completed');
  const numbering = new SourceNumbering(sourcesOf(state));
  const text = (agent: AgentState): string => {
    const content = citedContent(agent);
    const { answerSchema } = parametersOf(agent.parameters);
    if (!answerSchema) return numbering.number(content, citedHandles(agent));
    const answer = typedAnswer(content, answerSchema);
    // Written anew, so that no line of it can end the fence.
    return `\`\`\`json\n${JSON.stringify(answer.type === 'value' ? answer.value : content, undefined, 2)}\n\`\`\``;
  };
  const others = completed.filter((agent) => agent !== final);
  return {
    title: state.title,
    metadata: metadataOf(
      state,
      `${(completeness * 100).toFixed(1)} % (${completed.length} of ${agents.length} agents)`,
    ),
    sections: [
      ...(final ? [{ heading: final.title, depth: 2, markdown: text(final) }] : []),
      ...(others.length > 0 ? [{ heading: 'On the way', depth: 2, markdown: '' }] : []),
      ...others.map((agent) => ({
        heading: `${agent.agentId}: ${agent.title}`,
        depth: 3,
        markdown: text(agent),
      })),
    ],
    sources: numbering.sources,
    gaps: [
      ...(state.conclusion ? [`The run was concluded early (${state.conclusion.reason}).`] : []),
      ...unfinishedGaps(agents),
      ...citationGaps(agents),
    ],
  };
}
