import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const host = '127.0.0.1';

/** As README advises it where hundreds of runs are carried at once, or as Node has it by itself. */
export type YoungHeap = 'large' | 'usual';

/** A server in a process of its own, so that it and its clients do not share a thread. */
export class ServerProcess {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.address = `${host}:${port}`;
  }

  /**
   * Runs a module of this folder that calls `reportPort` and ends after `stopped`. `BENCH_PROFILE` names a folder for its CPU
   * profile.
   */
  static async start(module: string, setup: unknown, heap: YoungHeap): Promise<ServerProcess> {
    const profile = process.env['BENCH_PROFILE'];
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), [JSON.stringify(setup)], {
      execArgv: [
        ...(heap === 'large' ? ['--max-semi-space-size=64'] : []),
        ...(profile === undefined
          ? []
          : ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${profile}`]),
      ],
    });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message) => resolve(Number(message)));
      child.once('exit', (code) => reject(new Error(`${module} ended with ${code} before it listened`)));
    });
    return new ServerProcess(child, port);
  }

  /** CPU time it has used so far, ms, of all its threads. */
  async cpuMs(): Promise<number> {
    const answered = once(this.#child, 'message');
    this.#child.send('cpu');
    return Number((await answered)[0]);
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    const [code] = await ended;
    if (code !== 0) throw new Error(`the measured server ended with ${code}`);
  }
}

/** Runs `work` against a server of its own. */
export async function withServer<T>(
  module: string,
  setup: unknown,
  work: (address: string, server: ServerProcess) => Promise<T>,
  heap: YoungHeap = 'large',
): Promise<T> {
  const server = await ServerProcess.start(module, setup, heap);
  try {
    return await work(server.address, server);
  } finally {
    await server.stop();
  }
}

/** In the server: says that it listens, and from then on how much CPU time it has used when it is asked. */
export function reportPort(port: number): void {
  if (!process.send) throw new Error('a bench server is started by the bench');
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1_000);
  });
  process.send(port);
}

/** In the server: resolves when the bench wants it to end, or has ended itself. */
export async function stopped(): Promise<void> {
  if (process.connected) await once(process, 'disconnect');
}
