import type { Failure } from '../workflow/failure.ts';
import { type AgentState, isActive, type WorkflowState } from '../workflow/state.ts';
import { WrittenText } from './written-text.ts';

/**
 * - waiting: has no call under way.
 * - calling: a model call is under way.
 * - backing_off: an attempt has failed, the next one is not due yet.
 */
export type Activity = 'waiting' | 'calling' | 'backing_off';

/** What an agent that has not ended does now. */
export interface AgentStanding {
  readonly agentId: string;
  readonly turn: number;
  /** The attempt under way, or the one that comes next. */
  readonly attempt: number;
  readonly activity: Activity;
  /** Why the attempt before failed. */
  readonly lastFailure: Failure | undefined;
  /** What the attempt under way has written. */
  readonly text: WrittenText | undefined;
}

/** The agents that have not ended, in the order they were scheduled. A text goes on for as long as its attempt does. */
export function standingsOf(
  state: WorkflowState,
  before: ReadonlyMap<string, AgentStanding>,
): ReadonlyMap<string, AgentStanding> {
  const standings = new Map<string, AgentStanding>();
  for (const agent of state.agents.values()) {
    if (isActive(agent)) standings.set(agent.agentId, standingOf(agent, before.get(agent.agentId)));
  }
  return standings;
}

function standingOf(agent: AgentState, before: AgentStanding | undefined): AgentStanding {
  const { agentId, openCall, lastFailure, retryTime } = agent;
  const turn = agent.turns.length;
  if (!openCall) {
    const activity = retryTime === undefined ? 'waiting' : 'backing_off';
    return { agentId, turn, attempt: agent.attempt + 1, activity, lastFailure, text: undefined };
  }
  const { attempt } = openCall;
  const known = before?.turn === turn && before.attempt === attempt ? before.text : undefined;
  return { agentId, turn, attempt, activity: 'calling', lastFailure, text: known ?? new WrittenText() };
}
