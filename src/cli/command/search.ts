import { collectList, wholeNumber } from '../argument.ts';
import type { CommandRunner } from '../cli-context.ts';
import type { Program } from '../global-options.ts';
import { startCommand, startWorkflow } from '../start-command.ts';

/** `search`: starts a search by specialised agents and, unless told otherwise, follows it to its end. */
export function addSearch(program: Program, runner: CommandRunner): void {
  startCommand(program, 'search', 'query', 'start a search by specialised agents and follow it')
    .option('--agents <count>', 'search agents, 1 to 20 (default 5)', wholeNumber)
    .option(
      '--types <type>',
      'types that agents may have: image, video, news, academic, social, product, technical, text, general (repeatable, or with commas; default all)',
      collectList,
    )
    .action((query, flags) =>
      runner.interruptible((context) =>
        startWorkflow(context, flags, ({ client }, fields) =>
          client.startSearch(
            {
              query,
              ...(flags.agents !== undefined && { numAgents: flags.agents }),
              ...(flags.types && { allowedAgentTypes: flags.types }),
              ...fields,
            },
            { signal: context.signal },
          ),
        ),
      ),
    );
}
