import { resolve } from 'node:path';
import type { Started } from '../client/orchestrator-client.ts';
import { durationMessage } from '../client/time-message.ts';
import type { RunOptions__Input } from '../gen/orchestrator/v1/RunOptions.ts';
import { collect, collectLabel, collectList, decimal, duration, wholeNumber } from './argument.ts';
import type { CliContext } from './cli-context.ts';
import { CommandError } from './command-error.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Program } from './global-options.ts';
import { isFolder, readInlineDocuments } from './inline-documents.ts';
import { useSession } from './cli-context.ts';
import type { Session } from './session.ts';
import { noteOffline, runWorkflow } from './workflow-run.ts';

/** Name under which an embedded server serves the folder of --docs. */
const docsCorpus = 'docs';

/** A command that starts a workflow, with the flags every run has; `argument` names its one argument. */
export function startCommand(program: Program, name: string, argument: string, description: string) {
  return program
    .command(name)
    .description(description)
    .argument(`<${argument}>`)
    .option('--provider <name>', 'model provider, see `orchestrator providers`')
    .option('--model <name>', 'model of everything without a model of its own')
    .option('--worker-model <name>', 'model of the working agents')
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
    .option('--min-successful <count>', 'fewer successful agents fail the run (default 1)', wholeNumber)
    .option('--label <key=value>', 'label (repeatable)', collectLabel)
    .option('--priority <number>', 'higher is admitted first, -100 to 100', wholeNumber)
    .option('--request-id <id>', 'makes the start idempotent for 24 hours')
    .option('--title <text>', 'title of the report')
    .option('--detach', 'start it, print its id and leave')
    .option('--output <dir>', 'write the documents into this folder');
}

/** What those flags say. */
export interface StartFlags {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly workerModel?: string | undefined;
  readonly synthesisModel?: string | undefined;
  readonly docs?: string[] | undefined;
  readonly corpus?: string | undefined;
  readonly format?: string[] | undefined;
  readonly documents: boolean;
  readonly timeout?: number | undefined;
  readonly agentTimeout?: number | undefined;
  readonly maxCost?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly minSuccessful?: number | undefined;
  readonly label?: Record<string, string> | undefined;
  readonly priority?: number | undefined;
  readonly requestId?: string | undefined;
  readonly title?: string | undefined;
  readonly detach?: true | undefined;
  readonly output?: string | undefined;
}

/** The fields that every request for a start has. */
export interface StartFields {
  readonly title?: string;
  readonly requestId?: string;
  readonly options: RunOptions__Input;
}

/** Starts a workflow and, unless told otherwise, follows it to its end. Resolves with the exit code. */
export async function startWorkflow(
  context: CliContext,
  flags: StartFlags,
  begin: (session: Session, fields: StartFields) => Promise<Started>,
): Promise<ExitCode> {
  const { output, cwd } = context;
  const embedded = context.options.embedded === true;
  const { docs = [], corpus, detach = false } = flags;
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
  const fields: StartFields = {
    ...(flags.title !== undefined && { title: flags.title }),
    ...(flags.requestId !== undefined && { requestId: flags.requestId }),
    options: {
      ...runOptions(flags),
      ...(served && { corpus: docsCorpus }),
      ...(corpus !== undefined && { corpus }),
      ...(!served && docs.length > 0 && { documents: readInlineDocuments(docs, cwd) }),
    },
  };
  return useSession(context, served, async (session) => {
    if (detach) {
      const started = await begin(session, fields);
      noteOffline(output, started.workflow);
      if (output.json) output.value(started);
      else {
        output.text(started.workflow.workflowId);
        output.note(`follow it with: orchestrator watch ${started.workflow.workflowId}`);
      }
      return exitCodes.ok;
    }
    const target = flags.output === undefined ? undefined : resolve(cwd, flags.output);
    const run = await runWorkflow(context, session, () => begin(session, fields), target);
    if (output.json) output.value({ workflow: run.workflow, paths: run.paths });
    return run.exitCode;
  });
}

/** Only what was given, so that the server fills its own defaults. */
function runOptions(flags: StartFlags): RunOptions__Input {
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
