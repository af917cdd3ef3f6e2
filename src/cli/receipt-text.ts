import type { Receipt__Output } from '../gen/orchestrator/v1/Receipt.ts';
import { costText, countText } from './amount.ts';

/** What became of the calls of a cancelled workflow: `1 call aborted, 3 finished`, and what else there is to know. */
export function receiptCalls({
  callsAborted,
  callsFinished,
  callsUnknown,
  ignoredAbort,
}: Receipt__Output): string {
  return [
    `${countText(callsAborted)} ${callsAborted === 1 ? 'call' : 'calls'} aborted`,
    `${countText(callsFinished)} finished`,
    ...(callsUnknown > 0 ? [`${countText(callsUnknown)} lost in a crash`] : []),
    ...(ignoredAbort.length > 0 ? [`${countText(ignoredAbort.length)} did not obey the abort`] : []),
  ].join(', ');
}

/** What was billed until a workflow was cancelled, and which part of it is assumed. */
export function receiptCost({ costUsd, unpricedCalls, assumedCostUsd }: Receipt__Output): string {
  const cost = costText(costUsd, unpricedCalls);
  return assumedCostUsd > 0 ? `${cost}, of it assumed ${costText(assumedCostUsd)}` : cost;
}
