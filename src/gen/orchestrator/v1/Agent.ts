// Original file: proto/orchestrator/v1/workflow.proto

import type { Subtask__Input as _orchestrator_v1_Subtask__Input, Subtask__Output as _orchestrator_v1_Subtask__Output } from '../../orchestrator/v1/Subtask.ts';
import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/orchestrator/v1/workflow.proto

/**
 * Where an agent stands.
 */
export const _orchestrator_v1_Agent_State = {
  /**
   * Never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * Exists and has made no call.
   */
  STATE_SCHEDULED: 'STATE_SCHEDULED',
  /**
   * Between its first call and its end: calling, or waiting for its next attempt.
   */
  STATE_WORKING: 'STATE_WORKING',
  /**
   * Final: it has a content.
   */
  STATE_COMPLETED: 'STATE_COMPLETED',
  /**
   * Final: `failure` says why.
   */
  STATE_FAILED: 'STATE_FAILED',
  /**
   * Final: the workflow ended first.
   */
  STATE_STOPPED: 'STATE_STOPPED',
} as const;

/**
 * Where an agent stands.
 */
export type _orchestrator_v1_Agent_State__Input =
  /**
   * Never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * Exists and has made no call.
   */
  | 'STATE_SCHEDULED'
  | 1
  /**
   * Between its first call and its end: calling, or waiting for its next attempt.
   */
  | 'STATE_WORKING'
  | 2
  /**
   * Final: it has a content.
   */
  | 'STATE_COMPLETED'
  | 3
  /**
   * Final: `failure` says why.
   */
  | 'STATE_FAILED'
  | 4
  /**
   * Final: the workflow ended first.
   */
  | 'STATE_STOPPED'
  | 5

/**
 * Where an agent stands.
 */
export type _orchestrator_v1_Agent_State__Output = typeof _orchestrator_v1_Agent_State[keyof typeof _orchestrator_v1_Agent_State]

/**
 * One unit of model work in a workflow.
 */
export interface Agent__Input {
  /**
   * Stable inside the workflow, for example `researcher/3`.
   */
  'agentId'?: (string);
  /**
   * planner, researcher, synthesizer, executive, final, step or evaluator.
   */
  'role'?: (string);
  /**
   * What its work is for: plan, work or synthesis.
   */
  'stage'?: (string);
  /**
   * Level of a synthesis: group, executive or final; empty otherwise.
   */
  'level'?: (string);
  /**
   * For people.
   */
  'title'?: (string);
  /**
   * Its part of the task; absent for planners and synthesizers.
   */
  'subtask'?: (_orchestrator_v1_Subtask__Input | null);
  /**
   * Where it stands.
   */
  'state'?: (_orchestrator_v1_Agent_State__Input);
  /**
   * Model it calls.
   */
  'model'?: (string);
  /**
   * Attempts of all its turns so far.
   */
  'attempts'?: (number);
  /**
   * Whether a model call is in flight.
   */
  'calling'?: (boolean);
  /**
   * When it was scheduled.
   */
  'scheduleTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When it made its first call; absent before.
   */
  'startTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When it completed or failed; absent before.
   */
  'endTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When its time is over; absent before its first call.
   */
  'deadlineTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Its next attempt comes no earlier than this; absent unless it waits for one.
   */
  'retryTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Tokens it was charged.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Its cost in billionths of a US dollar.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same cost in US dollars.
   */
  'costUsd'?: (number | string);
  /**
   * Why it failed; while it works, the failure of its last attempt; absent when there is none.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
  /**
   * Agents whose contents are its material, in order.
   */
  'inputAgentIds'?: (string)[];
}

/**
 * One unit of model work in a workflow.
 */
export interface Agent__Output {
  /**
   * Stable inside the workflow, for example `researcher/3`.
   */
  'agentId': (string);
  /**
   * planner, researcher, synthesizer, executive, final, step or evaluator.
   */
  'role': (string);
  /**
   * What its work is for: plan, work or synthesis.
   */
  'stage': (string);
  /**
   * Level of a synthesis: group, executive or final; empty otherwise.
   */
  'level': (string);
  /**
   * For people.
   */
  'title': (string);
  /**
   * Its part of the task; absent for planners and synthesizers.
   */
  'subtask': (_orchestrator_v1_Subtask__Output | null);
  /**
   * Where it stands.
   */
  'state': (_orchestrator_v1_Agent_State__Output);
  /**
   * Model it calls.
   */
  'model': (string);
  /**
   * Attempts of all its turns so far.
   */
  'attempts': (number);
  /**
   * Whether a model call is in flight.
   */
  'calling': (boolean);
  /**
   * When it was scheduled.
   */
  'scheduleTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it made its first call; absent before.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it completed or failed; absent before.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When its time is over; absent before its first call.
   */
  'deadlineTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Its next attempt comes no earlier than this; absent unless it waits for one.
   */
  'retryTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Tokens it was charged.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Its cost in billionths of a US dollar.
   */
  'costNanoUsd': (string);
  /**
   * The same cost in US dollars.
   */
  'costUsd': (number);
  /**
   * Why it failed; while it works, the failure of its last attempt; absent when there is none.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
  /**
   * Agents whose contents are its material, in order.
   */
  'inputAgentIds': (string)[];
}
