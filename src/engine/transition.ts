import type { AbortCause, EventOf, Receipt } from '../workflow/event.ts';
import { clip, failure, type Failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { isActive, type OpenCall, type WorkflowState } from '../workflow/state.ts';
import type { Draft } from './draft.ts';

// Moves of a workflow that do not follow from its orchestrator's rules: how it is admitted, held, taken over and ended.

/** Ends the workflow as failed, whatever is under way. */
export function failWorkflow(draft: Draft, type: string, message: string): void {
  stopOpenCalls(draft, 'ended');
  draft.add({ type: 'workflow_failed', error: { type, message: clip(message, limits.errorCharsMax) } });
}

export function timeOut(draft: Draft, deadline: number): void {
  const { options } = draft.state;
  stopOpenCalls(draft, 'deadline');
  draft.add({
    type: 'workflow_timed_out',
    limit: 'workflow_timeout',
    limitMs: options.workflowTimeoutMs,
    error: {
      type: 'workflow_timeout',
      message: `the workflow did not end within its limit workflow_timeout of ${options.workflowTimeoutMs / 1000} s (deadline ${new Date(deadline).toISOString()})`,
    },
  });
}

/** Ends a workflow whose pause nobody has ended in time. Level: whatever brought the batch about, it is looked at. */
export function timeOutPaused(draft: Draft): void {
  const { status, pause: held } = draft.state;
  if (status !== 'paused' || !held || held.pauseDeadline > draft.time) return;
  stopOpenCalls(draft, 'deadline');
  draft.add({
    type: 'workflow_timed_out',
    limit: 'paused',
    limitMs: limits.pausedMsMax,
    error: {
      type: 'pause_limit',
      message: `the workflow stayed paused longer than the pause limit of ${limits.pausedMsMax / 86_400_000} days`,
    },
  });
}

/** The end of a call that nobody waits for any more; charged in full, for the provider may bill it. */
export function stoppedCall(
  agentId: string,
  call: OpenCall,
  cause: AbortCause,
  reason: Failure,
  now: number,
): EventOf<'model_call_ended'> {
  return {
    type: 'model_call_ended',
    agentId,
    turn: call.turn,
    attempt: call.attempt,
    result: cause === 'crash' ? 'unknown' : 'aborted',
    failure: reason,
    cause,
    usage: { inputTokens: call.reserved.inputTokens, outputTokens: call.reserved.outputTokens },
    ...(call.reserved.costNanoUsd !== undefined && { costNanoUsd: call.reserved.costNanoUsd }),
    assumed: true,
    durationMs: Math.max(0, now - call.startTime),
  };
}

export function stopOpenCalls(draft: Draft, cause: AbortCause): void {
  const reason = failure(cause === 'deadline' ? 'deadline' : 'aborted', 'the workflow has ended');
  for (const agent of draft.state.agents.values()) {
    if (agent.openCall) draft.add(stoppedCall(agent.agentId, agent.openCall, cause, reason, draft.time));
  }
}

/** Takes a workflow over from a process that died: its open calls are over, what became of them is unknown. */
export function recover(draft: Draft): void {
  const open = [...draft.state.agents.values()].filter((agent) => agent.openCall);
  if (draft.state.status !== 'running' && open.length === 0) return;
  draft.add({
    type: 'workflow_recovered',
    previousEpoch: draft.state.epoch,
    callsInterrupted: open.length,
    agentsCompletedKept: [...draft.state.agents.values()].filter((agent) => agent.status === 'completed')
      .length,
    callsFinishedKept: draft.state.callsFinished,
  });
  const lost = failure(
    'crash',
    'the process ended during this call; whether the provider answered is unknown',
    true,
  );
  for (const agent of open) {
    if (agent.openCall) draft.add(stoppedCall(agent.agentId, agent.openCall, 'crash', lost, draft.time));
  }
}

export function admit(draft: Draft): void {
  const { remainingMs, options } = draft.state;
  draft.add({ type: 'workflow_admitted', deadline: draft.time + (remainingMs ?? options.workflowTimeoutMs) });
}

/** `waitedMs`: how long an agent has been waiting for a rate limit or a breaker; that is not its own time. */
export function pause(draft: Draft, reason: string | undefined, waitedMs: (agentId: string) => number): void {
  const { state, time } = draft;
  const agentRemainingMs: Record<string, number> = {};
  for (const agent of state.agents.values()) {
    if (state.status === 'running' && isActive(agent) && agent.deadline !== undefined) {
      const leftMs = agent.deadline + waitedMs(agent.agentId) - time;
      agentRemainingMs[agent.agentId] = Math.max(0, leftMs);
    }
  }
  draft.add({
    type: 'workflow_paused',
    ...(reason !== undefined && { reason }),
    ...(state.deadline !== undefined && { remainingMs: Math.max(0, state.deadline - time) }),
    agentRemainingMs,
    pauseDeadline: time + limits.pausedMsMax,
  });
}

/**
 * Ends a workflow that is being cancelled, as soon as no call is open or at the latest when quiescence is overdue.
 */
export function closeCancelled(draft: Draft, callIds: (agentId: string, call: OpenCall) => string): void {
  const { state, time } = draft;
  if (state.status !== 'cancelling' || !state.cancellation) return;
  const open = [...state.agents.values()].filter((agent) => agent.openCall);
  const overdue = time >= state.cancellation.requestTime + limits.cancelQuiescenceMs;
  if (open.length > 0 && !overdue) return;
  const ignoredAbort: string[] = [];
  for (const agent of open) {
    if (!agent.openCall) continue;
    ignoredAbort.push(callIds(agent.agentId, agent.openCall));
    const reason = failure(
      'aborted',
      `the call had not ended ${limits.cancelQuiescenceMs} ms after its abort`,
    );
    draft.add(stoppedCall(agent.agentId, agent.openCall, 'cancel', reason, time));
  }
  draft.add({
    type: 'workflow_cancelled',
    receipt: receiptOf(draft.state, ignoredAbort, time - state.cancellation.requestTime),
  });
}

function receiptOf(state: WorkflowState, ignoredAbort: string[], quiescenceMs: number): Receipt {
  const { ledger } = state;
  return {
    callsAborted: state.callsAborted,
    callsUnknown: state.callsUnknown,
    callsFinished: state.callsFinished,
    ignoredAbort,
    inputTokens: ledger.spentInputTokens,
    outputTokens: ledger.spentOutputTokens,
    costNanoUsd: ledger.spentNanoUsd,
    assumedCostNanoUsd: ledger.assumedNanoUsd,
    unpricedCalls: ledger.unpricedCalls,
    quiescenceMs,
  };
}
