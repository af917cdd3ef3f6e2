import type { Document__Input } from '../gen/orchestrator/v1/Document.ts';
import type { Failure__Input } from '../gen/orchestrator/v1/Failure.ts';
import type { Receipt__Input } from '../gen/orchestrator/v1/Receipt.ts';
import type { SourceDocument__Input } from '../gen/orchestrator/v1/SourceDocument.ts';
import type { Subtask__Input } from '../gen/orchestrator/v1/Subtask.ts';
import type { WorkflowError__Input } from '../gen/orchestrator/v1/WorkflowError.ts';
import type { Passage__Input } from '../gen/orchestrator/v1/Passage.ts';
import type { ToolSource__Input } from '../gen/orchestrator/v1/ToolSource.ts';
import type {
  DocumentRef,
  PassageRef,
  Receipt,
  Subtask,
  ToolSourceRef,
  WorkflowError,
} from '../workflow/event.ts';
import type { Failure } from '../workflow/failure.ts';
import { usdOf } from '../workflow/ledger.ts';
import type { DocumentState } from '../workflow/state.ts';
import { durationMessage, optionalDuration } from './timestamp.ts';

// Messages that workflows, events and results have in common.

/** A cost that is known. */
export function costFields(nanoUsd: number): { costNanoUsd: number; costUsd: number } {
  return { costNanoUsd: nanoUsd, costUsd: usdOf(nanoUsd) };
}

/** A cost that may be unknown: unset then, never 0. */
export function optionalCostFields(nanoUsd: number | undefined): { costNanoUsd?: number; costUsd?: number } {
  return nanoUsd === undefined ? {} : costFields(nanoUsd);
}

export function failureMessage(failure: Failure): Failure__Input {
  return {
    code: failure.code,
    message: failure.message,
    retryable: failure.retryable,
    retryAfter: optionalDuration(failure.retryAfterMs),
  };
}

export function optionalFailure(failure: Failure | undefined): Failure__Input | null {
  return failure ? failureMessage(failure) : null;
}

export function errorMessage(error: WorkflowError): WorkflowError__Input {
  return { type: error.type, message: error.message };
}

export function subtaskMessage(subtask: Subtask): Subtask__Input {
  return { title: subtask.title, question: subtask.question, type: subtask.type ?? '' };
}

export function optionalSubtask(subtask: Subtask | undefined): Subtask__Input | null {
  return subtask ? subtaskMessage(subtask) : null;
}

export function sourceMessage(source: DocumentRef): SourceDocument__Input {
  return { name: source.name, sha256: source.sha256, sizeBytes: source.bytes };
}

export function passageMessage(passage: PassageRef): Passage__Input {
  return {
    handle: passage.handle,
    documentName: passage.documentName,
    sha256: passage.sha256,
    start: passage.start,
    end: passage.end,
  };
}

export function toolSourceMessage(source: ToolSourceRef): ToolSource__Input {
  return { passage: passageMessage(source), url: source.url ?? '', title: source.title ?? '' };
}

export function receiptMessage(receipt: Receipt): Receipt__Input {
  return {
    callsAborted: receipt.callsAborted,
    callsUnknown: receipt.callsUnknown,
    callsFinished: receipt.callsFinished,
    ignoredAbort: receipt.ignoredAbort,
    usage: { inputTokens: receipt.inputTokens, outputTokens: receipt.outputTokens },
    ...costFields(receipt.costNanoUsd),
    assumedCostNanoUsd: receipt.assumedCostNanoUsd,
    assumedCostUsd: usdOf(receipt.assumedCostNanoUsd),
    unpricedCalls: receipt.unpricedCalls,
    quiescence: durationMessage(receipt.quiescenceMs),
  };
}

export function documentMessage(document: DocumentState): Document__Input {
  const { completed } = document;
  return {
    format: document.format,
    state: ({ started: 'STATE_STARTED', completed: 'STATE_COMPLETED', failed: 'STATE_FAILED' } as const)[
      document.status
    ],
    fileName: completed?.fileName ?? '',
    mediaType: completed?.mediaType ?? '',
    sha256: completed?.sha256 ?? '',
    sizeBytes: completed?.bytes ?? 0,
    failure: optionalFailure(document.failure),
  };
}
