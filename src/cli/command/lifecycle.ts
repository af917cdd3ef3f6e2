import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { tableText } from '../table.ts';

/** `lifecycle`: the states of a workflow as the engine runs them. */
export function addLifecycle(program: Program, runner: CommandRunner): void {
  program
    .command('lifecycle')
    .description('show the states of a workflow and what leads from one to another')
    .option('--mermaid', 'as a Mermaid state diagram')
    .action(({ mermaid }) =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const lifecycle = await client.describeLifecycle({ signal });
        if (output.json) output.value(lifecycle);
        else if (mermaid) output.text(lifecycle.mermaid);
        else {
          output.text(
            tableText(lifecycle.states, [
              { title: 'STATE', cell: ({ name }) => name },
              { title: 'FINAL', cell: ({ terminal }) => (terminal ? 'yes' : '') },
              { title: 'DESCRIPTION', cell: ({ description }) => description },
            ]),
          );
          output.text(
            `\n${tableText(lifecycle.transitions, [
              { title: 'FROM', cell: ({ source }) => source },
              { title: 'EVENT', cell: ({ event }) => event },
              { title: 'TO', cell: ({ target }) => target },
            ])}`,
          );
        }
        return exitCodes.ok;
      }),
    );
}
