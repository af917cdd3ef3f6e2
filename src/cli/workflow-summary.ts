import { millisecondsOf } from '../client/time-message.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import { costText, countText, durationText, timeText, tokensOf } from './amount.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable-text.ts';
import { receiptCalls } from './receipt-text.ts';

/** `STATE_TIMED_OUT` as `TIMED_OUT`. */
export function stateText(state: string): string {
  return state.replace(/^STATE_/, '');
}

export function isEnded({ state }: Pick<Workflow__Output, 'state'>): boolean {
  return ['STATE_COMPLETED', 'STATE_FAILED', 'STATE_TIMED_OUT', 'STATE_CANCELLED'].includes(state);
}

const stateFormats: Readonly<Record<string, Parameters<Output['paint']>[0]>> = {
  STATE_COMPLETED: 'green',
  STATE_FAILED: 'red',
  STATE_TIMED_OUT: 'red',
  STATE_CANCELLED: 'yellow',
};

/** The outcome on one line: state, duration, cost, completeness. */
export function outcomeLine(workflow: Workflow__Output, paint: Output['paint']): string {
  const start = millisecondsOf(workflow.startTime);
  const end = millisecondsOf(workflow.endTime);
  const parts = [
    paint(stateFormats[workflow.state] ?? 'cyan', stateText(workflow.state)),
    ...(start === undefined || end === undefined ? [] : [`in ${durationText(end - start)}`]),
    `${countText(tokensOf(workflow.usage))} tokens`,
    costText(workflow.costUsd, workflow.unpricedCalls),
    ...(workflow.completeness === undefined
      ? []
      : [`completeness ${Math.round(workflow.completeness * 100)} %`]),
  ];
  return `${printableLine(workflow.workflowId)}  ${parts.join('  ')}`;
}

/** Why it did not complete; empty when it did, or is still at work. */
export function reasonLine({
  error,
  receipt,
  state,
}: Pick<Workflow__Output, 'error' | 'receipt' | 'state'>): string {
  if (error) return `${printableLine(error.type)}: ${printableLine(error.message)}`;
  if (state !== 'STATE_CANCELLED' || !receipt) return '';
  return receiptCalls(receipt);
}

/** What people want to know of a workflow, a field a line. */
export function workflowFields(workflow: Workflow__Output): string {
  const fields: [name: string, value: string][] = [
    ['id', workflow.workflowId],
    ['title', workflow.title],
    ['state', `${stateText(workflow.state)} (${Math.floor(workflow.progress)} %)`],
    ['waits for', workflow.blockedReason],
    ['provider', workflow.providerName],
    ['created', timeText(workflow.createTime)],
    ['started', timeText(workflow.startTime)],
    ['ended', timeText(workflow.endTime)],
    ['deadline', timeText(workflow.deadlineTime)],
    [
      'agents',
      `${workflow.agentsCompleted} completed, ${workflow.agentsFailed} failed of ${workflow.agentsTotal}`,
    ],
    ['tokens', countText(tokensOf(workflow.usage))],
    ['cost', costText(workflow.costUsd, workflow.unpricedCalls)],
    [
      'completeness',
      workflow.completeness === undefined ? '' : `${Math.round(workflow.completeness * 100)} %`,
    ],
    [
      'labels',
      Object.entries(workflow.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
    ],
    ['outcome', reasonLine(workflow)],
    ['documents', workflow.documents.map(({ format, state }) => `${format} ${stateText(state)}`).join(', ')],
    ['events', workflow.sequence],
  ];
  return fields
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(14)}${printableLine(value)}`)
    .join('\n');
}
