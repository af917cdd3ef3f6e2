import { structOf } from '../../client/struct-message.ts';
import type { Struct__Input } from '../../gen/google/protobuf/Struct.ts';
import type { CommandRunner } from '../cli-context.ts';
import type { Program } from '../global-options.ts';
import { readJsonInput } from '../json-input.ts';
import { startCommand, startWorkflow } from '../start-command.ts';
import { CommandError } from '../command-error.ts';

/** `start`: starts a workflow of any orchestrator and, unless told otherwise, follows it to its end. */
export function addStart(program: Program, runner: CommandRunner): void {
  startCommand(
    program,
    'start',
    'orchestrator',
    'start a workflow of any orchestrator, see `orchestrator orchestrators`, and follow it',
  )
    .requiredOption('--input <file>', 'JSON file with the input of the orchestrator; - reads standard input')
    .action((orchestrator, flags) =>
      runner.interruptible((context) => {
        const input = inputOf(flags.input, context.cwd);
        return startWorkflow(context, flags, ({ client }, fields) =>
          client.startWorkflow({ orchestrator, input, ...fields }, { signal: context.signal }),
        );
      }),
    );
}

function inputOf(file: string, cwd: string): Struct__Input {
  const value = readJsonInput(file, cwd);
  try {
    return structOf(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CommandError(`--input ${file} cannot be sent: ${cause.message}`, { cause });
  }
}
