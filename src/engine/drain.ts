import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { isTerminal } from '../workflow/status.ts';
import type { WorkflowActor } from './workflow-actor.ts';

export type ShutdownPolicy = 'drain' | 'cancel';

/** What a drain did, for the log and for tests. */
export interface DrainReport {
  readonly workflowsReleased: number;
  readonly workflowsCancelled: number;
  readonly callsAborted: number;
}

/**
 * Lets the attempts of these workflows end for `graceMs`, aborts the rest, and lets go of every workflow, so that the
 * next process goes on from its log. With policy `cancel` each is cancelled instead. Ends a few seconds after the
 * grace at the latest: a store that does not answer must not keep the process, and what was not recorded is
 * recovered as a crash. `giveBack` returns the ownership of those that are left.
 */
export async function drainWorkflows(
  actors: readonly WorkflowActor[],
  deps: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly graceMs: number;
    readonly policy: ShutdownPolicy;
    giveBack(left: readonly WorkflowActor[]): Promise<void>;
  },
): Promise<DrainReport> {
  const { clock, logger, graceMs, policy } = deps;
  let callsAborted = 0;
  const overdue = clock.after(graceMs, () => {
    for (const actor of actors) {
      callsAborted += actor.openCalls;
      actor.abortCalls('shutdown');
    }
  });
  const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<void>();
  const last = clock.after(graceMs + limits.cancelQuiescenceMs, giveUp);
  const quiet = Promise.all(
    actors.map((actor) =>
      policy === 'cancel'
        ? actor.cancel('the server is shutting down')
        : Promise.race([actor.drain(), actor.ended]),
    ),
  );
  await Promise.race([quiet, gaveUp]);
  overdue.cancel();
  const cancelled = policy === 'cancel' ? actors.filter((actor) => actor.state.status === 'cancelled') : [];
  for (const { key } of cancelled) {
    logger.info({ workflow_id: key.workflowId }, 'workflow cancelled by shutdown');
  }
  const left = actors.filter((actor) => !isTerminal(actor.state.status));
  for (const actor of left) actor.release();
  await Promise.race([deps.giveBack(left), gaveUp]);
  last.cancel();
  return { workflowsReleased: left.length, workflowsCancelled: cancelled.length, callsAborted };
}
