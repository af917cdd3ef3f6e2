// Original file: proto/orchestrator/v1/workflow.proto

import type { Timestamp__Input as _google_protobuf_Timestamp__Input, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Usage__Input as _orchestrator_v1_Usage__Input, Usage__Output as _orchestrator_v1_Usage__Output } from '../../orchestrator/v1/Usage.ts';
import type { WorkflowError__Input as _orchestrator_v1_WorkflowError__Input, WorkflowError__Output as _orchestrator_v1_WorkflowError__Output } from '../../orchestrator/v1/WorkflowError.ts';
import type { Struct__Input as _google_protobuf_Struct__Input, Struct__Output as _google_protobuf_Struct__Output } from '../../google/protobuf/Struct.ts';
import type { RunOptions__Input as _orchestrator_v1_RunOptions__Input, RunOptions__Output as _orchestrator_v1_RunOptions__Output } from '../../orchestrator/v1/RunOptions.ts';
import type { SourceDocument__Input as _orchestrator_v1_SourceDocument__Input, SourceDocument__Output as _orchestrator_v1_SourceDocument__Output } from '../../orchestrator/v1/SourceDocument.ts';
import type { Plan__Input as _orchestrator_v1_Plan__Input, Plan__Output as _orchestrator_v1_Plan__Output } from '../../orchestrator/v1/Plan.ts';
import type { Agent__Input as _orchestrator_v1_Agent__Input, Agent__Output as _orchestrator_v1_Agent__Output } from '../../orchestrator/v1/Agent.ts';
import type { Document__Input as _orchestrator_v1_Document__Input, Document__Output as _orchestrator_v1_Document__Output } from '../../orchestrator/v1/Document.ts';
import type { Receipt__Input as _orchestrator_v1_Receipt__Input, Receipt__Output as _orchestrator_v1_Receipt__Output } from '../../orchestrator/v1/Receipt.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/orchestrator/v1/workflow.proto

/**
 * Where a workflow stands. A terminal state is final: nothing follows it.
 */
export const _orchestrator_v1_Workflow_State = {
  /**
   * Never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * Accepted and durable; waits for a slot.
   */
  STATE_PENDING: 'STATE_PENDING',
  /**
   * Admitted; agents work.
   */
  STATE_RUNNING: 'STATE_RUNNING',
  /**
   * Held by a caller; clocks stand still. After 7 days the workflow times out.
   */
  STATE_PAUSED: 'STATE_PAUSED',
  /**
   * A cancel was asked for and beats every other outcome; calls in flight are being aborted.
   */
  STATE_CANCELLING: 'STATE_CANCELLING',
  /**
   * Terminal: there is a result.
   */
  STATE_COMPLETED: 'STATE_COMPLETED',
  /**
   * Terminal: `error` says why.
   */
  STATE_FAILED: 'STATE_FAILED',
  /**
   * Terminal: a limit of time was reached; `error` names it.
   */
  STATE_TIMED_OUT: 'STATE_TIMED_OUT',
  /**
   * Terminal: ended by a cancel; `receipt` says what was done and billed until then.
   */
  STATE_CANCELLED: 'STATE_CANCELLED',
} as const;

/**
 * Where a workflow stands. A terminal state is final: nothing follows it.
 */
export type _orchestrator_v1_Workflow_State__Input =
  /**
   * Never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * Accepted and durable; waits for a slot.
   */
  | 'STATE_PENDING'
  | 1
  /**
   * Admitted; agents work.
   */
  | 'STATE_RUNNING'
  | 2
  /**
   * Held by a caller; clocks stand still. After 7 days the workflow times out.
   */
  | 'STATE_PAUSED'
  | 3
  /**
   * A cancel was asked for and beats every other outcome; calls in flight are being aborted.
   */
  | 'STATE_CANCELLING'
  | 4
  /**
   * Terminal: there is a result.
   */
  | 'STATE_COMPLETED'
  | 5
  /**
   * Terminal: `error` says why.
   */
  | 'STATE_FAILED'
  | 6
  /**
   * Terminal: a limit of time was reached; `error` names it.
   */
  | 'STATE_TIMED_OUT'
  | 7
  /**
   * Terminal: ended by a cancel; `receipt` says what was done and billed until then.
   */
  | 'STATE_CANCELLED'
  | 8

/**
 * Where a workflow stands. A terminal state is final: nothing follows it.
 */
export type _orchestrator_v1_Workflow_State__Output = typeof _orchestrator_v1_Workflow_State[keyof typeof _orchestrator_v1_Workflow_State]

/**
 * One run of an orchestrator on one input. Its truth is an append-only log of events; this message is what the log
 * adds up to. Lists fill the fields up to `traceparent`; every other reply fills all of them.
 */
