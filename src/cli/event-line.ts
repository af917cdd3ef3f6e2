import { millisecondsOf } from '../client/time-message.ts';
import type { Failure__Output } from '../gen/orchestrator/v1/Failure.ts';
import type { WorkflowEvent__Output } from '../gen/orchestrator/v1/WorkflowEvent.ts';
import { bytesText, costText, countText, durationText, timeText, tokensOf } from './amount.ts';
import { clipLine, printableLine } from './printable-text.ts';
import { receiptCalls, receiptCost } from './receipt-text.ts';

const detailColumnsMax = 160;

/** One event on one line: `2026-01-02 03:04:05Z  #12  40 %  researcher/3  agent_completed  1.2s, 1,234 tokens, $0.0012`. */
export function eventLine(event: WorkflowEvent__Output): string {
  const detail = clipLine(printableLine(detailOf(event)), detailColumnsMax);
  return [
    timeText(event.time),
    `#${event.sequence}`,
    `${Math.floor(event.progress)} %`,
    printableLine(event.agentId),
    printableLine(event.type),
    detail,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

function failureText(failure: Failure__Output | null | undefined): string {
  return failure ? `${failure.code}: ${failure.message}` : '';
}

function listed(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

function tookText(duration: Parameters<typeof millisecondsOf>[0]): string | undefined {
  const ms = millisecondsOf(duration);
  return ms === undefined ? undefined : durationText(ms);
}

/** What the line says beyond the type; empty for an event that says it all by its name, or that is not known yet. */
function detailOf(event: WorkflowEvent__Output): string {
  switch (event.data) {
    case 'workflowStarted':
      return event.workflowStarted?.title ?? '';
    case 'workflowAdmitted':
      return `deadline ${timeText(event.workflowAdmitted?.deadlineTime)}`;
    case 'workflowRecovered': {
      const { callsInterrupted = 0, callsFinishedKept = 0 } = event.workflowRecovered ?? {};
      return `${callsFinishedKept} finished calls kept, ${callsInterrupted} interrupted`;
    }
    case 'planCompleted': {
      const { requested = 0, subtasks = [] } = event.planCompleted ?? {};
      return `${subtasks.length} of ${requested}: ${subtasks.map(({ title }) => title).join('; ')}`;
    }
    case 'agentScheduled': {
      const { title, subtask, model } = event.agentScheduled ?? {};
      return listed(subtask?.title ?? title, model);
    }
    case 'modelCallStarted': {
      const { attempt, provider, model } = event.modelCallStarted ?? {};
      return listed(`attempt ${attempt}`, `${provider}/${model}`);
    }
    case 'modelCallEnded': {
      const ended = event.modelCallEnded;
      if (!ended) return '';
      const price = ended.costUsd === undefined ? 'unpriced' : costText(ended.costUsd);
      // No usage came: what was held for the call is charged.
      const cost = ended.assumed ? `${price} assumed` : price;
      const tokens = `${countText(tokensOf(ended.usage))} tokens`;
      return listed(ended.result, tookText(ended.duration), tokens, cost, failureText(ended.failure));
    }
    case 'agentRetrying': {
      const { attempt, delay, cause } = event.agentRetrying ?? {};
      return listed(`attempt ${attempt} in ${tookText(delay) ?? 'a moment'}`, failureText(cause));
    }
    case 'toolCallStarted':
      return listed(event.toolCallStarted?.tool, event.toolCallStarted?.arguments);
    case 'toolCallEnded': {
      const { result, duration, failure } = event.toolCallEnded ?? {};
      return listed(result, tookText(duration), failureText(failure));
    }
    case 'agentCompleted': {
      const completed = event.agentCompleted;
      if (!completed) return '';
      const tokens = `${countText(tokensOf(completed.usage))} tokens`;
      return listed(tookText(completed.duration), tokens, costText(completed.costUsd));
    }
    case 'agentFailed': {
      const { failure, attempts } = event.agentFailed ?? {};
      return listed(`after ${attempts} attempts`, failureText(failure));
    }
    case 'synthesisStarted':
      return event.synthesisStarted?.level ?? '';
    case 'synthesisCompleted':
      return event.synthesisCompleted?.level ?? '';
    case 'documentStarted':
      return event.documentStarted?.format ?? '';
    case 'documentCompleted': {
      const { format, fileName, sizeBytes } = event.documentCompleted ?? {};
      return listed(format, fileName, bytesText(Number(sizeBytes)));
    }
    case 'documentFailed':
      return listed(event.documentFailed?.format, failureText(event.documentFailed?.failure));
    case 'budgetWarning': {
      const { cap, used, limit } = event.budgetWarning ?? {};
      return `${cap}: ${countText(used ?? 0)} of ${countText(limit ?? 0)} used or held`;
    }
    case 'limitReached': {
      const { cap, used, limit } = event.limitReached ?? {};
      return `${cap}: ${countText(used ?? 0)} of ${countText(limit ?? 0)} used`;
    }
    case 'conclusionRequested':
      return event.conclusionRequested?.reason ?? '';
    case 'cancellationRequested':
      return event.cancellationRequested?.reason ?? '';
    case 'workflowPaused':
      return event.workflowPaused?.reason ?? '';
    case 'workflowCompleted': {
      const { completeness = 0, failedAgentIds = [] } = event.workflowCompleted ?? {};
      const failed = failedAgentIds.length > 0 ? `failed: ${failedAgentIds.join(' ')}` : undefined;
      return listed(`completeness ${Math.round(completeness * 100)} %`, failed);
    }
    case 'workflowFailed':
      return errorText(event.workflowFailed?.error);
    case 'workflowTimedOut':
      return errorText(event.workflowTimedOut?.error);
    case 'workflowCancelled': {
      const receipt = event.workflowCancelled?.receipt;
      return receipt ? listed(receiptCalls(receipt), receiptCost(receipt)) : '';
    }
    case 'planStarted':
    case 'workflowResumed':
    case undefined:
      break;
  }
  return '';
}

function errorText(error: { readonly type: string; readonly message: string } | null | undefined): string {
  return error ? `${error.type}: ${error.message}` : '';
}
