import { statuses } from '../../workflow/status.ts';
import { costText, timeText } from '../amount.ts';
import { collectLabel, collectList, wholeNumber } from '../argument.ts';
import type { CommandRunner } from '../cli-context.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { clipLine } from '../printable-text.ts';
import { tableText } from '../table.ts';
import { stateText } from '../workflow-summary.ts';

const titleColumns = 60;

type StateName = `STATE_${Uppercase<(typeof statuses)[number]>}`;

/** `list`: workflows, newest first. */
export function addList(program: Program, runner: CommandRunner): void {
  program
    .command('list')
    .description('list workflows, newest first')
    .option(
      '--state <state>',
      `only in this state: ${statuses.join(', ')} (repeatable, or with commas)`,
      collectList,
    )
    .option('--orchestrator <name>', 'only of this orchestrator')
    .option('--label <key=value>', 'only with this label (repeatable: all of them)', collectLabel)
    .option('--page-size <count>', 'at most this many (default 50, at most 1000)', wholeNumber)
    .option('--page-token <token>', 'the page after an earlier one')
    .action((options) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const page = await client.listWorkflows(
          {
            states: (options.state ?? []).map(stateNamed),
            ...(options.orchestrator !== undefined && { orchestrator: options.orchestrator }),
            ...(options.label && { labels: options.label }),
            ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
            ...(options.pageToken !== undefined && { pageToken: options.pageToken }),
          },
          { signal },
        );
        if (output.json) {
          output.value(page);
          return exitCodes.ok;
        }
        if (page.workflows.length === 0) output.note('no workflows');
        else {
          output.text(
            tableText(page.workflows, [
              { title: 'ID', cell: ({ workflowId }) => workflowId },
              { title: 'STATE', cell: ({ state }) => stateText(state) },
              { title: '%', align: 'right', cell: ({ progress }) => String(Math.floor(progress)) },
              {
                title: 'AGENTS',
                align: 'right',
                cell: ({ agentsCompleted, agentsTotal }) => `${agentsCompleted}/${agentsTotal}`,
              },
              { title: 'COST', align: 'right', cell: ({ costUsd }) => costText(costUsd) },
              { title: 'CREATED', cell: ({ createTime }) => timeText(createTime) },
              { title: 'TITLE', cell: ({ title }) => clipLine(title, titleColumns) },
            ]),
          );
        }
        if (page.nextPageToken !== '') output.note(`more: add --page-token ${page.nextPageToken}`);
        return exitCodes.ok;
      }),
    );
}

function stateNamed(text: string): StateName {
  const status = statuses.find((name) => name === text.toLowerCase().replaceAll('-', '_'));
  if (status === undefined) {
    throw new CommandError(`there is no state ${JSON.stringify(text)}`, {
      hint: `states: ${statuses.join(', ')}`,
    });
  }
  // toUpperCase of a literal type is that literal in upper case.
  return `STATE_${status.toUpperCase() as Uppercase<typeof status>}`;
}
