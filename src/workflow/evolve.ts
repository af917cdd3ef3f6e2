import { IllegalEventError } from './failure.ts';
import type { EventOf, WorkflowEvent } from './event.ts';
import { emptyLedger, reserve, settle } from './ledger.ts';
import { isActive, openCallCount, type AgentState, type WorkflowState } from './state.ts';
import { isTerminal, type Status, type TerminalStatus } from './status.ts';

/**
 * The state after one more event. Pure: the same log always gives the same state.
 * Throws IllegalEventError when the event cannot follow; nothing is ever ignored.
 */
export function evolve(state: WorkflowState | undefined, event: WorkflowEvent): WorkflowState {
  if (state === undefined) return begin(event);
  if (event.sequence !== state.sequence + 1) {
    throw illegal(state, event, `expected sequence ${state.sequence + 1}, found ${event.sequence}`);
  }
  if (isTerminal(state.status)) throw illegal(state, event, `${state.status} is final`);
  return {
    ...apply(state, event),
    sequence: event.sequence,
    epoch: event.epoch,
    updateTime: event.time,
    progress: event.progress,
  };
}

/** Folds a whole log, or the rest of one. */
export function fold(events: Iterable<WorkflowEvent>, from?: WorkflowState): WorkflowState | undefined {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
}

function begin(event: WorkflowEvent): WorkflowState {
  const { data } = event;
  if (data.type !== 'workflow_started' || event.sequence !== 1) {
    throw new IllegalEventError(
      `workflow ${event.workflowId}: a log begins with workflow_started at sequence 1, found ${data.type} at ${event.sequence}`,
    );
  }
  return {
    tenant: data.tenant,
    workflowId: event.workflowId,
    sequence: 1,
    epoch: event.epoch,
    status: 'pending',
    orchestrator: data.orchestrator,
    orchestratorVersion: data.orchestratorVersion,
    task: data.task,
    title: data.title,
    input: data.input,
    options: data.options,
    sources: data.sources,
    corpus: data.corpus,
    requestId: data.requestId,
    callerRequestId: data.callerRequestId,
    traceparent: data.traceparent,
    createTime: event.time,
    startTime: undefined,
    updateTime: event.time,
    endTime: undefined,
    deadline: undefined,
    remainingMs: undefined,
    agentRemainingMs: {},
    pause: undefined,
    progress: event.progress,
    plan: undefined,
    agents: new Map(),
    ledger: emptyLedger,
    warnedCaps: [],
    limitReached: undefined,
    documents: new Map(),
    cancellation: undefined,
    conclusion: undefined,
    callsFinished: 0,
    callsAborted: 0,
    callsUnknown: 0,
    recoveries: 0,
    completion: undefined,
    error: undefined,
    receipt: undefined,
  };
}

