import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { stateText } from '../workflow-summary.ts';

/** `conclude`: an early end with a report. */
export function addConclude(program: Program, runner: CommandRunner): void {
  program
    .command('conclude <workflow-id>')
    .description('bring a running workflow to an early end, with a report of what there is')
    .action((workflowId) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const workflow = await client.concludeWorkflow(workflowId, { signal });
        if (output.json) output.value(workflow);
        else {
          output.text(`${workflowId}  ${stateText(workflow.state)}  concluding`);
          output.note(
            `see the report with: orchestrator wait ${workflowId} && orchestrator result ${workflowId}`,
          );
        }
        return exitCodes.ok;
      }),
    );
}
