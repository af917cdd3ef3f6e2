import { wholeNumber } from '../argument.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodeOf } from '../exit-code.ts';
import { follow } from '../follow.ts';
import type { Program } from '../global-options.ts';
import { showOutcome, sayDetached } from '../outcome.ts';

/** `watch`: a workflow as it goes on, to its end. */
export function addWatch(program: Program, runner: CommandRunner): void {
  program
    .command('watch <workflow-id>')
    .description('follow a workflow to its end: a live tree in a terminal, a line per event elsewhere')
    .option('--after <sequence>', 'only events after this one (default 0: the whole history)', wholeNumber)
    .option('--progress', 'also show what agents are writing')
    .action((workflowId, { after, progress }) =>
      runner.withSession(async (session, context) => {
        try {
          const workflow = await follow(context, session.client, workflowId, {
            afterSequence: after,
            jsonEvents: true,
            progress,
          });
          showOutcome(context.output, workflow);
          return exitCodeOf(workflow.state);
        } catch (error) {
          throw sayDetached(error, context, session, workflowId);
        }
      }),
    );
}
