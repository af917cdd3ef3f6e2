import type { EventData, EventOf } from '../../src/workflow/event.ts';
import type { CommitObserver } from '../../src/subscriber/commit-observer.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';

export const workflowId = 'research_0a1b2c3d4e5f';
export const rootTrace = 'a'.repeat(32);
export const rootSpan = 'b'.repeat(16);
export const callerTrace = 'c'.repeat(32);
export const callerSpan = 'd'.repeat(16);
/** Stands in everything a caller or a model writes; must not come out anywhere. */
export const canary = 'canary-5d0f2b';
export const startTime = Date.UTC(2026, 0, 1);

export const started: EventOf<'workflow_started'> = {
  type: 'workflow_started',
  tenant: 'default',
  orchestrator: 'research',
  orchestratorVersion: 1,
  task: `find out about ${canary}`,
  title: canary,
  input: { task: canary },
  options: {
    providerName: 'xai',
    models: { plan: 'big', work: 'small', synthesis: 'big' },
    generateDocuments: true,
    documentFormats: ['markdown'],
    workflowTimeoutMs: 3_600_000,
    maxRetries: 2,
    maxConcurrentAgents: 10,
    maxOutputTokens: 4_096,
    onLimit: 'fail',
    minSuccessfulAgents: 1,
    labels: {},
    priority: 0,
  },
  sources: [],
  requestId: 'request-1',
  traceparent: `00-${rootTrace}-${rootSpan}-01`,
  callerTraceparent: `00-${callerTrace}-${callerSpan}-01`,
};

export const admitted: EventData = { type: 'workflow_admitted', deadline: startTime + 3_600_000 };

export const scheduled: EventData = {
  type: 'agent_scheduled',
  agentId: 'planner',
  role: 'planner',
  stage: { type: 'plan' },
  title: canary,
  inputAgentIds: [],
  passages: [],
  model: 'big',
  timeoutMs: 300_000,
  inputHash: 'x',
};

export function callStarted(attempt: number): EventData {
  const reserved = { inputTokens: 100, outputTokens: 4_096, costNanoUsd: 1_000 };
  return {
    type: 'model_call_started',
    agentId: 'planner',
    turn: 0,
    attempt,
    provider: 'xai',
    model: 'big',
    reserved,
  };
}

export function callEnded(attempt: number, result: 'ok' | 'failed' | 'unknown'): EventData {
  const common = { type: 'model_call_ended', agentId: 'planner', turn: 0, attempt, durationMs: 5 } as const;
  if (result === 'ok') {
    const output = { text: canary, finishReason: 'stop' };
    return {
      ...common,
      result,
      output,
      usage: { inputTokens: 10, outputTokens: 20 },
      costNanoUsd: 700,
      assumed: false,
    };
  }
  const code = result === 'failed' ? 'overloaded' : 'crash';
  return {
    ...common,
    result,
    failure: { code, message: `provider said ${result}`, retryable: true },
    ...(result === 'unknown' ? { cause: 'crash' } : {}),
    usage: { inputTokens: 1, outputTokens: 0 },
    assumed: true,
  };
}

export const retrying: EventData = {
  type: 'agent_retrying',
  agentId: 'planner',
  turn: 0,
  attempt: 2,
  cause: { code: 'overloaded', message: 'provider said failed', retryable: true },
  delayMs: 1,
  retryTime: startTime,
};

export const agentCompleted: EventOf<'agent_completed'> = {
  type: 'agent_completed',
  agentId: 'planner',
  turn: 0,
  outputSequence: 7,
  citations: [],
  unknownCitations: [],
  usage: { inputTokens: 11, outputTokens: 20 },
  costNanoUsd: 700,
  durationMs: 30,
  attempts: 2,
};

export const completed: EventData = { type: 'workflow_completed', completeness: 1, failedAgentIds: [] };
export const failed: EventData = {
  type: 'workflow_failed',
  error: { type: 'quorum', message: 'too few agents' },
};

/** Commits each event alone, 10 ms after the one before it, and answers the last state. */
export function commit(
  observer: CommitObserver,
  log: readonly EventData[],
  from: { readonly state?: WorkflowState | undefined; readonly id?: string } = {},
): WorkflowState {
  let state = from.state;
  for (const data of log) {
    const sequence = (state?.sequence ?? 0) + 1;
    const event = {
      workflowId: from.id ?? workflowId,
      sequence,
      time: startTime + (sequence - 1) * 10,
      epoch: 1,
      progress: 0,
      data,
    };
    state = evolve(state, event);
    observer.committed(state, [event]);
  }
  if (state === undefined) throw new Error('nothing was committed');
  return state;
}
