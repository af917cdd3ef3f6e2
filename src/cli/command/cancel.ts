import { millisecondsOf } from '../../client/time-message.ts';
import { costText, countText, durationText, tokensOf } from '../amount.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { stateText } from '../workflow-summary.ts';

/** `cancel`: ends a workflow and shows the receipt. */
export function addCancel(program: Program, runner: CommandRunner): void {
  program
    .command('cancel <workflow-id>')
    .description('end a workflow; prints what was done and billed until then')
    .option('--reason <text>', 'why, for the log')
    .action((workflowId, { reason }) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const request = { workflowId, ...(reason !== undefined && { reason }) };
        const reply = await client.cancelWorkflow(request, { signal });
        const { cancelled, receipt, workflow } = reply;
        if (output.json) output.value(reply);
        else if (!cancelled)
          output.text(`${workflowId}  ${stateText(workflow?.state ?? '')}  it had ended before`);
        else {
          const amounts = receipt
            ? [
                `calls aborted: ${receipt.callsAborted}`,
                `finished: ${receipt.callsFinished}`,
                ...(receipt.ignoredAbort.length > 0
                  ? [`did not obey: ${receipt.ignoredAbort.join(' ')}`]
                  : []),
                `${countText(tokensOf(receipt.usage))} tokens`,
                costText(receipt.costUsd, receipt.unpricedCalls),
                ...(receipt.assumedCostUsd > 0 ? [`of it assumed ${costText(receipt.assumedCostUsd)}`] : []),
                `quiet after ${durationText(millisecondsOf(receipt.quiescence) ?? 0)}`,
              ]
            : [];
          output.text(`${workflowId}  CANCELLED  ${amounts.join(', ')}`);
        }
        return cancelled ? exitCodes.ok : exitCodes.failed;
      }),
    );
}
