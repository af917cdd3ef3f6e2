import type { WorkflowRow } from '../workflow/row.ts';

/**
 * A row as it is kept: what never changes after the first append is written once, apart from what every append
 * changes. Labels stand alone because lists filter by them. All three are JSON.
 */
export interface StoredRow {
  readonly labels: string;
  readonly description: string;
  readonly summary: string;
}

type Description = Pick<
  WorkflowRow,
  | 'workflowId'
  | 'orchestrator'
  | 'task'
  | 'title'
  | 'priority'
  | 'createTime'
  | 'providerName'
  | 'traceparent'
>;
type Summary = Omit<WorkflowRow, keyof Description | 'labels'>;

/** The part of the row that the first append writes. */
export function descriptionOf(row: WorkflowRow): string {
  const description: Description = {
    workflowId: row.workflowId,
    orchestrator: row.orchestrator,
    task: row.task,
    title: row.title,
    priority: row.priority,
    createTime: row.createTime,
    providerName: row.providerName,
    traceparent: row.traceparent,
  };
  return JSON.stringify(description);
}

/** The part of the row that every append writes. */
export function summaryOf(row: WorkflowRow): string {
  const summary: Summary = {
    status: row.status,
    startTime: row.startTime,
    updateTime: row.updateTime,
    endTime: row.endTime,
    sequence: row.sequence,
    progress: row.progress,
    agentsTotal: row.agentsTotal,
    agentsCompleted: row.agentsCompleted,
    agentsFailed: row.agentsFailed,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    costNanoUsd: row.costNanoUsd,
    unpricedCalls: row.unpricedCalls,
    completeness: row.completeness,
    error: row.error,
  };
  return JSON.stringify(summary);
}

/** The row as it was given. Every key is present, also where JSON leaves an undefined value out. */
export function rowFrom(stored: StoredRow): WorkflowRow {
  // The store's own bytes, written by the functions above.
  const description = JSON.parse(stored.description) as Description;
  const summary = JSON.parse(stored.summary) as Summary;
  const labels = JSON.parse(stored.labels) as WorkflowRow['labels'];
  return {
    workflowId: description.workflowId,
    orchestrator: description.orchestrator,
    status: summary.status,
    task: description.task,
    title: description.title,
    labels,
    priority: description.priority,
    createTime: description.createTime,
    startTime: summary.startTime,
    updateTime: summary.updateTime,
    endTime: summary.endTime,
    sequence: summary.sequence,
    progress: summary.progress,
    agentsTotal: summary.agentsTotal,
    agentsCompleted: summary.agentsCompleted,
    agentsFailed: summary.agentsFailed,
    inputTokens: summary.inputTokens,
    outputTokens: summary.outputTokens,
    costNanoUsd: summary.costNanoUsd,
    unpricedCalls: summary.unpricedCalls,
    completeness: summary.completeness,
    error: summary.error,
    providerName: description.providerName,
    traceparent: description.traceparent,
  };
}
