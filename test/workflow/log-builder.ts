import type { LifecycleEvent } from '../../src/engine/workflow-machine.ts';
import type {
  EventData,
  EventOf,
  Receipt,
  Reservation,
  RunOptions,
  WorkflowEvent,
} from '../../src/workflow/event.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import { failure } from '../../src/workflow/failure.ts';
import { defaultTenant } from '../../src/workflow/id.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';

export const t0 = Date.UTC(2026, 0, 1);
export const workflowId = 'research_0a1b2c3d4e5f';

export function startedData(options: Partial<RunOptions> = {}): EventOf<'workflow_started'> {
  return {
    type: 'workflow_started',
    tenant: defaultTenant,
    orchestrator: 'research',
    orchestratorVersion: 1,
    task: 'Compare the storage engines',
    title: 'Research: Compare the storage engines',
    input: { task: 'Compare the storage engines', numAgents: 2, enableDrummer: true, enableCamina: true },
    options: {
      providerName: 'xai',
      models: { plan: 'p', work: 'w', synthesis: 's' },
      generateDocuments: false,
      documentFormats: ['markdown'],
      workflowTimeoutMs: 60_000,
      maxRetries: 2,
      maxConcurrentAgents: 10,
      maxOutputTokens: 1_000,
      onLimit: 'fail',
      minSuccessfulAgents: 1,
      labels: {},
      priority: 0,
      ...options,
    },
    sources: [],
  };
}

const receipt: Receipt = {
  callsAborted: 0,
  callsUnknown: 0,
  callsFinished: 0,
  ignoredAbort: [],
  inputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  assumedCostNanoUsd: 0,
  unpricedCalls: 0,
  quiescenceMs: 0,
};

/** Plain data for each event that moves a workflow. */
export function lifecycleData(type: LifecycleEvent): EventData {
  switch (type) {
    case 'workflow_admitted':
      return { type, deadline: t0 + 60_000 };
    case 'workflow_paused':
      return { type, remainingMs: 1_000, agentRemainingMs: {}, pauseDeadline: t0 + 90_000 };
    case 'workflow_resumed':
    case 'cancellation_requested':
      return { type };
    case 'workflow_completed':
      return { type, completeness: 1, failedAgentIds: [] };
    case 'workflow_failed':
      return { type, error: { type: 'quorum_not_met', message: 'too few' } };
    case 'workflow_timed_out':
      return {
        type,
        limit: 'workflow_timeout',
        limitMs: 60_000,
        error: { type: 'workflow_timeout', message: 'over' },
      };
    case 'workflow_cancelled':
      return { type, receipt };
  }
}

export function scheduledData(agentId: string): EventOf<'agent_scheduled'> {
  return {
    type: 'agent_scheduled',
    agentId,
    role: 'researcher',
    stage: { type: 'work' },
    title: agentId,
    inputAgentIds: [],
    passages: [],
    model: 'w',
    timeoutMs: 30_000,
    inputHash: '0'.repeat(64),
  };
}

export const reserved: Reservation = { inputTokens: 100, outputTokens: 50, costNanoUsd: 1_500 };

export function callStartedData(
  agentId: string,
  turn = 0,
  attempt = 1,
  rest: Partial<EventOf<'model_call_started'>> = {},
): EventOf<'model_call_started'> {
  return {
    type: 'model_call_started',
    agentId,
    turn,
    attempt,
    provider: 'xai',
    model: 'w',
    reserved,
    ...rest,
  };
}

export function callEndedData(
  agentId: string,
  turn = 0,
  attempt = 1,
  rest: Partial<EventOf<'model_call_ended'>> = {},
): EventOf<'model_call_ended'> {
  return {
    type: 'model_call_ended',
    agentId,
    turn,
    attempt,
    result: 'ok',
    output: { text: 'found', finishReason: 'stop' },
    usage: { inputTokens: 80, outputTokens: 20 },
    costNanoUsd: 1_000,
    assumed: false,
    durationMs: 10,
    ...rest,
  };
}

/** The end of a call without an answer. */
export function callLostData(
  agentId: string,
  turn: number,
  attempt: number,
  result: 'failed' | 'aborted' | 'unknown',
  cause?: EventOf<'model_call_ended'>['cause'],
): EventOf<'model_call_ended'> {
  const { output: _, ...rest } = callEndedData(agentId, turn, attempt);
  return {
    ...rest,
    result,
    failure: failure(cause === 'crash' ? 'crash' : 'overloaded', 'no answer', true),
    ...(cause && { cause }),
  };
}

export function agentCompletedData(agentId: string, outputSequence: number): EventOf<'agent_completed'> {
  return {
    type: 'agent_completed',
    agentId,
    turn: 0,
    outputSequence,
    citations: [],
    unknownCitations: [],
    usage: { inputTokens: 80, outputTokens: 20 },
    costNanoUsd: 1_000,
    durationMs: 10,
    attempts: 1,
  };
}

export function agentFailedData(agentId: string): EventOf<'agent_failed'> {
  return {
    type: 'agent_failed',
    agentId,
    role: 'researcher',
    failure: failure('overloaded', 'gave up'),
    attempts: 1,
    durationMs: 10,
  };
}

/** A log under construction: numbers its events and folds them. */
export class LogBuilder {
  readonly events: WorkflowEvent[] = [];
  #state: WorkflowState;

  constructor(options: Partial<RunOptions> = {}) {
    const first: WorkflowEvent = {
      workflowId,
      sequence: 1,
      time: t0,
      epoch: 1,
      progress: 0,
      data: startedData(options),
    };
    this.events.push(first);
    this.#state = evolve(undefined, first);
  }

  /** The event that would follow in this state. */
  static event(state: WorkflowState, data: EventData, time = state.updateTime + 1): WorkflowEvent {
    return {
      workflowId: state.workflowId,
      sequence: state.sequence + 1,
      time,
      epoch: state.epoch,
      progress: state.progress,
      data,
    };
  }

  get state(): WorkflowState {
    return this.#state;
  }

  /** Appends; throws what the fold throws, and is unchanged then. */
  add(data: EventData, time?: number): this {
    const event = LogBuilder.event(this.#state, data, time);
    this.#state = evolve(this.#state, event);
    this.events.push(event);
    return this;
  }

  all(...data: readonly EventData[]): this {
    for (const one of data) this.add(one);
    return this;
  }
}
