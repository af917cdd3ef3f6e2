import type { WorkflowError } from './event.ts';
import { clip } from './failure.ts';
import type { WorkflowState } from './state.ts';
import { isTerminal, type Status } from './status.ts';

/** The derived row of a workflow: what lists show without reading a log. Always equal to the fold of the log. */
export interface WorkflowRow {
  readonly workflowId: string;
  readonly orchestrator: string;
  readonly status: Status;
  readonly task: string;
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly createTime: number;
  readonly startTime: number | undefined;
  readonly updateTime: number;
  readonly endTime: number | undefined;
  readonly sequence: number;
  readonly progress: number;
  readonly agentsTotal: number;
  readonly agentsCompleted: number;
  readonly agentsFailed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  readonly unpricedCalls: number;
  readonly completeness: number | undefined;
  readonly error: WorkflowError | undefined;
  readonly providerName: string;
  readonly traceparent: string | undefined;
}

const errorCharsInRow = 500;

export function rowOf(state: WorkflowState): WorkflowRow {
  let completed = 0;
  let failed = 0;
  for (const agent of state.agents.values()) {
    if (agent.status === 'completed') completed++;
    else if (agent.status === 'failed') failed++;
  }
  return {
    workflowId: state.workflowId,
    orchestrator: state.orchestrator,
    status: state.status,
    task: state.task,
    title: state.title,
    labels: state.options.labels,
    priority: state.options.priority,
    createTime: state.createTime,
    startTime: state.startTime,
    updateTime: state.updateTime,
    endTime: state.endTime,
    sequence: state.sequence,
    progress: state.progress,
    agentsTotal: state.agents.size,
    agentsCompleted: completed,
    agentsFailed: failed,
    inputTokens: state.ledger.spentInputTokens,
    outputTokens: state.ledger.spentOutputTokens,
    costNanoUsd: state.ledger.spentNanoUsd,
    unpricedCalls: state.ledger.unpricedCalls,
    completeness: state.completion?.completeness,
    error: state.error && { type: state.error.type, message: clip(state.error.message, errorCharsInRow) },
    providerName: state.options.providerName,
    traceparent: state.traceparent,
  };
}

/** Whether the row's workflow can still change. */
export function isOpen(row: WorkflowRow): boolean {
  return !isTerminal(row.status);
}
