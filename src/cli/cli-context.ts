import type { CliDeps } from './cli-deps.ts';
import type { GlobalOptions } from './global-options.ts';
import { Interrupts } from './interrupts.ts';
import { Output } from './output.ts';
import { openSession, type Session } from './session.ts';

/** What a command works with once the arguments are parsed. */
export interface CliContext {
  readonly deps: CliDeps;
  readonly options: GlobalOptions;
  readonly output: Output;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly cwd: string;
}

/** What a command does with its context; resolves with the program's exit code. */
export type Work = (context: CliContext) => Promise<number>;

/** Gives a command's work its context, and remembers how it ended. */
export class CommandRunner {
  readonly #deps: CliDeps;
  readonly #options: () => GlobalOptions;
  exitCode: number | undefined;

  constructor(deps: CliDeps, options: () => GlobalOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** How the program talks, also when no command was reached. */
  output(): Output {
    const { stdout, stderr, env } = this.#deps;
    const options = this.#options();
    const color = options.color && !env['NO_COLOR'] && stdout.isTTY === true && options.json !== true;
    return new Output(stdout, stderr, {
      json: options.json === true,
      quiet: options.quiet === true,
      color,
    });
  }

  /** Runs work that handles signals itself. */
  async run(work: Work, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const cwd = this.#deps.cwd ?? process.cwd();
    const context = { deps: this.#deps, options: this.#options(), output: this.output(), signal, cwd };
    this.exitCode = await work(context);
  }

  /** Runs work that the first Ctrl-C aborts. */
  async interruptible(work: Work): Promise<void> {
    const interrupts = new Interrupts(this.#deps);
    try {
      await this.run(work, interrupts.signal);
    } finally {
      interrupts.close();
    }
  }

  /** Runs work that needs a server; the session is closed after it. */
  async withSession(work: (session: Session, context: CliContext) => Promise<number>): Promise<void> {
    await this.interruptible((context) =>
      useSession(context, undefined, (session) => work(session, context)),
    );
  }
}

/** Opens a session for a piece of work and closes it whatever comes. */
export async function useSession<T>(
  context: CliContext,
  corpora: Readonly<Record<string, string>> | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(context.deps, context.options, corpora);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
