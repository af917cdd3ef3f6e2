import type { CommandRunner } from '../cli-context.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { tableText } from '../table.ts';
import { wireJson } from '../wire-json.ts';

/** `orchestrators`: what the server can run, or the input of one of them. */
export function addOrchestrators(program: Program, runner: CommandRunner): void {
  program
    .command('orchestrators')
    .description('list what the server can run, or show the schema of the input that one takes')
    .argument('[name]', 'orchestrator to show')
    .action((name) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const orchestrators = await client.listOrchestrators({ signal });
        if (name !== undefined) {
          const shown = orchestrators.find((orchestrator) => orchestrator.name === name);
          if (!shown) {
            throw new CommandError(`no orchestrator is named "${name}"`, {
              exitCode: exitCodes.notFound,
              hint: `there are ${orchestrators.map((known) => known.name).join(', ')}`,
            });
          }
          if (output.json) output.value(shown);
          else {
            output.text(`${shown.name} (version ${shown.version}): ${shown.description}`);
            output.text(JSON.stringify(wireJson(shown.inputSchema), undefined, 2));
          }
        } else if (output.json) output.value({ orchestrators });
        else {
          output.text(
            tableText(orchestrators, [
              { title: 'NAME', cell: (orchestrator) => orchestrator.name },
              { title: 'VERSION', align: 'right', cell: ({ version }) => String(version) },
              { title: 'DESCRIPTION', cell: ({ description }) => description },
            ]),
          );
        }
        return exitCodes.ok;
      }),
    );
}
