import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { workflowFrame } from '../workflow-frame.ts';
import { workflowFields } from '../workflow-summary.ts';

const columnsDefault = 100;

/** `get`: a workflow as it stands. */
export function addGet(program: Program, runner: CommandRunner): void {
  program
    .command('get <workflow-id>')
    .description('show a workflow with its agents')
    .action((workflowId) =>
      runner.withSession(async ({ client }, { output, signal, deps }) => {
        const workflow = await client.getWorkflow(workflowId, { signal });
        if (output.json) {
          output.value(workflow);
          return exitCodes.ok;
        }
        output.text(workflowFields(workflow));
        if (workflow.agents.length > 0) {
          output.painted(
            `\n${workflowFrame(workflow, {
              now: deps.clock.now(),
              columns: output.stdout.columns ?? columnsDefault,
              rows: Number.POSITIVE_INFINITY,
              paint: output.paint,
            })}`,
          );
        }
        return exitCodes.ok;
      }),
    );
}
