import { agentIdOf, type WorkflowEvent } from '../workflow/event.ts';
import { usdOf } from '../workflow/ledger.ts';
import type { LogFields, Logger } from '../workflow/logger.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { CommitObserver } from './commit-observer.ts';
import { parseTraceparent } from './open-span.ts';

/**
 * Writes a line for every step of a workflow's life, and the rest at debug level. Tasks, prompts and answers are never
 * logged. A failure is logged once, as an error, with the workflow's id.
 */
export class LogObserver implements CommitObserver {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  committed(state: WorkflowState, events: readonly WorkflowEvent[]): void {
    for (const event of events) this.#log(state, event);
  }

  #log(state: WorkflowState, event: WorkflowEvent): void {
    const { data } = event;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- every other event is a debug line
    switch (data.type) {
      case 'workflow_started':
        return this.#logger.info(
          {
            ...commonFields(state, event),
            orchestrator: data.orchestrator,
            provider: data.options.providerName,
            time_limit_ms: data.options.workflowTimeoutMs,
          },
          'workflow started',
        );
      case 'workflow_admitted':
        return this.#logger.info(
          { ...commonFields(state, event), deadline: new Date(data.deadline).toISOString() },
          'workflow admitted',
        );
      case 'workflow_recovered':
        return this.#logger.info(
          {
            ...commonFields(state, event),
            previous_epoch: data.previousEpoch,
            calls_interrupted: data.callsInterrupted,
            calls_kept: data.callsFinishedKept,
            agents_kept: data.agentsCompletedKept,
          },
          'workflow recovered',
        );
      case 'workflow_paused':
        return this.#logger.info(commonFields(state, event), 'workflow paused');
      case 'workflow_resumed':
        return this.#logger.info(commonFields(state, event), 'workflow resumed');
      case 'conclusion_requested':
        return this.#logger.info(
          { ...commonFields(state, event), reason: data.reason },
          'workflow concludes',
        );
      case 'cancellation_requested':
        return this.#logger.info(commonFields(state, event), 'workflow cancellation requested');
      case 'budget_warning':
      case 'limit_reached':
        return this.#logger.warn(
          { ...commonFields(state, event), cap: data.cap, used: data.used, limit: data.limit },
          data.type === 'limit_reached' ? 'workflow reached its budget' : 'workflow is close to its budget',
        );
      case 'agent_failed':
        return this.#logger.warn(
          { ...commonFields(state, event), failure: data.failure, attempts: data.attempts },
          'agent failed',
        );
      case 'document_failed':
        return this.#logger.warn(
          { ...commonFields(state, event), format: data.format, failure: data.failure },
          'document failed',
        );
      case 'workflow_completed':
        return this.#logger.info(
          { ...commonFields(state, event), ...outcome(state, event), completeness: data.completeness },
          'workflow completed',
        );
      case 'workflow_cancelled':
        return this.#logger.info(
          {
            ...commonFields(state, event),
            ...outcome(state, event),
            calls_aborted: data.receipt.callsAborted,
          },
          'workflow cancelled',
        );
      case 'workflow_failed':
      case 'workflow_timed_out':
        return this.#logger.error(
          { ...commonFields(state, event), ...outcome(state, event), failure: data.error },
          data.type === 'workflow_failed' ? 'workflow failed' : 'workflow timed out',
        );
    }
    // Most events are debug lines, and those are seldom written.
    if (this.#logger.debugs)
      this.#logger.debug({ ...commonFields(state, event), type: data.type }, 'workflow event');
  }
}

function commonFields(state: WorkflowState, { data, sequence }: WorkflowEvent): LogFields {
  const agentId = agentIdOf(data);
  const trace = parseTraceparent(state.traceparent);
  const requestId = state.callerRequestId ?? state.requestId;
  return {
    workflow_id: state.workflowId,
    sequence,
    ...(agentId === undefined ? {} : { agent_id: agentId }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId }),
  };
}

function outcome(state: WorkflowState, { time }: WorkflowEvent): LogFields {
  return {
    orchestrator: state.orchestrator,
    status: state.status,
    duration_ms: time - (state.startTime ?? state.createTime),
    cost_usd: usdOf(state.ledger.spentNanoUsd),
    unpriced_calls: state.ledger.unpricedCalls,
  };
}
