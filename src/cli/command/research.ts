import { wholeNumber } from '../argument.ts';
import type { CommandRunner } from '../cli-context.ts';
import type { Program } from '../global-options.ts';
import { startCommand, startWorkflow } from '../start-command.ts';

/** `research`: starts a research and, unless told otherwise, follows it to its end. */
export function addResearch(program: Program, runner: CommandRunner): void {
  startCommand(program, 'research', 'task', 'start a research and follow it; the exit code says how it ended')
    .option('--agents <count>', 'researchers, 1 to 20 (default 8)', wholeNumber)
    .option(
      '--extra <count>',
      'researchers that a check for gaps may add, 0 to 5 (default 0: no check)',
      wholeNumber,
    )
    .option('--no-drummer', 'no syntheses of groups of five')
    .option('--no-camina', 'no executive synthesis')
    .action((task, flags) =>
      runner.interruptible((context) =>
        startWorkflow(context, flags, ({ client }, fields) =>
          client.startResearch(
            {
              task,
              ...(flags.agents !== undefined && { numAgents: flags.agents }),
              ...(flags.extra !== undefined && { maxExtraResearchers: flags.extra }),
              ...(!flags.drummer && { enableDrummer: false }),
              ...(!flags.camina && { enableCamina: false }),
              ...fields,
            },
            { signal: context.signal },
          ),
        ),
      ),
    );
}
