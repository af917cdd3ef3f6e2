import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { tableText } from '../table.ts';

/** `orchestrators`: what the server can run. */
export function addOrchestrators(program: Program, runner: CommandRunner): void {
  program
    .command('orchestrators')
    .description('list what the server can run (--json: with the schema of the input)')
    .action(() =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const orchestrators = await client.listOrchestrators({ signal });
        if (output.json) output.value({ orchestrators });
        else {
          output.text(
            tableText(orchestrators, [
              { title: 'NAME', cell: ({ name }) => name },
              { title: 'VERSION', align: 'right', cell: ({ version }) => String(version) },
              { title: 'DESCRIPTION', cell: ({ description }) => description },
            ]),
          );
        }
        return exitCodes.ok;
      }),
    );
}
