import { wholeNumber } from '../argument.ts';
import type { CommandRunner } from '../cli-context.ts';
import { eventLine } from '../event-line.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';

/** `events`: the log of a workflow as it stands. */
export function addEvents(program: Program, runner: CommandRunner): void {
  program
    .command('events <workflow-id>')
    .description('print the log of a workflow, a line per event')
    .option('--after <sequence>', 'only events after this one', wholeNumber, 0)
    .option('--limit <count>', 'at most this many', wholeNumber)
    .action((workflowId, { after, limit = Number.POSITIVE_INFINITY }) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        let pageToken = '';
        let printed = 0;
        do {
          const page = await client.listWorkflowEvents(
            { workflowId, afterSequence: after, pageToken },
            { signal },
          );
          for (const event of page.events.slice(0, limit - printed)) {
            if (output.json) output.value(event);
            else output.painted(eventLine(event));
            printed++;
          }
          pageToken = page.nextPageToken;
        } while (pageToken !== '' && printed < limit);
        return exitCodes.ok;
      }),
    );
}
