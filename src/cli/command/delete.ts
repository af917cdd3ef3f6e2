import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';

/** `delete`: removes a finished workflow. */
export function addDelete(program: Program, runner: CommandRunner): void {
  program
    .command('delete <workflow-id>')
    .description('remove a workflow that has ended: events, result and documents, for good')
    .action((workflowId) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        await client.deleteWorkflow(workflowId, { signal });
        if (output.json) output.value({ workflowId, deleted: true });
        else output.text(`${workflowId}  deleted`);
        return exitCodes.ok;
      }),
    );
}