function apply(state: WorkflowState, event: WorkflowEvent): WorkflowState {
  const { data, time } = event;
  switch (data.type) {
    case 'workflow_started':
      throw illegal(state, event, 'a log begins once');
    case 'workflow_admitted':
      expect(state, event, 'pending');
      return {
        ...state,
        status: 'running',
        startTime: state.startTime ?? time,
        deadline: data.deadline,
        remainingMs: undefined,
        agentRemainingMs: {},
        agents: restartClocks(state, time),
      };
    case 'workflow_recovered':
      return { ...state, recoveries: state.recoveries + 1, agents: skipOutage(state, time) };
    case 'plan_started':
    case 'synthesis_started':
      expect(state, event, 'running');
      agentOf(state, event, data.agentId);
      return state;
    case 'plan_completed':
      agentOf(state, event, data.agentId);
      return { ...state, plan: { requested: data.requested, subtasks: data.subtasks } };
    case 'synthesis_completed':
      agentOf(state, event, data.agentId);
      return state;
    case 'agent_scheduled':
      expect(state, event, 'running');
      if (state.agents.has(data.agentId)) throw illegal(state, event, `agent ${data.agentId} exists`);
      return withAgent(state, scheduled(data, time));
    case 'model_call_started':
      return callStarted(state, event, data);
    case 'model_call_ended':
      return callEnded(state, event, data);
    case 'agent_retrying': {
      const agent = workingAgent(state, event, data.agentId);
      // Waiting for a provider's rate limit is not the agent's time.
      const extraMs = data.cause.code === 'rate_limited' ? data.delayMs : 0;
      return withAgent(state, {
        ...agent,
        retryTime: data.retryTime,
        lastFailure: data.cause,
        deadline: agent.deadline === undefined ? undefined : agent.deadline + extraMs,
      });
    }
    case 'tool_call_started':
    case 'tool_call_ended':
      workingAgent(state, event, data.agentId);
      return state;
    case 'agent_completed': {
      const agent = workingAgent(state, event, data.agentId);
      return withAgent(state, {
        ...agent,
        status: 'completed',
        completion: data,
        retryTime: undefined,
        endTime: time,
      });
    }
    case 'agent_failed': {
      const agent = activeAgent(state, event, data.agentId);
      return withAgent(state, {
        ...agent,
        status: 'failed',
        failure: data.failure,
        retryTime: undefined,
        endTime: time,
      });
    }
    case 'document_started':
      expect(state, event, 'running');
      return withDocument(state, data.format, {
        status: 'started',
        completed: undefined,
        failure: undefined,
      });
    case 'document_completed':
      expectBegun(state, event, data.format);
      return withDocument(state, data.format, { status: 'completed', completed: data, failure: undefined });
    case 'document_failed':
      expectBegun(state, event, data.format);
      return withDocument(state, data.format, {
        status: 'failed',
        completed: undefined,
        failure: data.failure,
      });
    case 'budget_warning':
      return { ...state, warnedCaps: [...state.warnedCaps, data.cap] };
    case 'limit_reached':
      return { ...state, limitReached: data };
    case 'conclusion_requested':
      expect(state, event, 'running');
      return { ...state, conclusion: data };
    case 'cancellation_requested':
      expect(state, event, 'pending', 'running', 'paused');
      return {
        ...state,
        status: 'cancelling',
        pause: undefined,
        cancellation: { requestTime: time, reason: data.reason, callsOpen: openCallCount(state) },
      };
    case 'workflow_paused':
      expect(state, event, 'pending', 'running');
      return {
        ...state,
        status: 'paused',
        deadline: undefined,
        // A workflow paused again before it was admitted keeps what the first pause left.
        remainingMs: data.remainingMs ?? state.remainingMs,
        agentRemainingMs: { ...state.agentRemainingMs, ...data.agentRemainingMs },
        pause: { pauseDeadline: data.pauseDeadline, startTime: time },
      };
    case 'workflow_resumed':
      expect(state, event, 'paused');
      return { ...state, status: 'pending', pause: undefined };
    case 'workflow_completed':
      expect(state, event, 'running');
      return end(state, event, 'completed', { completion: data });
    case 'workflow_failed':
      expect(state, event, 'running');
      return end(state, event, 'failed', { error: data.error });
    case 'workflow_timed_out':
      expect(state, event, 'running', 'paused');
      return end(state, event, 'timed_out', { error: data.error });
    case 'workflow_cancelled':
      expect(state, event, 'cancelling');
      return end(state, event, 'cancelled', { receipt: data.receipt });
  }
  throw illegal(state, event, 'unknown event type');
}

function scheduled(data: EventOf<'agent_scheduled'>, time: number): AgentState {
  return {
    agentId: data.agentId,
    role: data.role,
    stage: data.stage,
    title: data.title,
    subtask: data.subtask,
    inputAgentIds: data.inputAgentIds,
    passages: data.passages,
    parameters: data.parameters ?? {},
    model: data.model,
    timeoutMs: data.timeoutMs,
    status: 'scheduled',
    turns: [],
    openCall: undefined,
    attempt: 0,
    countedAttempts: 0,
    attempts: 0,
    retryTime: undefined,
    lastFailure: undefined,
    deadline: undefined,
    scheduledTime: time,
    startTime: undefined,
    endTime: undefined,
    usage: { inputTokens: 0, outputTokens: 0 },
    costNanoUsd: 0,
    completion: undefined,
    failure: undefined,
  };
}

function callStarted(
  state: WorkflowState,
  event: WorkflowEvent,
  data: EventOf<'model_call_started'>,
): WorkflowState {
  expect(state, event, 'running');
  const agent = activeAgent(state, event, data.agentId);
  if (agent.openCall) throw illegal(state, event, `agent ${data.agentId} has a call under way`);
  if (data.turn !== agent.turns.length || data.attempt !== agent.attempt + 1) {
    throw illegal(
      state,
      event,
      `agent ${data.agentId} expected turn ${agent.turns.length} attempt ${agent.attempt + 1}`,
    );
  }
  const { turn, attempt, provider, model, reserved } = data;
  const next: AgentState = {
    ...agent,
    status: 'working',
    openCall: { turn, attempt, provider, model, startTime: event.time, reserved },
    attempt,
    attempts: agent.attempts + 1,
    retryTime: undefined,
    deadline: agent.deadline ?? data.agentDeadline,
    startTime: agent.startTime ?? event.time,
  };
  return { ...withAgent(state, next), ledger: reserve(state.ledger, reserved) };
}

