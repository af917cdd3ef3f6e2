import type { CliDeps } from './cli-deps.ts';
import { exitCodes } from './exit-code.ts';

/** Why a command ends early: the person at the terminal wants it to. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('interrupted');
  }
}

/** Ctrl-C: the first aborts the signal with InterruptedError, the second ends the process at once. */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #stop: () => void;

  constructor(deps: Pick<CliDeps, 'onInterrupt' | 'exit'>) {
    const onInterrupt = deps.onInterrupt ?? onSigint;
    const exit = deps.exit ?? ((code: number) => process.exit(code));
    this.#stop = onInterrupt(() => {
      if (this.#controller.signal.aborted) exit(exitCodes.interrupted);
      else this.#controller.abort(new InterruptedError());
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops listening. May be called twice. */
  close(): void {
    this.#stop();
  }
}

function onSigint(interrupted: () => void): () => void {
  process.on('SIGINT', interrupted);
  return () => process.off('SIGINT', interrupted);
}
