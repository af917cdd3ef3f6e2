import { resolve } from 'node:path';
import { durationMessage } from '../../client/time-message.ts';
import type { RunOptions__Input } from '../../gen/orchestrator/v1/RunOptions.ts';
import type { StartResearchRequest__Input } from '../../gen/orchestrator/v1/StartResearchRequest.ts';
import { collect, collectLabel, collectList, decimal, duration, wholeNumber } from '../argument.ts';
import { type CommandRunner, useSession } from '../cli-context.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { isFolder, readInlineDocuments } from '../inline-documents.ts';
import { noteOffline, runResearch } from '../research-run.ts';

/** Name under which an embedded server serves the folder of --docs. */
const docsCorpus = 'docs';

/** `research`: starts a research and, unless told otherwise, follows it to its end. */
export function addResearch(program: Program, runner: CommandRunner): void {
  program
    .command('research <task>')
    .description('start a research and follow it; the exit code says how it ended')
    .option('--agents <count>', 'researchers, 1 to 20 (default 8)', wholeNumber)
    .option('--provider <name>', 'model provider, see `orchestrator providers`')
    .option('--model <name>', 'model of everything without a model of its own')
    .option('--worker-model <name>', 'model of the researchers')
    .option('--synthesis-model <name>', 'model of the syntheses')
    .option(
      '--docs <path>',
      'folder or file of this machine to work on (repeatable); sent along, at most 512 KiB together',
      collect,
    )
    .option('--corpus <name>', "folder of documents that the server's configuration knows by this name")
    .option('--format <format>', 'markdown, docx or pdf (repeatable, or with commas)', collectList)
    .option('--no-documents', 'render no documents')
    .option('--timeout <duration>', 'time for the whole run, for example 10m', duration)
    .option('--agent-timeout <duration>', 'time for each agent, for example 90s', duration)
    .option('--max-cost <usd>', 'most the run may cost, US dollars', decimal)
    .option('--max-tokens <count>', 'most tokens the run may use', wholeNumber)
    .option('--min-successful <count>', 'fewer successful researchers fail the run (default 1)', wholeNumber)
    .option('--label <key=value>', 'label (repeatable)', collectLabel)
    .option('--priority <number>', 'higher is admitted first, -100 to 100', wholeNumber)
    .option('--request-id <id>', 'makes the start idempotent for 24 hours')
    .option('--title <text>', 'title of the report')
    .option('--no-drummer', 'no syntheses of groups of five')
    .option('--no-camina', 'no executive synthesis')
    .option('--detach', 'start it, print its id and leave')
    .option('--output <dir>', 'write the documents into this folder')
    .action((task, options) =>
      runner.interruptible(async (context) => {
        const { output, signal, cwd } = context;
        const embedded = context.options.embedded === true;
        const { docs = [], corpus, detach = false } = options;
        if (detach && embedded) {
          throw new CommandError('--detach needs a server that stays; --embedded ends with this command', {
            hint: 'start one with `orchestrator serve`',
          });
        }
        if (docs.length > 0 && corpus !== undefined) {
          throw new CommandError('--docs and --corpus exclude each other');
        }
        const [folder] = docs;
        const served =
          embedded && folder !== undefined && docs.length === 1 && isFolder(resolve(cwd, folder))
            ? { [docsCorpus]: resolve(cwd, folder) }
            : undefined;
        const request: StartResearchRequest__Input = {
          task,
          ...(options.title !== undefined && { title: options.title }),
          ...(options.agents !== undefined && { numAgents: options.agents }),
          ...(!options.drummer && { enableDrummer: false }),
          ...(!options.camina && { enableCamina: false }),
          ...(options.requestId !== undefined && { requestId: options.requestId }),
          options: {
            ...runOptions(options),
            ...(served && { corpus: docsCorpus }),
            ...(corpus !== undefined && { corpus }),
            ...(!served && docs.length > 0 && { documents: readInlineDocuments(docs, cwd) }),
          },
        };
        return useSession(context, served, async (session) => {
          if (detach) {
            const started = await session.client.startResearch(request, { signal });
            noteOffline(output, started.workflow);
            if (output.json) output.value(started);
            else {
              output.text(started.workflow.workflowId);
              output.note(`follow it with: orchestrator watch ${started.workflow.workflowId}`);
            }
            return exitCodes.ok;
          }
          const target = options.output === undefined ? undefined : resolve(cwd, options.output);
          const run = await runResearch(context, session, request, target);
          if (output.json) output.value({ workflow: run.workflow, paths: run.paths });
          return run.exitCode;
        });
      }),
    );
}

interface RunFlags {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly workerModel?: string | undefined;
  readonly synthesisModel?: string | undefined;
  readonly format?: string[] | undefined;
  readonly documents: boolean;
  readonly timeout?: number | undefined;
  readonly agentTimeout?: number | undefined;
  readonly maxCost?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly minSuccessful?: number | undefined;
  readonly label?: Record<string, string> | undefined;
  readonly priority?: number | undefined;
}

/** Only what was given, so that the server fills its own defaults. */
function runOptions(flags: RunFlags): RunOptions__Input {
  return {
    ...(flags.provider !== undefined && { providerName: flags.provider }),
    ...(flags.model !== undefined && { model: flags.model }),
    ...(flags.workerModel !== undefined && { workerModel: flags.workerModel }),
    ...(flags.synthesisModel !== undefined && { synthesisModel: flags.synthesisModel }),
    ...(flags.format && { documentFormats: flags.format }),
    ...(!flags.documents && { generateDocuments: false }),
    ...(flags.timeout !== undefined && { workflowTimeout: durationMessage(flags.timeout) }),
    ...(flags.agentTimeout !== undefined && { agentTimeout: durationMessage(flags.agentTimeout) }),
    ...(flags.maxCost !== undefined && { maxCostUsd: flags.maxCost }),
    ...(flags.maxTokens !== undefined && { maxTokens: flags.maxTokens }),
    ...(flags.minSuccessful !== undefined && { minSuccessfulAgents: flags.minSuccessful }),
    ...(flags.label && { labels: flags.label }),
    ...(flags.priority !== undefined && { priority: flags.priority }),
  };
}
