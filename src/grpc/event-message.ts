import type { AgentScheduled__Input } from '../gen/orchestrator/v1/AgentScheduled.ts';
import type { ModelCallEnded__Input } from '../gen/orchestrator/v1/ModelCallEnded.ts';
import type { WorkflowEvent__Input } from '../gen/orchestrator/v1/WorkflowEvent.ts';
import type { WorkflowStarted__Input } from '../gen/orchestrator/v1/WorkflowStarted.ts';
import { agentIdOf, type EventData, type EventOf, type WorkflowEvent } from '../workflow/event.ts';
import { outcomeOfCompletion, outcomeOfFailure } from '../workflow/outcome.ts';
import {
  costFields,
  errorMessage,
  failureMessage,
  optionalCostFields,
  optionalFailure,
  optionalSubtask,
  passageMessage,
  receiptMessage,
  sourceMessage,
  subtaskMessage,
  toolSourceMessage,
} from './part-message.ts';
import { runOptionsMessage } from './run-options.ts';
import { structMessage } from './struct.ts';
import { durationMessage, optionalDuration, optionalTimestamp, timestampMessage } from './timestamp.ts';

/** An entry of the log as clients see it. */
export function eventMessage(event: WorkflowEvent): WorkflowEvent__Input {
  return {
    workflowId: event.workflowId,
    sequence: event.sequence,
    time: timestampMessage(event.time),
    type: event.data.type,
    agentId: agentIdOf(event.data) ?? '',
    progress: event.progress,
    ...dataMember(event.data),
  };
}

/** The one member of the oneof; its name is the event's type in lowerCamelCase. */
function dataMember(data: EventData): WorkflowEvent__Input {
  switch (data.type) {
    case 'workflow_started':
      return { workflowStarted: startedMessage(data) };
    case 'workflow_admitted':
      return { workflowAdmitted: { deadlineTime: timestampMessage(data.deadline) } };
    case 'workflow_recovered':
      return {
        workflowRecovered: {
          previousEpoch: data.previousEpoch,
          callsInterrupted: data.callsInterrupted,
          agentsCompletedKept: data.agentsCompletedKept,
          callsFinishedKept: data.callsFinishedKept,
        },
      };
    case 'plan_started':
      return { planStarted: {} };
    case 'plan_completed':
      return {
        planCompleted: {
          requested: data.requested,
          obtained: data.obtained,
          subtasks: data.subtasks.map(subtaskMessage),
        },
      };
    case 'agent_scheduled':
      return { agentScheduled: scheduledMessage(data) };
    case 'model_call_started':
      return {
        modelCallStarted: {
          turn: data.turn,
          attempt: data.attempt,
          provider: data.provider,
          model: data.model,
          reserved: {
            inputTokens: data.reserved.inputTokens,
            outputTokens: data.reserved.outputTokens,
            ...optionalCostFields(data.reserved.costNanoUsd),
          },
          agentDeadlineTime: optionalTimestamp(data.agentDeadline),
          waitedDuration: optionalDuration(data.waitedMs),
          toolsOffered: data.toolsOffered ?? false,
        },
      };
    case 'model_call_ended':
      return { modelCallEnded: callEndedMessage(data) };
    case 'agent_retrying':
      return {
        agentRetrying: {
          turn: data.turn,
          attempt: data.attempt,
          cause: failureMessage(data.cause),
          delay: durationMessage(data.delayMs),
          retryTime: timestampMessage(data.retryTime),
        },
      };
    case 'tool_call_started':
      return {
        toolCallStarted: {
          turn: data.turn,
          callId: data.callId,
          tool: data.tool,
          arguments: data.arguments,
          idempotent: data.idempotent ?? false,
        },
      };
    case 'tool_call_ended':
      return {
        toolCallEnded: {
          turn: data.turn,
          callId: data.callId,
          result: data.result,
          ...(data.output !== undefined && { output: data.output }),
          failure: optionalFailure(data.failure),
          duration: durationMessage(data.durationMs),
          cause: data.cause ?? '',
          sources: (data.sources ?? []).map(toolSourceMessage),
        },
      };
    case 'agent_completed':
      return {
        agentCompleted: {
          turn: data.turn,
          outputSequence: data.outputSequence,
          citations: data.citations,
          unknownCitations: data.unknownCitations,
          usage: data.usage,
          ...costFields(data.costNanoUsd),
          duration: durationMessage(data.durationMs),
          attempts: data.attempts,
          reusedFrom: data.reusedFrom ?? null,
          outcome: outcomeOfCompletion(data),
        },
      };
    case 'agent_failed':
      return {
        agentFailed: {
          role: data.role,
          subtask: optionalSubtask(data.subtask),
          failure: failureMessage(data.failure),
          attempts: data.attempts,
          duration: durationMessage(data.durationMs),
          outcome: outcomeOfFailure(data.failure),
        },
      };
    case 'synthesis_started':
      return { synthesisStarted: { level: data.level } };
    case 'synthesis_completed':
      return { synthesisCompleted: { level: data.level } };
    case 'document_started':
      return { documentStarted: { format: data.format } };
    case 'document_completed':
      return {
        documentCompleted: {
          format: data.format,
          fileName: data.fileName,
          mediaType: data.mediaType,
          sha256: data.sha256,
          sizeBytes: data.bytes,
          duration: durationMessage(data.durationMs),
        },
      };
    case 'document_failed':
      return { documentFailed: { format: data.format, failure: failureMessage(data.failure) } };
    case 'budget_warning':
      return { budgetWarning: { cap: data.cap, used: data.used, limit: data.limit } };
    case 'limit_reached':
      return { limitReached: { cap: data.cap, used: data.used, limit: data.limit } };
    case 'conclusion_requested':
      return {
        conclusionRequested: {
          reason: data.reason,
          graceDeadlineTime: timestampMessage(data.graceDeadline),
        },
      };
    case 'cancellation_requested':
      return { cancellationRequested: { reason: data.reason ?? '' } };
    case 'workflow_paused':
      return {
        workflowPaused: {
          reason: data.reason ?? '',
          remaining: optionalDuration(data.remainingMs),
          agentRemaining: Object.fromEntries(
            Object.entries(data.agentRemainingMs).map(([agentId, ms]) => [agentId, durationMessage(ms)]),
          ),
          pauseDeadlineTime: timestampMessage(data.pauseDeadline),
        },
      };
    case 'workflow_resumed':
      return { workflowResumed: {} };
    case 'workflow_completed':
      return {
        workflowCompleted: {
          completeness: data.completeness,
          failedAgentIds: data.failedAgentIds,
          finalAgentId: data.finalAgentId ?? '',
          details: data.details ? structMessage(data.details) : null,
        },
      };
    case 'workflow_failed':
      return { workflowFailed: { error: errorMessage(data.error) } };
    case 'workflow_timed_out':
      return {
        workflowTimedOut: {
          limit: data.limit,
          limitDuration: durationMessage(data.limitMs),
          error: errorMessage(data.error),
        },
      };
    case 'workflow_cancelled':
      return { workflowCancelled: { receipt: receiptMessage(data.receipt) } };
  }
}

