import type { WaitWorkflowResponse__Output } from '../../gen/orchestrator/v1/WaitWorkflowResponse.ts';
import { limits } from '../../workflow/limits.ts';
import { durationText } from '../amount.ts';
import { duration } from '../argument.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { showOutcome } from '../outcome.ts';
import { stateText } from '../workflow-summary.ts';

/** `wait`: silence until a workflow has ended. */
export function addWait(program: Program, runner: CommandRunner): void {
  program
    .command('wait <workflow-id>')
    .description('wait until a workflow has ended; the exit code says how')
    .option('--timeout <duration>', 'at most this long, for example 10m (default and maximum 24h)', duration)
    .action((workflowId, { timeout = limits.waitMsMax }) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const reply: WaitWorkflowResponse__Output = await client.waitWorkflow(workflowId, timeout, {
          signal,
          onReconnect: (error, delayMs) =>
            output.note(`connection lost (${error.message}), trying again in ${durationText(delayMs)}`),
        });
        const { workflow, done } = reply;
        if (!workflow) throw new Error('the reply holds no workflow');
        if (output.json) output.value({ workflow, done });
        else if (done) showOutcome(output, workflow);
        else output.text(`${workflowId}  ${stateText(workflow.state)}  the time to wait is over`);
        return done ? exitCodeOf(workflow.state) : exitCodes.timedOut;
      }),
    );
}
