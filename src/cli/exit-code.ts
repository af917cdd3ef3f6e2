import type { RpcError } from '../client/rpc-error.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';

/** What a script learns from the end of the program. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  cancelled: 3,
  timedOut: 4,
  notFound: 5,
  unavailable: 6,
  rpc: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For --help. */
export const exitCodeHelp = `Exit codes:
  0    done; a workflow that was followed to its end has completed
  1    the workflow failed, or the command could not do its work
  2    usage: bad arguments, bad configuration, INVALID_ARGUMENT
  3    the workflow was cancelled
  4    the workflow timed out, or the time given to wait was over
  5    not found
  6    the server is unavailable or cannot be reached
  7    any other refusal of the server
  130  interrupted (Ctrl-C); the workflow goes on`;

/** The code of a workflow that was followed to where it stands. */
export function exitCodeOf(state: Workflow__Output['state']): ExitCode {
  switch (state) {
    case 'STATE_COMPLETED':
      return exitCodes.ok;
    case 'STATE_CANCELLED':
      return exitCodes.cancelled;
    case 'STATE_TIMED_OUT':
      return exitCodes.timedOut;
    case 'STATE_UNSPECIFIED':
    case 'STATE_PENDING':
    case 'STATE_RUNNING':
    case 'STATE_PAUSED':
    case 'STATE_CANCELLING':
    case 'STATE_FAILED':
      return exitCodes.failed;
  }
  throw new Error(`no exit code for state ${String(state)}`);
}

const exitCodeByStatus: ReadonlyMap<string, ExitCode> = new Map<string, ExitCode>([
  ['INVALID_ARGUMENT', exitCodes.usage],
  ['NOT_FOUND', exitCodes.notFound],
  ['UNAVAILABLE', exitCodes.unavailable],
]);

export function exitCodeOfRefusal({ codeName }: RpcError): ExitCode {
  return exitCodeByStatus.get(codeName) ?? exitCodes.rpc;
}
