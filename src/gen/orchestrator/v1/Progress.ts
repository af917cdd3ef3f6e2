// Original file: proto/orchestrator/v1/workflow_service.proto

import type { TextDelta__Input as _orchestrator_v1_TextDelta__Input, TextDelta__Output as _orchestrator_v1_TextDelta__Output } from '../../orchestrator/v1/TextDelta.ts';
import type { RollBack__Input as _orchestrator_v1_RollBack__Input, RollBack__Output as _orchestrator_v1_RollBack__Output } from '../../orchestrator/v1/RollBack.ts';

// Original file: proto/orchestrator/v1/workflow_service.proto

/**
 * What an agent does between two events.
 */
export const _orchestrator_v1_Progress_Activity = {
  /**
   * Never sent.
   */
  ACTIVITY_UNSPECIFIED: 'ACTIVITY_UNSPECIFIED',
  /**
   * It has no call under way: it waits for a slot, or for what `blocked_reason` of the workflow names.
   */
  ACTIVITY_WAITING: 'ACTIVITY_WAITING',
  /**
   * A model call is under way; until the first delta the model has written nothing yet.
   */
  ACTIVITY_CALLING: 'ACTIVITY_CALLING',
  /**
   * An attempt has failed; it waits before the next one. The event `agent_retrying` says until when.
   */
  ACTIVITY_BACKING_OFF: 'ACTIVITY_BACKING_OFF',
} as const;

/**
 * What an agent does between two events.
 */
export type _orchestrator_v1_Progress_Activity__Input =
  /**
   * Never sent.
   */
  | 'ACTIVITY_UNSPECIFIED'
  | 0
  /**
   * It has no call under way: it waits for a slot, or for what `blocked_reason` of the workflow names.
   */
  | 'ACTIVITY_WAITING'
  | 1
  /**
   * A model call is under way; until the first delta the model has written nothing yet.
   */
  | 'ACTIVITY_CALLING'
  | 2
  /**
   * An attempt has failed; it waits before the next one. The event `agent_retrying` says until when.
   */
  | 'ACTIVITY_BACKING_OFF'
  | 3

/**
 * What an agent does between two events.
 */
export type _orchestrator_v1_Progress_Activity__Output = typeof _orchestrator_v1_Progress_Activity[keyof typeof _orchestrator_v1_Progress_Activity]

/**
 * What one agent writes or does just now. A text belongs to (agent_id, turn, attempt) and begins empty with each of
 * them, also where no message said so because a stream began in between. The answer itself, whole and checked, is in
 * the event `model_call_ended`.
 */
export interface Progress__Input {
  /**
   * Whose.
   */
  'agentId'?: (string);
  /**
   * Turn of the agent, counted from 0.
   */
  'turn'?: (number);
  /**
   * Attempt of the turn, counted from 1.
   */
  'attempt'?: (number);
  /**
   * More of the answer; about ten times a second at most.
   */
  'delta'?: (_orchestrator_v1_TextDelta__Input | null);
  /**
   * An earlier attempt of this turn has failed and what it wrote is void; this one begins from nothing.
   */
  'rollBack'?: (_orchestrator_v1_RollBack__Input | null);
  /**
   * What it does now; sent when that changes, and for every agent that has not ended when a stream begins.
   */
  'activity'?: (_orchestrator_v1_Progress_Activity__Input);
  /**
   * What is new.
   */
  'update'?: "delta"|"rollBack"|"activity";
}

/**
 * What one agent writes or does just now. A text belongs to (agent_id, turn, attempt) and begins empty with each of
 * them, also where no message said so because a stream began in between. The answer itself, whole and checked, is in
 * the event `model_call_ended`.
 */
export interface Progress__Output {
  /**
   * Whose.
   */
  'agentId': (string);
  /**
   * Turn of the agent, counted from 0.
   */
  'turn': (number);
  /**
   * Attempt of the turn, counted from 1.
   */
  'attempt': (number);
  /**
   * More of the answer; about ten times a second at most.
   */
  'delta'?: (_orchestrator_v1_TextDelta__Output | null);
  /**
   * An earlier attempt of this turn has failed and what it wrote is void; this one begins from nothing.
   */
  'rollBack'?: (_orchestrator_v1_RollBack__Output | null);
  /**
   * What it does now; sent when that changes, and for every agent that has not ended when a stream begins.
   */
  'activity'?: (_orchestrator_v1_Progress_Activity__Output);
  /**
   * What is new.
   */
  'update'?: "delta"|"rollBack"|"activity";
}
