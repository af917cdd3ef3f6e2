import type { Started } from '../client/orchestrator-client.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import type { CliContext } from './cli-context.ts';
import { exitCodeOf, type ExitCode } from './exit-code.ts';
import { follow } from './follow.ts';
import { sayDetached, showOutcome } from './outcome.ts';
import type { Output } from './output.ts';
import { writeReports } from './report-file.ts';
import type { Session } from './session.ts';

export interface WorkflowRun {
  readonly workflow: Workflow__Output;
  /** Files that were written. */
  readonly paths: readonly string[];
  readonly exitCode: ExitCode;
}

/**
 * Starts a workflow, follows it to its end and writes its documents into `folder` when it has completed. With --json
 * nothing is printed: that is left to the caller.
 */
export async function runWorkflow(
  context: CliContext,
  session: Session,
  begin: () => Promise<Started>,
  folder: string | undefined,
): Promise<WorkflowRun> {
  const { output, signal } = context;
  const { client } = session;
  const started = await begin();
  const { workflowId } = started.workflow;
  output.note(
    started.alreadyStarted ? `${workflowId} (the request id was used before)` : `${workflowId} started`,
  );
  noteOffline(output, started.workflow);
  try {
    const workflow = await follow(context, client, workflowId, { jsonEvents: false });
    showOutcome(output, workflow);
    const exitCode = exitCodeOf(workflow.state);
    if (folder === undefined || workflow.state !== 'STATE_COMPLETED') {
      if (exitCode === 0) output.note(`read it with: orchestrator result ${workflowId} [--output report.md]`);
      return { workflow, paths: [], exitCode };
    }
    const paths = await writeReports(client, workflowId, folder, signal);
    if (!output.json) output.text(paths.map((path) => `report: ${path}`).join('\n'));
    return { workflow, paths, exitCode };
  } catch (error) {
    throw sayDetached(error, context, session, workflowId);
  }
}

/** A run that can only end without a finding would otherwise look like success. */
export function noteOffline(output: Output, { providerName, sources, options }: Workflow__Output): void {
  if (providerName !== 'offline' || sources.length > 0 || options?.corpus) return;
  output.note(
    'hint: provider offline only quotes given documents, and there are none; add --docs or --corpus',
  );
}