export interface Workflow__Input {
  /**
   * `<orchestrator>_<12 lower-case hexadecimal digits>`, for example `research_0a1b2c3d4e5f`.
   */
  'workflowId'?: (string);
  /**
   * Name of the orchestrator that runs it, for example `research`.
   */
  'orchestrator'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_orchestrator_v1_Workflow_State__Input);
  /**
   * The task or query, as given.
   */
  'task'?: (string);
  /**
   * The title, as given or made from the task.
   */
  'title'?: (string);
  /**
   * Labels given at the start.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Higher is admitted first; -100 to 100.
   */
  'priority'?: (number);
  /**
   * When the start became durable.
   */
  'createTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When it was admitted for the first time; absent before.
   */
  'startTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When its last event was appended.
   */
  'updateTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When it reached a terminal state; absent before.
   */
  'endTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Sequence of the last event in its log.
   */
  'sequence'?: (number | string | Long);
  /**
   * 0 to 100; never falls.
   */
  'progress'?: (number | string);
  /**
   * Agents scheduled so far, of every role.
   */
  'agentsTotal'?: (number);
  /**
   * Agents that have completed.
   */
  'agentsCompleted'?: (number);
  /**
   * Agents that have failed for good.
   */
  'agentsFailed'?: (number);
  /**
   * Tokens charged so far, of all calls, failed ones included.
   */
  'usage'?: (_orchestrator_v1_Usage__Input | null);
  /**
   * Exact cost so far in billionths of a US dollar; calls of unknown price are not in it.
   */
  'costNanoUsd'?: (number | string | Long);
  /**
   * The same cost in US dollars.
   */
  'costUsd'?: (number | string);
  /**
   * Finished calls whose price is unknown; above 0 the cost is a lower bound.
   */
  'unpricedCalls'?: (number);
  /**
   * Successful working agents divided by the requested ones, 0 to 1; absent unless completed.
   */
  'completeness'?: (number | string);
  /**
   * Why it failed or timed out; absent otherwise.
   */
  'error'?: (_orchestrator_v1_WorkflowError__Input | null);
  /**
   * The provider its calls go to.
   */
  'providerName'?: (string);
  /**
   * W3C trace context of its root span; empty when there is none.
   */
  'traceparent'?: (string);
  /**
   * Why it does not go on, in words: its place in line, what its agents wait for, or why no process can carry it. Empty
   * while nothing holds it up, while paused or cancelling in order, and after the end.
   */
  'blockedReason'?: (string);
  /**
   * When the workflow timeout is over; absent until admitted, while paused and after the end.
   */
  'deadlineTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * When a pause itself times out; absent unless paused.
   */
  'pauseDeadlineTime'?: (_google_protobuf_Timestamp__Input | null);
  /**
   * Version of the orchestrator's rules the log was written with.
   */
  'orchestratorVersion'?: (number);
  /**
   * The request id of the start; empty when none was given.
   */
  'requestId'?: (string);
  /**
   * The orchestrator's own input, defaults filled, fields in lowerCamelCase.
   */
  'input'?: (_google_protobuf_Struct__Input | null);
  /**
   * The options of the run, defaults filled. Inline documents are not repeated: see `sources`.
   */
  'options'?: (_orchestrator_v1_RunOptions__Input | null);
  /**
   * Documents that came with the request.
   */
  'sources'?: (_orchestrator_v1_SourceDocument__Input)[];
  /**
   * The plan; absent until there is one.
   */
  'plan'?: (_orchestrator_v1_Plan__Input | null);
  /**
   * Agents in the order they were scheduled.
   */
  'agents'?: (_orchestrator_v1_Agent__Input)[];
  /**
   * Rendered documents, also those that are under way or failed.
   */
  'documents'?: (_orchestrator_v1_Document__Input)[];
  /**
   * What was done and billed until a cancel took effect; absent unless cancelled.
   */
  'receipt'?: (_orchestrator_v1_Receipt__Input | null);
  /**
   * Part of the cost that is a reservation charged in full because no usage was reported, in billionths of a US dollar.
   */
  'assumedCostNanoUsd'?: (number | string | Long);
  /**
   * What calls in flight may cost at most, in billionths of a US dollar.
   */
  'heldCostNanoUsd'?: (number | string | Long);
  /**
   * How often another process has taken the workflow over.
   */
  'recoveries'?: (number);
  /**
   * The `x-request-id` of the call that started it, the caller's or one the server made; empty when it is not known.
   */
  'callerRequestId'?: (string);
  /**
   * Why it is brought to an early end with a report: `caller`, `deadline` or `budget`; empty: it is not.
   */
  'concluding'?: (string);
  '_completeness'?: "completeness";
}

