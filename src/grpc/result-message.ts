import type { AgentResult__Input } from '../gen/orchestrator/v1/AgentResult.ts';
import type { NumberedSource__Input } from '../gen/orchestrator/v1/NumberedSource.ts';
import type { WorkflowResult__Input } from '../gen/orchestrator/v1/WorkflowResult.ts';
import type { Application } from '../engine/application.ts';
import { limits } from '../workflow/limits.ts';
import { outcomeOf, outcomeOfFailure } from '../workflow/outcome.ts';
import { type AgentState, contentOf, type WorkflowState } from '../workflow/state.ts';
import {
  costFields,
  documentMessage,
  errorMessage,
  failureMessage,
  optionalSubtask,
  passageMessage,
} from './part-message.ts';
import { structMessage } from './struct.ts';
import { durationMessage } from './timestamp.ts';
import { stateNames } from './workflow-message.ts';

/** A report as data, as the orchestrators give it. */
export type Report = ReturnType<ReturnType<Application['orchestrators']>[number]['report']>;

/**
 * What a workflow that has ended leaves behind. Contents are taken while they fit in `limits.resultBytesMax`, the
 * final one first; the others are left out and marked, so that the reply stays below what clients accept.
 */
export function resultMessage(state: WorkflowState, report: Report | undefined): WorkflowResult__Input {
  const budget = new ContentBudget(limits.resultBytesMax);
  const finalAgentId = state.completion?.finalAgentId;
  const finalAgent = finalAgentId === undefined ? undefined : state.agents.get(finalAgentId);
  const final = budget.take(finalAgent && contentOf(finalAgent));
  const agents = [...state.agents.values()];
  return {
    workflowId: state.workflowId,
    state: stateNames[state.status],
    title: state.title,
    content: final.content,
    contentOmitted: final.contentOmitted,
    finalAgentId: finalAgentId ?? '',
    agentResults: agents
      .filter((agent) => agent.status === 'completed' && agent.stage.type !== 'plan')
      .map((agent) => agentResult(agent, budget)),
    failedAgents: agents.flatMap((agent) =>
      agent.failure
        ? [
            {
              agentId: agent.agentId,
              role: agent.role,
              title: agent.title,
              failure: failureMessage(agent.failure),
              attempts: agent.attempts,
              outcome: outcomeOfFailure(agent.failure),
            },
          ]
        : [],
    ),
    sources: (report?.sources ?? []).map(
      (source): NumberedSource__Input => ({
        number: source.number,
        passage: passageMessage(source),
        handles: [...source.handles],
        url: source.url ?? '',
        title: source.title ?? '',
      }),
    ),
    gaps: [...(report?.gaps ?? [])],
    ...(state.completion && { completeness: state.completion.completeness }),
    details: state.completion?.details ? structMessage(state.completion.details) : null,
    error: state.error ? errorMessage(state.error) : null,
    usage: { inputTokens: state.ledger.spentInputTokens, outputTokens: state.ledger.spentOutputTokens },
    ...costFields(state.ledger.spentNanoUsd),
    unpricedCalls: state.ledger.unpricedCalls,
    duration:
      state.startTime === undefined || state.endTime === undefined
        ? null
        : durationMessage(state.endTime - state.startTime),
    documents: [...state.documents.values()].map(documentMessage),
  };
}

function agentResult(agent: AgentState, budget: ContentBudget): AgentResult__Input {
  return {
    agentId: agent.agentId,
    role: agent.role,
    title: agent.title,
    subtask: optionalSubtask(agent.subtask),
    ...budget.take(contentOf(agent)),
    outputSequence: agent.completion?.outputSequence ?? 0,
    citations: agent.completion?.citations ?? [],
    outcome: outcomeOf(agent) ?? '',
  };
}

class ContentBudget {
  #bytesLeft: number;

  constructor(bytes: number) {
    this.#bytesLeft = bytes;
  }

  take(content: string | undefined): { content: string; contentOmitted: boolean } {
    if (content === undefined) return { content: '', contentOmitted: false };
    const bytes = Buffer.byteLength(content);
    if (bytes > this.#bytesLeft) return { content: '', contentOmitted: true };
    this.#bytesLeft -= bytes;
    return { content, contentOmitted: false };
  }
}
