import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { RealClock } from '../../src/clock/real-clock.ts';
import type { CliDeps, TextSink } from '../../src/cli/cli-deps.ts';
import { runCli } from '../../src/cli/program.ts';

/** Takes what a program writes, as a pipe or as a terminal of a size. */
export class Sink extends Writable implements TextSink {
  text = '';
  readonly isTTY: boolean | undefined;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(size?: { readonly columns: number; readonly rows: number }) {
    super({ decodeStrings: false });
    this.isTTY = size ? true : undefined;
    this.columns = size?.columns;
    this.rows = size?.rows;
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    for (const look of this.#watchers) look();
    done();
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  get plain(): string {
    return stripVTControlCharacters(this.text);
  }

  /** Resolves as soon as the pattern stands in what was written. */
  async shows(pattern: RegExp): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (pattern.test(this.plain)) resolve();
    };
    this.#watchers.add(look);
    look();
    await promise;
    this.#watchers.delete(look);
  }
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly lines: readonly string[];
}

/** A command line under way. */
export interface Started {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Ctrl-C. */
  interrupt(): void;
  /** Codes the program wanted to exit with at once. */
  readonly exits: readonly number[];
  readonly ended: Promise<Run>;
}

export interface RunOptions extends Partial<Omit<CliDeps, 'stdout' | 'stderr'>> {
  readonly terminal?: { readonly columns: number; readonly rows: number };
}

/** Starts the program in this process as `orchestrator ...argv` would. */
export function start(argv: readonly string[], { terminal, ...overrides }: RunOptions = {}): Started {
  const stdout = new Sink(terminal);
  const stderr = new Sink(terminal);
  const interrupted = new Set<() => void>();
  const exits: number[] = [];
  const deps: CliDeps = {
    stdout,
    stderr,
    clock: new RealClock(),
    env: {},
    version: '1.2.3',
    serve: () => Promise.reject(new Error('nothing serves here')),
    startEmbedded: () => Promise.reject(new Error('nothing is embedded here')),
    verify: () => {
      throw new Error('nothing is verified here');
    },
    onInterrupt: (listener) => {
      interrupted.add(listener);
      return () => void interrupted.delete(listener);
    },
    exit: (code) => void exits.push(code),
    ...overrides,
  };
  return {
    stdout,
    stderr,
    interrupt: () => {
      for (const listener of interrupted) listener();
    },
    exits,
    ended: runCli(argv, deps).then((code) => ({
      code,
      out: stdout.text,
      err: stderr.text,
      lines: stdout.lines,
    })),
  };
}

export function run(argv: readonly string[], options?: RunOptions): Promise<Run> {
  return start(argv, options).ended;
}