function startedMessage(data: EventOf<'workflow_started'>): WorkflowStarted__Input {
  return {
    orchestrator: data.orchestrator,
    orchestratorVersion: data.orchestratorVersion,
    task: data.task,
    title: data.title,
    input: structMessage(data.input),
    options: runOptionsMessage(data.options, data.corpus),
    sources: data.sources.map(sourceMessage),
    corpus: data.corpus ?? '',
    requestId: data.requestId ?? '',
    traceparent: data.traceparent ?? '',
    forkedFrom: data.forkedFrom ?? null,
    tenant: data.tenant,
    callerTraceparent: data.callerTraceparent ?? '',
    callerRequestId: data.callerRequestId ?? '',
  };
}

function scheduledMessage(data: EventOf<'agent_scheduled'>): AgentScheduled__Input {
  return {
    role: data.role,
    stage: data.stage.type,
    level: data.stage.type === 'synthesis' ? data.stage.level : '',
    title: data.title,
    subtask: optionalSubtask(data.subtask),
    inputAgentIds: data.inputAgentIds,
    passages: data.passages.map(passageMessage),
    parameters: data.parameters ? structMessage(data.parameters) : null,
    model: data.model,
    timeout: durationMessage(data.timeoutMs),
    inputHash: data.inputHash,
    tools: data.tools ?? [],
  };
}

function callEndedMessage(data: EventOf<'model_call_ended'>): ModelCallEnded__Input {
  return {
    turn: data.turn,
    attempt: data.attempt,
    result: data.result,
    output: data.output
      ? {
          text: data.output.text,
          toolCalls: data.output.toolCalls ?? [],
          finishReason: data.output.finishReason,
        }
      : null,
    failure: optionalFailure(data.failure),
    cause: data.cause ?? '',
    usage: data.usage,
    ...optionalCostFields(data.costNanoUsd),
    assumed: data.assumed,
    duration: durationMessage(data.durationMs),
    priceSource: data.priceSource ?? '',
  };
}
