import { type ExitCode, exitCodes } from './exit-code.ts';

export interface CommandErrorOptions {
  /** Default: usage. */
  readonly exitCode?: ExitCode;
  /** What to do now. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A command cannot do what it was asked; says what to do instead. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: CommandErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? exitCodes.usage;
    this.hint = options.hint;
  }
}
