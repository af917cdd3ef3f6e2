import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of the daemon's log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface DaemonOptions {
  readonly dataDir: string;
  /** Beside PATH and HOME this is the whole environment, so that a user's own keys are never used. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly execArgv?: readonly string[];
  /** Default: the source. */
  readonly entry?: string;
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** For a process that never says that it listens. */
const startMs = 30_000;
const alive = new Set<ChildProcess>();

function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

interface Waiter {
  readonly fits: (line: LogLine) => boolean;
  readonly resolve: (line: LogLine) => void;
  readonly reject: (error: Error) => void;
}

/** The real server as a process of its own: `node src/main.ts serve` on a free port, its log read line by line. */
export class Daemon {
  /** Everything logged so far. */
  readonly log: LogLine[] = [];
  /** What came that is no log line, for example a stack trace. */
  readonly text: string[] = [];
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #waiters = new Set<Waiter>();
  #address = '';

  private constructor({ dataDir, env = {}, execArgv = [], entry = main }: DaemonOptions) {
    if (alive.size === 0) process.once('exit', killAll);
    const child = spawn(process.execPath, [...execArgv, entry, 'serve'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Whatever the working directory holds must not configure the daemon.
      cwd: dataDir,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ORCHESTRATOR_DATA_DIR: dataDir,
        ORCHESTRATOR_GRPC_PORT: '0',
        ORCHESTRATOR_LOG_FORMAT: 'json',
        ...env,
      },
    });
    alive.add(child);
    this.#child = child;
    this.exited = new Promise((resolve) => {
      // `close` comes after the last line.
      child.once('close', (code, signal) => {
        alive.delete(child);
        if (alive.size === 0) process.off('exit', killAll);
        this.#ended(code, signal);
        resolve({ code, signal });
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#read(line));
    }
  }

  /** Resolves when the server listens; rejects with its output when it ends before. */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const daemon = new Daemon(options);
    const late = setTimeout(() => daemon.signal('SIGKILL'), startMs);
    try {
      const { host, port } = await daemon.line('gRPC server listens');
      daemon.#address = `${String(host)}:${String(port)}`;
      return daemon;
    } finally {
      clearTimeout(late);
    }
  }

  /** host:port of the gRPC edge. */
  get address(): string {
    return this.#address;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return alive.has(this.#child);
  }

  /** Memory the process holds, in bytes. Linux only. */
  get residentBytes(): number {
    const text = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;
  }

  lines(message: string): readonly LogLine[] {
    return this.log.filter((line) => line.message === message);
  }

  /** The first line with this message, also one that is still to come; rejects when the process ends without it. */
  line(message: string, fits: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    const wanted = (line: LogLine): boolean => line.message === message && fits(line);
    const known = this.log.find(wanted);
    if (known) return Promise.resolve(known);
    if (!this.running) return Promise.reject(new Error(`the daemon ended without "${message}"`));
    return new Promise((resolve, reject) => this.#waiters.add({ fits: wanted, resolve, reject }));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends the process at once; may be called when it has ended. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** SIGTERM, then what the process made of it. */
  async stop(): Promise<Exit> {
    this.signal('SIGTERM');
    return this.exited;
  }

  #read(text: string): void {
    const line = logLine(text);
    if (!line) {
      this.text.push(text);
      return;
    }
    this.log.push(line);
    for (const waiter of this.#waiters) {
      if (!waiter.fits(line)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(line);
    }
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    const output = [...this.log.slice(-20).map((line) => JSON.stringify(line)), ...this.text.slice(-40)].join(
      '\n',
    );
    for (const waiter of this.#waiters) {
      waiter.reject(
        new Error(`the daemon ended (${signal ?? `code ${code}`}) first; its output:\n${output}`),
      );
    }
    this.#waiters.clear();
  }
}

function logLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    // Half a line, cut off by a kill.
    return undefined;
  }
}

/** A folder that is gone after `remove`. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'orchestrator-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