function callEnded(
  state: WorkflowState,
  event: WorkflowEvent,
  data: EventOf<'model_call_ended'>,
): WorkflowState {
  const agent = agentOf(state, event, data.agentId);
  const call = agent.openCall;
  if (!call || call.turn !== data.turn || call.attempt !== data.attempt) {
    throw illegal(
      state,
      event,
      `agent ${data.agentId} has no open call of turn ${data.turn} attempt ${data.attempt}`,
    );
  }
  const answered = data.result === 'ok';
  if (answered !== (data.output !== undefined))
    throw illegal(state, event, 'a call has an output exactly when it is ok');
  // What a crash or a shutdown ended says nothing about the provider, so it uses up neither a retry nor the agent's time.
  const counts = data.cause !== 'crash' && data.cause !== 'shutdown';
  const lostMs = counts ? 0 : Math.max(0, event.time - call.startTime);
  const next: AgentState = {
    ...agent,
    openCall: undefined,
    turns: data.output ? [...agent.turns, { output: data.output, sequence: event.sequence }] : agent.turns,
    attempt: answered ? 0 : agent.attempt,
    countedAttempts: answered ? 0 : agent.countedAttempts + (counts ? 1 : 0),
    lastFailure: data.failure,
    deadline: agent.deadline === undefined ? undefined : agent.deadline + lostMs,
    usage: {
      inputTokens: agent.usage.inputTokens + data.usage.inputTokens,
      outputTokens: agent.usage.outputTokens + data.usage.outputTokens,
    },
    costNanoUsd: agent.costNanoUsd + (data.costNanoUsd ?? 0),
  };
  return {
    ...withAgent(state, next),
    ledger: settle(state.ledger, call.reserved, data),
    callsFinished: state.callsFinished + (data.result === 'ok' || data.result === 'failed' ? 1 : 0),
    callsAborted: state.callsAborted + (data.result === 'aborted' ? 1 : 0),
    callsUnknown: state.callsUnknown + (data.result === 'unknown' ? 1 : 0),
  };
}

/**
 * While no process carried the workflow, nobody worked: agents between two calls get that time back. One with a call
 * open gets the call's whole time back when that is closed.
 */
function skipOutage(state: WorkflowState, now: number): ReadonlyMap<string, AgentState> {
  const outageMs = now - state.updateTime;
  if (state.status !== 'running' || outageMs <= 0) return state.agents;
  return new Map(
    [...state.agents].map(([id, agent]) => [
      id,
      agent.deadline === undefined || agent.openCall || !isActive(agent)
        ? agent
        : { ...agent, deadline: agent.deadline + outageMs },
    ]),
  );
}

/** After a pause, what was left of each agent's time runs again from now. */
function restartClocks(state: WorkflowState, now: number): ReadonlyMap<string, AgentState> {
  const remaining = Object.entries(state.agentRemainingMs);
  if (remaining.length === 0) return state.agents;
  const agents = new Map(state.agents);
  for (const [agentId, remainingMs] of remaining) {
    const agent = agents.get(agentId);
    if (agent && isActive(agent)) agents.set(agentId, { ...agent, deadline: now + remainingMs });
  }
  return agents;
}

function end(
  state: WorkflowState,
  event: WorkflowEvent,
  status: TerminalStatus,
  outcome: Partial<Pick<WorkflowState, 'completion' | 'error' | 'receipt'>>,
): WorkflowState {
  let agents: ReadonlyMap<string, AgentState> = state.agents;
  if (openCallCount(state) > 0) throw illegal(state, event, 'a workflow ends only when no call is open');
  if ([...agents.values()].some(isActive)) {
    agents = new Map(
      [...agents].map(([id, agent]) => [
        id,
        isActive(agent) ? { ...agent, status: 'stopped', endTime: event.time } : agent,
      ]),
    );
  }
  return { ...state, ...outcome, status, agents, endTime: event.time, deadline: undefined, pause: undefined };
}

function withAgent(state: WorkflowState, agent: AgentState): WorkflowState {
  return { ...state, agents: new Map(state.agents).set(agent.agentId, agent) };
}

function withDocument(
  state: WorkflowState,
  format: string,
  rest: Omit<NonNullable<ReturnType<WorkflowState['documents']['get']>>, 'format'>,
): WorkflowState {
  return { ...state, documents: new Map(state.documents).set(format, { format, ...rest }) };
}

function agentOf(state: WorkflowState, event: WorkflowEvent, agentId: string): AgentState {
  const agent = state.agents.get(agentId);
  if (!agent) throw illegal(state, event, `there is no agent ${agentId}`);
  return agent;
}

function activeAgent(state: WorkflowState, event: WorkflowEvent, agentId: string): AgentState {
  const agent = agentOf(state, event, agentId);
  if (!isActive(agent)) throw illegal(state, event, `agent ${agentId} has ended (${agent.status})`);
  return agent;
}

function workingAgent(state: WorkflowState, event: WorkflowEvent, agentId: string): AgentState {
  const agent = activeAgent(state, event, agentId);
  if (agent.openCall) throw illegal(state, event, `agent ${agentId} has a call under way`);
  return agent;
}

function expect(state: WorkflowState, event: WorkflowEvent, ...allowed: readonly Status[]): void {
  if (!allowed.includes(state.status)) throw illegal(state, event, `the workflow is ${state.status}`);
}

function expectBegun(state: WorkflowState, event: WorkflowEvent, format: string): void {
  if (state.documents.get(format)?.status !== 'started')
    throw illegal(state, event, `no ${format} document is being written`);
}

function illegal(state: WorkflowState, event: WorkflowEvent, why: string): IllegalEventError {
  return new IllegalEventError(
    `workflow ${state.workflowId}: ${event.data.type} at sequence ${event.sequence} refused: ${why}`,
  );
}
