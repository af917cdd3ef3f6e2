/**
 * Where a workflow stands; durable, in the log.
 * - pending: accepted, waits for a slot.
 * - running: admitted; agents work.
 * - paused: a person holds it.
 * - cancelling: a cancel was asked for and beats every other outcome.
 * - completed, failed, timed_out, cancelled: final; nothing follows.
 */
export const statuses = [
  'pending',
  'running',
  'paused',
  'cancelling',
  'completed',
  'failed',
  'timed_out',
  'cancelled',
] as const;

export type Status = (typeof statuses)[number];

export const terminalStatuses = ['completed', 'failed', 'timed_out', 'cancelled'] as const;

export type TerminalStatus = (typeof terminalStatuses)[number];

export function isTerminal(status: Status): status is TerminalStatus {
  return (terminalStatuses as readonly Status[]).includes(status);
}
