import { resolve } from 'node:path';
import type { CommandRunner } from '../cli-context.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { meansFolder, writeReport, writeReports } from '../report-file.ts';
import { reasonLine, stateText } from '../workflow-summary.ts';

/** `result`: the text of a workflow that has ended, or its documents. */
export function addResult(program: Program, runner: CommandRunner): void {
  program
    .command('result <workflow-id>')
    .description('print the final text of a workflow, or write its documents')
    .option(
      '--output <path>',
      'write to this file (.md, .docx, .pdf) or every document into this folder instead of printing',
    )
    .action((workflowId, { output: target }) =>
      runner.withSession(async ({ client }, { output, signal, cwd }) => {
        if (target !== undefined) {
          const path = resolve(cwd, target);
          const paths =
            meansFolder(path) || /[/\\]$/.test(target)
              ? await writeReports(client, workflowId, path, signal)
              : [await writeReport(client, workflowId, path, signal)];
          if (output.json) output.value({ workflowId, paths });
          else output.text(paths.join('\n'));
          return exitCodes.ok;
        }
        const result = await client.getWorkflowResult(workflowId, { signal });
        if (output.json) {
          output.value(result);
          return exitCodes.ok;
        }
        if (result.content !== '') {
          output.text(result.content);
          return exitCodes.ok;
        }
        if (result.contentOmitted) {
          throw new CommandError('the text is too large to print', {
            exitCode: exitCodes.failed,
            hint: `orchestrator result ${workflowId} --output report.md`,
          });
        }
        throw new CommandError(
          `${workflowId} ended ${stateText(result.state)} without a text; ${reasonLine({ error: result.error, receipt: null, state: result.state })}`,
          {
            exitCode: exitCodes.failed,
            hint: `its ${result.agentResults.length} findings stay readable: orchestrator result ${workflowId} --json`,
          },
        );
      }),
    );
}