/**
 * One run of an orchestrator on one input. Its truth is an append-only log of events; this message is what the log
 * adds up to. Lists fill the fields up to `traceparent`; every other reply fills all of them.
 */
export interface Workflow__Output {
  /**
   * `<orchestrator>_<12 lower-case hexadecimal digits>`, for example `research_0a1b2c3d4e5f`.
   */
  'workflowId': (string);
  /**
   * Name of the orchestrator that runs it, for example `research`.
   */
  'orchestrator': (string);
  /**
   * Where it stands.
   */
  'state': (_orchestrator_v1_Workflow_State__Output);
  /**
   * The task or query, as given.
   */
  'task': (string);
  /**
   * The title, as given or made from the task.
   */
  'title': (string);
  /**
   * Labels given at the start.
   */
  'labels': ({[key: string]: string});
  /**
   * Higher is admitted first; -100 to 100.
   */
  'priority': (number);
  /**
   * When the start became durable.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it was admitted for the first time; absent before.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When its last event was appended.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it reached a terminal state; absent before.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Sequence of the last event in its log.
   */
  'sequence': (string);
  /**
   * 0 to 100; never falls.
   */
  'progress': (number);
  /**
   * Agents scheduled so far, of every role.
   */
  'agentsTotal': (number);
  /**
   * Agents that have completed.
   */
  'agentsCompleted': (number);
  /**
   * Agents that have failed for good.
   */
  'agentsFailed': (number);
  /**
   * Tokens charged so far, of all calls, failed ones included.
   */
  'usage': (_orchestrator_v1_Usage__Output | null);
  /**
   * Exact cost so far in billionths of a US dollar; calls of unknown price are not in it.
   */
  'costNanoUsd': (string);
  /**
   * The same cost in US dollars.
   */
  'costUsd': (number);
  /**
   * Finished calls whose price is unknown; above 0 the cost is a lower bound.
   */
  'unpricedCalls': (number);
  /**
   * Successful working agents divided by the requested ones, 0 to 1; absent unless completed.
   */
  'completeness'?: (number);
  /**
   * Why it failed or timed out; absent otherwise.
   */
  'error': (_orchestrator_v1_WorkflowError__Output | null);
  /**
   * The provider its calls go to.
   */
  'providerName': (string);
  /**
   * W3C trace context of its root span; empty when there is none.
   */
  'traceparent': (string);
  /**
   * Why it does not go on, in words: its place in line, what its agents wait for, or why no process can carry it. Empty
   * while nothing holds it up, while paused or cancelling in order, and after the end.
   */
  'blockedReason': (string);
  /**
   * When the workflow timeout is over; absent until admitted, while paused and after the end.
   */
  'deadlineTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When a pause itself times out; absent unless paused.
   */
  'pauseDeadlineTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Version of the orchestrator's rules the log was written with.
   */
  'orchestratorVersion': (number);
  /**
   * The request id of the start; empty when none was given.
   */
  'requestId': (string);
  /**
   * The orchestrator's own input, defaults filled, fields in lowerCamelCase.
   */
  'input': (_google_protobuf_Struct__Output | null);
  /**
   * The options of the run, defaults filled. Inline documents are not repeated: see `sources`.
   */
  'options': (_orchestrator_v1_RunOptions__Output | null);
  /**
   * Documents that came with the request.
   */
  'sources': (_orchestrator_v1_SourceDocument__Output)[];
  /**
   * The plan; absent until there is one.
   */
  'plan': (_orchestrator_v1_Plan__Output | null);
  /**
   * Agents in the order they were scheduled.
   */
  'agents': (_orchestrator_v1_Agent__Output)[];
  /**
   * Rendered documents, also those that are under way or failed.
   */
  'documents': (_orchestrator_v1_Document__Output)[];
  /**
   * What was done and billed until a cancel took effect; absent unless cancelled.
   */
  'receipt': (_orchestrator_v1_Receipt__Output | null);
  /**
   * Part of the cost that is a reservation charged in full because no usage was reported, in billionths of a US dollar.
   */
  'assumedCostNanoUsd': (string);
  /**
   * What calls in flight may cost at most, in billionths of a US dollar.
   */
  'heldCostNanoUsd': (string);
  /**
   * How often another process has taken the workflow over.
   */
  'recoveries': (number);
  /**
   * The `x-request-id` of the call that started it, the caller's or one the server made; empty when it is not known.
   */
  'callerRequestId': (string);
  /**
   * Why it is brought to an early end with a report: `caller`, `deadline` or `budget`; empty: it is not.
   */
  'concluding': (string);
  '_completeness'?: "completeness";
}
