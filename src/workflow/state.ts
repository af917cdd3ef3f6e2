import type {
  DocumentRef,
  EventOf,
  Output,
  PassageRef,
  Receipt,
  Reservation,
  Role,
  RunOptions,
  Stage,
  Subtask,
  Usage,
  WorkflowError,
} from './event.ts';
import type { Failure } from './failure.ts';
import type { Ledger } from './ledger.ts';
import type { Status } from './status.ts';

// Glossary
// - workflow: one run of an orchestrator on one input.
// - agent: one unit of model work in a workflow, with a stable id inside it.
// - turn: one question to the model and its answer, counted from 0. A tool loop or a repair takes several.
// - tool call: something a model asked for in a turn that the engine does for it; its end is in the log before the next turn.
// - attempt: one provider request for a turn, counted from 1.
// - sequence: the position of an event in the log, 1..n.
// - epoch: an ownership period; raised at every take-over, so that a former owner's append is refused.

/** A provider request that has left or is about to, and whose end is not in the log. */
export interface OpenCall {
  readonly turn: number;
  readonly attempt: number;
  readonly provider: string;
  readonly model: string;
  readonly startTime: number;
  readonly reserved: Reservation;
  /** Whether its answer may ask for tools. */
  readonly toolsOffered: boolean;
}

/** A finished turn of an agent: the answer and where the log holds it. */
export interface Turn {
  readonly output: Output;
  readonly sequence: number;
  /** Who answered; another one than the run's when that one could not be called. */
  readonly provider: string;
  readonly model: string;
  /** It asked for tools that it was offered: not an answer yet, the agent goes on when all of them have ended. */
  readonly asksTools: boolean;
}

/** A tool call an agent's model asked for, from its first event on. */
export interface ToolCallState {
  readonly turn: number;
  readonly callId: string;
  /** How often it was started; 0: it was refused. */
  readonly starts: number;
  /** Since when it runs; undefined: it does not. */
  readonly startTime: number | undefined;
  readonly idempotent: boolean;
  /** Its last end. */
  readonly end: EventOf<'tool_call_ended'> | undefined;
}

/**
 * - scheduled: exists, has made no call.
 * - working: between its first call and its end (calling, or waiting for a retry).
 * - completed, failed: final.
 * - stopped: the workflow ended first.
 */
export type AgentStatus = 'scheduled' | 'working' | 'completed' | 'failed' | 'stopped';

export interface AgentState {
  readonly agentId: string;
  readonly role: Role;
  readonly stage: Stage;
  readonly title: string;
  readonly subtask: Subtask | undefined;
  readonly inputAgentIds: readonly string[];
  readonly passages: readonly PassageRef[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly timeoutMs: number;
  readonly status: AgentStatus;
  /** Tools it may use; frozen. */
  readonly tools: readonly string[];
  /** Answers so far, by turn. */
  readonly turns: readonly Turn[];
  /** Tool calls of all turns, in order of their first event. */
  readonly toolCalls: readonly ToolCallState[];
  readonly openCall: OpenCall | undefined;
  /** Attempts started for the current turn, all of them. */
  readonly attempt: number;
  /** Attempts of the current turn that count against `maxRetries` (not those a crash or a shutdown ended). */
  readonly countedAttempts: number;
  /** Attempts of all turns. */
  readonly attempts: number;
  /** Set while it waits for its next attempt: not before this time. */
  readonly retryTime: number | undefined;
  readonly lastFailure: Failure | undefined;
  /** When its time is over; set by its first call, moved by a pause and by the waits of a rate limit. */
  readonly deadline: number | undefined;
  readonly scheduledTime: number;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly usage: Usage;
  readonly costNanoUsd: number;
  readonly completion: EventOf<'agent_completed'> | undefined;
  readonly failure: Failure | undefined;
}

export interface DocumentState {
  readonly format: string;
  readonly status: 'started' | 'completed' | 'failed';
  readonly completed: EventOf<'document_completed'> | undefined;
  readonly failure: Failure | undefined;
}

export interface PauseState {
  readonly pauseDeadline: number;
  readonly startTime: number;
}

/** What a workflow is now: the fold of its log, and nothing the log does not say. */
export interface WorkflowState {
  readonly tenant: string;
  readonly workflowId: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly status: Status;
  readonly orchestrator: string;
  readonly orchestratorVersion: number;
  readonly task: string;
  readonly title: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: RunOptions;
  readonly sources: readonly DocumentRef[];
  readonly corpus: string | undefined;
  readonly requestId: string | undefined;
  readonly callerRequestId: string | undefined;
  readonly traceparent: string | undefined;
  readonly createTime: number;
  /** First admission. */
  readonly startTime: number | undefined;
  readonly updateTime: number;
  readonly endTime: number | undefined;
  /** When `workflow_timeout` is over; absent until admitted and while paused. */
  readonly deadline: number | undefined;
  /** What was left of the workflow's time when it was paused; kept until it is admitted again. */
  readonly remainingMs: number | undefined;
  readonly agentRemainingMs: Readonly<Record<string, number>>;
  readonly pause: PauseState | undefined;
  readonly progress: number;
  readonly plan: { readonly requested: number; readonly subtasks: readonly Subtask[] } | undefined;
  /** In the order they were scheduled. */
  readonly agents: ReadonlyMap<string, AgentState>;
  readonly ledger: Ledger;
  readonly warnedCaps: readonly ('cost' | 'tokens')[];
  readonly limitReached: EventOf<'limit_reached'> | undefined;
  /** Rendered documents by format. */
  readonly documents: ReadonlyMap<string, DocumentState>;
  readonly cancellation:
    | { readonly requestTime: number; readonly reason: string | undefined; readonly callsOpen: number }
    | undefined;
  readonly conclusion: EventOf<'conclusion_requested'> | undefined;
  readonly callsFinished: number;
  readonly callsAborted: number;
  readonly callsUnknown: number;
  readonly recoveries: number;
  readonly completion: EventOf<'workflow_completed'> | undefined;
  readonly error: WorkflowError | undefined;
  readonly receipt: Receipt | undefined;
}

/** The text an agent is answerable for, or undefined while it has none. */
export function contentOf(agent: AgentState): string | undefined {
  return agent.completion && agent.turns[agent.completion.turn]?.output.text;
}

/** What an agent may cite of its own: the passages it was given and what its tools found. */
export function materialOf(agent: AgentState): readonly PassageRef[] {
  if (agent.toolCalls.length === 0) return agent.passages;
  const found = agent.toolCalls.flatMap((call) => call.end?.sources ?? []);
  return found.length === 0 ? agent.passages : [...agent.passages, ...found];
}

const noAnswers: readonly string[] = [];

/** An agent's texts that are meant as answers, in order; what it said while it asked for tools is none. */
export function answersOf(agent: AgentState): readonly string[] {
  if (agent.turns.length === 0) return noAnswers;
  return agent.turns.filter((turn) => !turn.asksTools).map((turn) => turn.output.text);
}

/** Whether an agent still has work to do. */
export function isActive(agent: AgentState): boolean {
  return agent.status === 'scheduled' || agent.status === 'working';
}

/** Whether one of the agent's tools is at work. */
export function hasOpenToolCall(agent: AgentState): boolean {
  for (const call of agent.toolCalls) if (call.startTime !== undefined) return true;
  return false;
}

export function openCallCount(state: WorkflowState): number {
  let open = 0;
  for (const agent of state.agents.values()) if (agent.openCall) open++;
  return open;
}
