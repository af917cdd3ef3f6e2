import type { Progress__Output } from '../gen/orchestrator/v1/Progress.ts';
import { printableLine } from './printable-text.ts';

/** One message of progress on one line: `~  researcher/3  The tides of the bay`. */
export function progressLine(progress: Progress__Output): string {
  return `~  ${printableLine(progress.agentId)}  ${printableLine(textOf(progress))}`;
}

function textOf({ attempt, delta, rollBack, activity }: Progress__Output): string {
  if (delta) return delta.text;
  if (rollBack) {
    const cause = rollBack.cause ? `, ${rollBack.cause.code}: ${rollBack.cause.message}` : '';
    return `(attempt ${attempt}; what came before is void${cause})`;
  }
  switch (activity) {
    case 'ACTIVITY_WAITING':
      return '(waiting)';
    case 'ACTIVITY_CALLING':
      return '(calling)';
    case 'ACTIVITY_BACKING_OFF':
      return '(backing off)';
    case 'ACTIVITY_UNSPECIFIED':
    case undefined:
      return '';
  }
  // One that this client does not know yet.
  return `(${String(activity)})`;
}
