import { IllegalEventError } from './failure.ts';
import type { EventOf, WorkflowEvent } from './event.ts';
import { emptyLedger, reserve, settle } from './ledger.ts';
import {
  hasOpenToolCall,
  isActive,
  openCallCount,
  type AgentState,
  type DocumentState,
  type WorkflowState,
} from './state.ts';
import { toolCallEnded, toolCallStarted, toolTurnProblem } from './tool-fold.ts';
import { isTerminal, type Status, type TerminalStatus } from './status.ts';

/**
 * The state after one more event. Pure: the same log always gives the same state.
 * Throws IllegalEventError when the event cannot follow; nothing is ever ignored.
 */
export function evolve(state: WorkflowState | undefined, event: WorkflowEvent): WorkflowState {
  const folding = new Folding(state);
  folding.add(event);
  return folding.state;
}

/** Folds a whole log, or the rest of one. */
export function fold(events: Iterable<WorkflowEvent>, from?: WorkflowState): WorkflowState | undefined {
  const folding = new Folding(from);
  for (const event of events) folding.add(event);
  return folding.begun ? folding.state : undefined;
}

/**
 * Folds several events at the price of one copy: the state it was given stays as it is, its own changes with every
 * event. Whoever keeps `state` adds nothing more. After an error it is of no use.
 */
export class Folding {
  #from: WorkflowState | undefined;
  #own: OwnState | undefined;

  constructor(from?: WorkflowState) {
    this.#from = from;
  }

  get begun(): boolean {
    return this.#own !== undefined || this.#from !== undefined;
  }

  /** The state after the events so far. Throws while there is none. */
  get state(): WorkflowState {
    const state = this.#own ?? this.#from;
    if (!state) throw new Error('the log is empty');
    return state;
  }

