import type { Agent__Input } from '../gen/orchestrator/v1/Agent.ts';
import type { Workflow__Input } from '../gen/orchestrator/v1/Workflow.ts';
import { type WorkflowRow, rowOf } from '../workflow/row.ts';
import type { AgentState, WorkflowState } from '../workflow/state.ts';
import { isTerminal, type Status } from '../workflow/status.ts';
import {
  costFields,
  documentMessage,
  errorMessage,
  optionalFailure,
  optionalSubtask,
  receiptMessage,
  sourceMessage,
  subtaskMessage,
} from './part-message.ts';
import { runOptionsMessage } from './run-options.ts';
import { structMessage } from './struct.ts';
import { optionalTimestamp, timestampMessage } from './timestamp.ts';

export const stateNames = {
  pending: 'STATE_PENDING',
  running: 'STATE_RUNNING',
  paused: 'STATE_PAUSED',
  cancelling: 'STATE_CANCELLING',
  completed: 'STATE_COMPLETED',
  failed: 'STATE_FAILED',
  timed_out: 'STATE_TIMED_OUT',
  cancelled: 'STATE_CANCELLED',
} as const satisfies Record<Status, string>;

const agentStateNames = {
  scheduled: 'STATE_SCHEDULED',
  working: 'STATE_WORKING',
  completed: 'STATE_COMPLETED',
  failed: 'STATE_FAILED',
  stopped: 'STATE_STOPPED',
} as const satisfies Record<AgentState['status'], string>;

/** A workflow without details, as lists show it. */
export function workflowSummary(row: WorkflowRow): Workflow__Input {
  return {
    workflowId: row.workflowId,
    orchestrator: row.orchestrator,
    state: stateNames[row.status],
    task: row.task,
    title: row.title,
    labels: row.labels,
    priority: row.priority,
    createTime: timestampMessage(row.createTime),
    startTime: optionalTimestamp(row.startTime),
    updateTime: timestampMessage(row.updateTime),
    endTime: optionalTimestamp(row.endTime),
    sequence: row.sequence,
    progress: row.progress,
    agentsTotal: row.agentsTotal,
    agentsCompleted: row.agentsCompleted,
    agentsFailed: row.agentsFailed,
    usage: { inputTokens: row.inputTokens, outputTokens: row.outputTokens },
    ...costFields(row.costNanoUsd),
    unpricedCalls: row.unpricedCalls,
    ...(row.completeness !== undefined && { completeness: row.completeness }),
    error: row.error ? errorMessage(row.error) : null,
    providerName: row.providerName,
    traceparent: row.traceparent ?? '',
  };
}

/** A workflow with all its details. */
export function workflowMessage(state: WorkflowState, blockedReason?: string): Workflow__Input {
  return {
    ...workflowSummary(rowOf(state)),
    error: state.error ? errorMessage(state.error) : null,
    blockedReason: blockedReason ?? '',
    deadlineTime: optionalTimestamp(state.deadline),
    pauseDeadlineTime: optionalTimestamp(state.pause?.pauseDeadline),
    orchestratorVersion: state.orchestratorVersion,
    requestId: state.requestId ?? '',
    callerRequestId: state.callerRequestId ?? '',
    concluding: isTerminal(state.status) ? '' : (state.conclusion?.reason ?? ''),
    input: structMessage(state.input),
    options: runOptionsMessage(state.options, state.corpus),
    sources: state.sources.map(sourceMessage),
    plan: state.plan
      ? {
          requested: state.plan.requested,
          subtasks: state.plan.subtasks.map(subtaskMessage),
        }
      : null,
    agents: [...state.agents.values()].map(agentMessage),
    documents: [...state.documents.values()].map(documentMessage),
    receipt: state.receipt ? receiptMessage(state.receipt) : null,
    assumedCostNanoUsd: state.ledger.assumedNanoUsd,
    heldCostNanoUsd: state.ledger.heldNanoUsd,
    recoveries: state.recoveries,
  };
}

function agentMessage(agent: AgentState): Agent__Input {
  return {
    agentId: agent.agentId,
    role: agent.role,
    stage: agent.stage.type,
    level: agent.stage.type === 'synthesis' ? agent.stage.level : '',
    title: agent.title,
    subtask: optionalSubtask(agent.subtask),
    state: agentStateNames[agent.status],
    model: agent.model,
    attempts: agent.attempts,
    calling: agent.openCall !== undefined,
    scheduleTime: timestampMessage(agent.scheduledTime),
    startTime: optionalTimestamp(agent.startTime),
    endTime: optionalTimestamp(agent.endTime),
    deadlineTime: optionalTimestamp(agent.deadline),
    retryTime: optionalTimestamp(agent.retryTime),
    usage: agent.usage,
    ...costFields(agent.costNanoUsd),
    failure: optionalFailure(agent.failure ?? (agent.status === 'working' ? agent.lastFailure : undefined)),
    inputAgentIds: [...agent.inputAgentIds],
  };
}
