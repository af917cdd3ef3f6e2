import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { stateText } from '../workflow-summary.ts';

/** `resume`: puts a paused workflow back in line. */
export function addResume(program: Program, runner: CommandRunner): void {
  program
    .command('resume <workflow-id>')
    .description('let a paused workflow go on')
    .action((workflowId) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const workflow = await client.resumeWorkflow(workflowId, { signal });
        if (output.json) output.value(workflow);
        else output.text(`${workflowId}  ${stateText(workflow.state)}`);
        return exitCodes.ok;
      }),
    );
}