  /** Throws IllegalEventError when the event cannot follow. */
  add(event: WorkflowEvent): void {
    if (!this.#own && !this.#from) {
      this.#own = begin(event);
      return;
    }
    const { state } = this;
    if (event.sequence !== state.sequence + 1) {
      throw illegal(state, event, `expected sequence ${state.sequence + 1}, found ${event.sequence}`);
    }
    if (isTerminal(state.status)) throw illegal(state, event, `${state.status} is final`);
    this.#own ??= { ...state, agents: new Map(state.agents) };
    apply(this.#own, event, this.#from);
    this.#own.sequence = event.sequence;
    this.#own.epoch = event.epoch;
    this.#own.updateTime = event.time;
    this.#own.progress = event.progress;
  }
}

/** A state nobody else holds yet. */
type OwnState = {
  -readonly [K in keyof WorkflowState]: WorkflowState[K];
} & {
  agents: Map<string, AgentState>;
};

/** An agent nobody else holds yet. */
type OwnAgent = { -readonly [K in keyof AgentState]: AgentState[K] };

/**
 * The agent to make changes to. One that stands in `from` too is copied first, once; whatever else stands in `state` was
 * made for it, and an agent's events of one batch share one copy of its many fields.
 */
function ownAgent(state: OwnState, agent: AgentState, from: WorkflowState | undefined): OwnAgent {
  if (from?.agents.get(agent.agentId) !== agent) return agent;
  const own = { ...agent };
  state.agents.set(agent.agentId, own);
  return own;
}

function begin(event: WorkflowEvent): OwnState {
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

function apply(state: OwnState, event: WorkflowEvent, from: WorkflowState | undefined): void {
  const { data, time } = event;
  switch (data.type) {
    case 'workflow_started':
      throw illegal(state, event, 'a log begins once');
    case 'workflow_admitted':
      expect(state, event, 'pending');
      restartClocks(state, time);
      state.status = 'running';
      state.startTime ??= time;
      state.deadline = data.deadline;
      state.remainingMs = undefined;
      state.agentRemainingMs = {};
      return;
    case 'workflow_recovered':
      skipOutage(state, time);
      state.recoveries++;
      return;
    case 'plan_started':
    case 'synthesis_started':
      expect(state, event, 'running');
      agentOf(state, event, data.agentId);
      return;
    case 'plan_completed':
      agentOf(state, event, data.agentId);
      state.plan = { requested: data.requested, subtasks: data.subtasks };
      return;
    case 'synthesis_completed':
      agentOf(state, event, data.agentId);
      return;
    case 'agent_scheduled':
      expect(state, event, 'running');
      if (state.agents.has(data.agentId)) throw illegal(state, event, `agent ${data.agentId} exists`);
      state.agents.set(data.agentId, scheduled(data, time));
      return;
    case 'model_call_started':
      callStarted(state, event, data, from);
      return;
    case 'model_call_ended':
      callEnded(state, event, data, from);
      return;
    case 'agent_retrying': {
      const agent = ownAgent(state, workingAgent(state, event, data.agentId), from);
      // Waiting for a provider's rate limit is not the agent's time.
      const extraMs = data.cause.code === 'rate_limited' ? data.delayMs : 0;
      agent.retryTime = data.retryTime;
      agent.lastFailure = data.cause;
      if (agent.deadline !== undefined) agent.deadline += extraMs;
      return;
    }
    case 'tool_call_started': {
      expect(state, event, 'running');
      const agent = toolCallStarted(workingAgent(state, event, data.agentId), data, time);
      if (typeof agent === 'string') throw illegal(state, event, agent);
      state.agents.set(data.agentId, agent);
      return;
    }
    case 'tool_call_ended': {
      const agent = toolCallEnded(workingAgent(state, event, data.agentId), data);
      if (typeof agent === 'string') throw illegal(state, event, agent);
      state.agents.set(data.agentId, agent);
      return;
    }
    case 'agent_completed': {
      const agent = workingAgent(state, event, data.agentId);
      if (hasOpenToolCall(agent)) throw illegal(state, event, `agent ${data.agentId} has a tool at work`);
      const own = ownAgent(state, agent, from);
      own.status = 'completed';
      own.completion = data;
      own.retryTime = undefined;
      own.endTime = time;
      return;
    }
    case 'agent_failed': {
      const agent = activeAgent(state, event, data.agentId);
      if (hasOpenToolCall(agent)) throw illegal(state, event, `agent ${data.agentId} has a tool at work`);
      const own = ownAgent(state, agent, from);
      own.status = 'failed';
      own.failure = data.failure;
      own.retryTime = undefined;
      own.endTime = time;
      return;
    }
    case 'document_started':
      expect(state, event, 'running');
      withDocument(state, {
        format: data.format,
        status: 'started',
        completed: undefined,
        failure: undefined,
      });
      return;
    case 'document_completed':
      expectBegun(state, event, data.format);
      withDocument(state, {
        format: data.format,
        status: 'completed',
        completed: data,
        failure: undefined,
      });
      return;
    case 'document_failed':
      expectBegun(state, event, data.format);
      withDocument(state, {
        format: data.format,
        status: 'failed',
        completed: undefined,
        failure: data.failure,
      });
      return;
    case 'budget_warning':
      state.warnedCaps = [...state.warnedCaps, data.cap];
      return;
    case 'limit_reached':
      state.limitReached = data;
      return;
    case 'conclusion_requested':
      expect(state, event, 'running');
      state.conclusion = data;
      return;
    case 'cancellation_requested':
      expect(state, event, 'pending', 'running', 'paused');
      state.status = 'cancelling';
      state.pause = undefined;
      state.cancellation = { requestTime: time, reason: data.reason, callsOpen: openCallCount(state) };
      return;
    case 'workflow_paused':
      expect(state, event, 'pending', 'running');
      state.status = 'paused';
      state.deadline = undefined;
      // A workflow paused again before it was admitted keeps what the first pause left.
      state.remainingMs = data.remainingMs ?? state.remainingMs;
      state.agentRemainingMs = { ...state.agentRemainingMs, ...data.agentRemainingMs };
      state.pause = { pauseDeadline: data.pauseDeadline, startTime: time };
      return;
    case 'workflow_resumed':
      expect(state, event, 'paused');
      state.status = 'pending';
      state.pause = undefined;
      return;
    case 'workflow_completed':
      expect(state, event, 'running');
      end(state, event, 'completed');
      state.completion = data;
      return;
    case 'workflow_failed':
      expect(state, event, 'running');
      end(state, event, 'failed');
      state.error = data.error;
      return;
    case 'workflow_timed_out':
      expect(state, event, 'running', 'paused');
      end(state, event, 'timed_out');
      state.error = data.error;
      return;
    case 'workflow_cancelled':
      expect(state, event, 'cancelling');
      end(state, event, 'cancelled');
      state.receipt = data.receipt;
      return;
  }
  throw illegal(state, event, 'unknown event type');
}

/** Most agents have no tools; one list for all of them. */
const none: readonly never[] = [];

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
    tools: data.tools ?? none,
    turns: [],
    toolCalls: none,
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

/** Documents are few and most batches concern none, so each one makes a map of its own. */
function withDocument(state: OwnState, document: DocumentState): void {
  state.documents = new Map(state.documents).set(document.format, document);
}

function callStarted(
  state: OwnState,
  event: WorkflowEvent,
  data: EventOf<'model_call_started'>,
  from: WorkflowState | undefined,
): void {
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
  const problem = toolTurnProblem(agent);
  if (problem !== undefined) throw illegal(state, event, problem);
  const { turn, attempt, provider, model, reserved, toolsOffered = false } = data;
  const own = ownAgent(state, agent, from);
  own.status = 'working';
  own.openCall = { turn, attempt, provider, model, startTime: event.time, reserved, toolsOffered };
  own.attempt = attempt;
  own.attempts++;
  own.retryTime = undefined;
  own.deadline = own.deadline === undefined ? data.agentDeadline : own.deadline + (data.waitedMs ?? 0);
  own.startTime ??= event.time;
  state.ledger = reserve(state.ledger, reserved);
}

function callEnded(
  state: OwnState,
  event: WorkflowEvent,
  data: EventOf<'model_call_ended'>,
  from: WorkflowState | undefined,
): void {
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
  const own = ownAgent(state, agent, from);
  own.openCall = undefined;
  if (data.output) {
    own.turns = [
      ...agent.turns,
      {
        output: data.output,
        sequence: event.sequence,
        provider: call.provider,
        model: call.model,
        asksTools: call.toolsOffered && (data.output.toolCalls?.length ?? 0) > 0,
      },
    ];
  }
  if (answered) own.attempt = 0;
  own.countedAttempts = answered ? 0 : own.countedAttempts + (counts ? 1 : 0);
  own.lastFailure = data.failure;
  if (own.deadline !== undefined) own.deadline += lostMs;
  own.usage = {
    inputTokens: own.usage.inputTokens + data.usage.inputTokens,
    outputTokens: own.usage.outputTokens + data.usage.outputTokens,
  };
  own.costNanoUsd += data.costNanoUsd ?? 0;
  state.ledger = settle(state.ledger, call.reserved, data);
  if (data.result === 'aborted') state.callsAborted++;
  else if (data.result === 'unknown') state.callsUnknown++;
  else state.callsFinished++;
}

/**
 * While no process carried the workflow, nobody worked: agents between two calls get that time back. One with a call
 * open gets the call's whole time back when that is closed.
 */
function skipOutage(state: OwnState, now: number): void {
  const outageMs = now - state.updateTime;
  if (state.status !== 'running' || outageMs <= 0) return;
  for (const agent of state.agents.values()) {
    if (agent.deadline === undefined || agent.openCall || !isActive(agent)) continue;
    state.agents.set(agent.agentId, { ...agent, deadline: agent.deadline + outageMs });
  }
}

/** After a pause, what was left of each agent's time runs again from now. */
function restartClocks(state: OwnState, now: number): void {
  for (const [agentId, remainingMs] of Object.entries(state.agentRemainingMs)) {
    const agent = state.agents.get(agentId);
    if (agent && isActive(agent)) state.agents.set(agentId, { ...agent, deadline: now + remainingMs });
  }
}

function end(state: OwnState, event: WorkflowEvent, status: TerminalStatus): void {
  for (const agent of state.agents.values()) {
    if (agent.openCall || hasOpenToolCall(agent))
      throw illegal(state, event, 'a workflow ends only when no call is open');
  }
  for (const agent of state.agents.values()) {
    if (isActive(agent))
      state.agents.set(agent.agentId, { ...agent, status: 'stopped', endTime: event.time });
  }
  state.status = status;
  state.endTime = event.time;
  state.deadline = undefined;
  state.pause = undefined;
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
