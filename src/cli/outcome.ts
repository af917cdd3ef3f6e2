import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import type { CliContext } from './cli-context.ts';
import { InterruptedError } from './interrupts.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import { outcomeLine, reasonLine } from './workflow-summary.ts';

/** The last lines of a command that followed a workflow: how it ended and why. Nothing with --json. */
export function showOutcome(output: Output, workflow: Workflow__Output): void {
  if (output.json) return;
  output.painted(outcomeLine(workflow, output.paint));
  const reason = reasonLine(workflow);
  if (reason !== '') output.text(reason);
}

/** Says how to come back to a workflow after Ctrl-C. The error comes back, to be thrown on. */
export function sayDetached(
  error: unknown,
  { output, options, signal }: CliContext,
  session: Session,
  workflowId: string,
): unknown {
  if (!(error instanceof InterruptedError) && !signal.aborted) return error;
  const address = options.address === undefined ? '' : ` --address ${options.address}`;
  const dataDir = options.dataDir === undefined ? '' : ` --data-dir ${options.dataDir}`;
  if (session.embedded) {
    output.note(`\n${workflowId} goes on when a server runs on the same data directory:`);
    output.note(`  orchestrator serve${dataDir}`);
    const folders = Object.entries(session.corpora).map(([name, path]) => `${name}: ${JSON.stringify(path)}`);
    if (folders.length > 0) {
      output.note(
        `whose orchestrator.yaml names the documents:\n  corpora: { ${folders.join(', ')} }\nThen:`,
      );
    }
  } else output.note(`\ndetached; ${workflowId} goes on`);
  output.note(`  orchestrator watch ${workflowId}${address}\n  orchestrator cancel ${workflowId}${address}`);
  return error;
}
