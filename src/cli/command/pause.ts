import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { stateText } from '../workflow-summary.ts';

/** `pause`: holds a workflow. */
export function addPause(program: Program, runner: CommandRunner): void {
  program
    .command('pause <workflow-id>')
    .description('hold a workflow: calls already sent finish, new ones wait')
    .option('--reason <text>', 'why, for the log')
    .action((workflowId, { reason }) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const request = { workflowId, ...(reason !== undefined && { reason }) };
        const workflow = await client.pauseWorkflow(request, { signal });
        if (output.json) output.value(workflow);
        else {
          output.text(`${workflowId}  ${stateText(workflow.state)}`);
          output.note(`go on with: orchestrator resume ${workflowId}`);
        }
        return exitCodes.ok;
      }),
    );
}
