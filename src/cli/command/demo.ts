import { join, relative, resolve } from 'node:path';
import { loadConfig } from '../../config/config.ts';
import { wholeNumber } from '../argument.ts';
import { type CliContext, type CommandRunner, useSession } from '../cli-context.ts';
import { CommandError } from '../command-error.ts';
import { gatherDemoCorpus } from '../demo-corpus.ts';
import type { Program } from '../global-options.ts';
import { isFolder } from '../inline-documents.ts';
import { runWorkflow } from '../workflow-run.ts';
import { serverOverrides } from '../session.ts';

const task =
  'How are many agents orchestrated durably: how is state kept as events, how do retries, timeouts, cancellation ' +
  'and streaming over gRPC behave, and how is such a system observed and validated?';

/** `demo`: a whole run without a key, a network or a server. */
export function addDemo(program: Program, runner: CommandRunner): void {
  program
    .command('demo')
    .description('run a research on real documents with the offline provider: no key, no network')
    .argument('[task]', 'what to find out', task)
    .option('--docs <dir>', 'folder to work on (default: documentation of the installed packages)')
    .option('--agents <count>', 'researchers', wholeNumber, 8)
    .option('--output <dir>', 'where the report goes (default: reports in the data directory)')
    .action((question, options) =>
      runner.interruptible(async (context) => {
        const { cwd, output } = context;
        const config = configOf(context);
        const folder =
          options.docs === undefined ? join(config.dataDir, 'demo-docs') : resolve(cwd, options.docs);
        if (options.docs === undefined) {
          const count = gatherDemoCorpus(folder);
          output.note(`${count} documents of installed packages in ${shortPath(folder, cwd)}`);
        } else if (!isFolder(folder)) throw new CommandError(`--docs ${options.docs} is no folder`);

        const embedded = { ...context, options: { ...context.options, embedded: true } };
        return useSession(embedded, { demo: folder }, async (session) => {
          const request = {
            task: question,
            title: question === task ? 'Durable orchestration of many agents' : '',
            numAgents: options.agents,
            options: { providerName: 'offline', corpus: 'demo', documentFormats: ['markdown'] },
          };
          const target = options.output === undefined ? join(config.dataDir, 'reports') : options.output;
          const run = await runWorkflow(
            embedded,
            session,
            () => session.client.startResearch(request, { signal: context.signal }),
            resolve(cwd, target),
          );
          const { workflowId } = run.workflow;
          const grpcurl = `grpcurl -plaintext -d '{"workflow_id":"${workflowId}"}' ${addressOf(config)} orchestrator.v1.WorkflowService/GetWorkflow`;
          if (output.json) output.value({ workflow: run.workflow, paths: run.paths, grpcurl });
          else output.note(`\nThe run is in the log. Serve the same data and look at it over gRPC:`);
          output.note(`  ${serveLine(context)}\n  ${grpcurl}`);
          return run.exitCode;
        });
      }),
    );
}

/** What a server started with the same options would use. */
function configOf({ deps, options, cwd }: CliContext): ReturnType<typeof loadConfig> {
  return loadConfig({
    env: deps.env,
    overrides: serverOverrides(options),
    cwd,
    otherVariables: ['ORCHESTRATOR_ADDRESS'],
  });
}

function serveLine({ options }: CliContext): string {
  const flags = [
    ...(options.dataDir === undefined ? [] : ['--data-dir', options.dataDir]),
    ...(options.config === undefined ? [] : ['--config', options.config]),
  ];
  return flags.length === 0 ? 'npm start' : `npm start -- ${flags.join(' ')}`;
}

function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}

function addressOf({ grpcHost, grpcPort }: { readonly grpcHost: string; readonly grpcPort: number }): string {
  return `${grpcHost.includes(':') ? `[${grpcHost}]` : grpcHost}:${grpcPort}`;
}
