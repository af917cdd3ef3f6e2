import { CommanderError } from '@commander-js/extra-typings';
import { RpcError } from '../client/rpc-error.ts';
import { ConfigError } from '../config/config-error.ts';
import { CommandRunner } from './cli-context.ts';
import type { CliDeps } from './cli-deps.ts';
import { addCancel } from './command/cancel.ts';
import { addConclude } from './command/conclude.ts';
import { addDelete } from './command/delete.ts';
import { addDemo } from './command/demo.ts';
import { addEvents } from './command/events.ts';
import { addGet } from './command/get.ts';
import { addLifecycle } from './command/lifecycle.ts';
import { addList } from './command/list.ts';
import { addOrchestrators } from './command/orchestrators.ts';
import { addPause } from './command/pause.ts';
import { addProviders } from './command/providers.ts';
import { addResearch } from './command/research.ts';
import { addResult } from './command/result.ts';
import { addResume } from './command/resume.ts';
import { addServe } from './command/serve.ts';
import { addStats } from './command/stats.ts';
import { addVerify } from './command/verify.ts';
import { addWait } from './command/wait.ts';
import { addWatch } from './command/watch.ts';
import { CommandError } from './command-error.ts';
import { exitCodeHelp, exitCodeOfRefusal, exitCodes } from './exit-code.ts';
import { globalProgram, type Program } from './global-options.ts';
import { InterruptedError } from './interrupts.ts';
import { Output, type Problem } from './output.ts';
import { startupProblem } from './startup-problem.ts';
import { unreachable } from './unreachable.ts';

interface BuiltProgram {
  readonly program: Program;
  readonly runner: CommandRunner;
}

/** `quietErrors`: what commander says of bad arguments is left to whoever catches its error. */
function build(deps: CliDeps, quietErrors = false): BuiltProgram {
  const program = globalProgram();
  const runner = new CommandRunner(deps, () => program.opts());
  program
    .description('Durable orchestrator for multi-agent LLM workflows over gRPC')
    .version(deps.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => {
        if (!quietErrors) deps.stderr.write(text);
      },
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\n${exitCodeHelp}`)
    .showHelpAfterError('(--help shows what there is)');
  // In the order of the help: first what gives a first result, then what looks after it.
  for (const add of [
    addDemo,
    addServe,
    addResearch,
    addList,
    addGet,
    addWatch,
    addWait,
    addResult,
    addEvents,
    addCancel,
    addPause,
    addResume,
    addConclude,
    addDelete,
    addStats,
    addOrchestrators,
    addProviders,
    addLifecycle,
    addVerify,
  ]) {
    add(program, runner);
  }
  return { program, runner };
}

/** The command tree. Parsing it runs a command; `runCli` is the way to get its exit code. */
export function buildProgram(deps: CliDeps): Program {
  return build(deps).program;
}

/** Runs one command line (without the program's own name) and resolves with its exit code; see `exitCodeHelp`. */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  // Known before parsing, for arguments that cannot be parsed are told as JSON too.
  const json = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');
  const { program, runner } = build(deps, json);
  // It stays: a pipe may report after the last write that its reader has gone.
  deps.stdout.on('error', (error) => leaveOutput(error, deps));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return runner.exitCode ?? exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      // --help and --version end like this too.
      if (error.exitCode === 0) return exitCodes.ok;
      // Without --json commander has said what is wrong.
      if (json)
        new Output(deps.stdout, deps.stderr, { json, quiet: false, color: false }).problem(usage(error));
      return exitCodes.usage;
    }
    if (error instanceof InterruptedError) return exitCodes.interrupted;
    const { exitCode, problem } = await told(error, program, deps);
    runner.output().problem(problem);
    return exitCode;
  }
}

/** Bad arguments in commander's words, without the word `error` in front. */
function usage({ code, message }: CommanderError): Problem {
  const helped = code === 'commander.help';
  return {
    code: 'USAGE',
    message: helped ? 'no command is given' : message.replace(/^error: /, ''),
    hint: '--help shows what there is',
  };
}

/** A reader that went away, as `head` does, wants no more; anything else about the output is a failure. */
function leaveOutput(error: Error, { exit = (code: number) => process.exit(code), stderr }: CliDeps): void {
  if ('code' in error && error.code === 'EPIPE') {
    exit(exitCodes.ok);
    return;
  }
  stderr.write(`error: the output cannot be written: ${error.message}\n`);
  exit(exitCodes.failed);
}

interface Told {
  readonly exitCode: number;
  readonly problem: Problem;
}

/** An error as a person should read it. */
async function told(error: unknown, program: Program, deps: CliDeps): Promise<Told> {
  if (error instanceof CommandError) {
    const code = error.exitCode === exitCodes.usage ? 'USAGE' : 'COMMAND';
    return { exitCode: error.exitCode, problem: { code, message: error.message, hint: error.hint } };
  }
  if (error instanceof ConfigError) {
    const violations = error.problems.map(({ name, message, example }) => ({
      field: name,
      description: `${message} (example: ${example})`,
    }));
    const problem = { code: 'CONFIGURATION', message: 'the configuration cannot be used', violations };
    return { exitCode: exitCodes.usage, problem };
  }
  if (error instanceof RpcError) return toldRefusal(error, program, deps);
  if (error instanceof Error && error.name === 'StoreMissingError') {
    return { exitCode: exitCodes.notFound, problem: { code: 'NOT_FOUND', message: error.message } };
  }
  const startup = startupProblem(error, program.opts());
  if (startup) return { exitCode: exitCodes.failed, problem: { code: 'COMMAND', ...startup } };
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
  // Many a message ends with that of its cause.
  const hint = cause === undefined || message.includes(cause) ? undefined : cause;
  return { exitCode: exitCodes.failed, problem: { code: 'COMMAND', message, hint } };
}

async function toldRefusal(error: RpcError, program: Program, deps: CliDeps): Promise<Told> {
  const exitCode = exitCodeOfRefusal(error);
  const options = program.opts();
  // A refusal has the server's reason; without one nobody answered.
  if (exitCode === exitCodes.unavailable && error.reason === '' && options.embedded !== true) {
    const problem = await unreachable(error, options, deps);
    return { exitCode, problem };
  }
  const retry =
    error.retryDelayMs === undefined ? undefined : `try again in ${Math.ceil(error.retryDelayMs / 1_000)} s`;
  const message = error.reason === '' ? `${error.codeName}: ${error.message}` : error.message;
  const { codeName: code, reason, violations } = error;
  return {
    exitCode,
    problem: {
      code,
      reason,
      message,
      headline: 'the server cannot use these fields:',
      violations,
      hint: retry ?? hintOf(error),
    },
  };
}

function hintOf({ reason }: RpcError): string | undefined {
  switch (reason) {
    case 'WORKFLOW_NOT_FOUND':
      return '`orchestrator list` shows the workflows there are; finished ones go after a while';
    case 'WORKFLOW_NOT_FINISHED':
      return 'wait for it with `orchestrator wait` or follow it with `orchestrator watch`';
    default:
      return undefined;
  }
}
