import { millisecondsOf } from '../../client/time-message.ts';
import { countText, durationText, tokensOf } from '../amount.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { receiptCalls, receiptCost } from '../receipt-text.ts';
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
                receiptCalls(receipt),
                ...(receipt.ignoredAbort.length > 0 ? [receipt.ignoredAbort.join(' ')] : []),
                `${countText(tokensOf(receipt.usage))} tokens`,
                receiptCost(receipt),
                `quiet after ${durationText(millisecondsOf(receipt.quiescence) ?? 0)}`,
              ]
            : [];
          output.text(`${workflowId}  CANCELLED  ${amounts.join(', ')}`);
        }
        return cancelled ? exitCodes.ok : exitCodes.failed;
      }),
    );
}
