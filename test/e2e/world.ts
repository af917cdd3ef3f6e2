import { existsSync } from 'node:fs';
import { ProviderSimulator } from '../simulator/provider-simulator.ts';
import { Daemon, type LogLine, temporaryFolder } from './daemon.ts';
import { Session } from './session.ts';
import { problemsOf, storePath } from './verified.ts';

export interface WorldOptions {
  /** Options of Node for every daemon. */
  readonly execArgv?: readonly string[];
  /** Default: a temporary one. */
  readonly folder?: { readonly path: string; remove(): Promise<void> };
}

/**
 * A provider, a data folder and the daemons that run on it one after the other. `close` ends all of it, whatever state
 * it is in.
 */
export class World {
  readonly simulator: ProviderSimulator;
  readonly dataDir: string;
  readonly #remove: () => Promise<void>;
  readonly #execArgv: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #sessions = new Set<Session>();
  readonly #past: LogLine[] = [];
  #daemon: Daemon | undefined;
  #session: Session | undefined;

  private constructor(
    simulator: ProviderSimulator,
    folder: { readonly path: string; remove(): Promise<void> },
    env: Readonly<Record<string, string>>,
    execArgv: readonly string[],
  ) {
    this.#execArgv = execArgv;
    this.simulator = simulator;
    this.dataDir = folder.path;
    this.#remove = () => folder.remove();
    this.#env = env;
  }

  /** A simulated provider behind the name `xai`, and a daemon that listens. */
  static async open(
    env: Readonly<Record<string, string>> = {},
    { execArgv = [], folder }: WorldOptions = {},
  ): Promise<World> {
    const world = new World(
      await ProviderSimulator.start(),
      folder ?? (await temporaryFolder()),
      env,
      execArgv,
    );
    try {
      await world.boot();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  get daemon(): Daemon {
    if (!this.#daemon) throw new Error('no daemon was booted');
    return this.#daemon;
  }

  /** A client of the daemon that runs now. */
  get session(): Session {
    if (!this.#session) throw new Error('no daemon was booted');
    return this.#session;
  }

  /** Log lines of all daemons so far. */
  get log(): readonly LogLine[] {
    return [...this.#past, ...(this.#daemon?.log ?? [])];
  }

  /** One more connection. */
  connect(): Session {
    const session = new Session(this.daemon.address);
    this.#sessions.add(session);
    return session;
  }

  /** Starts a daemon on the same folder; the one before must have ended. */
  async boot(env: Readonly<Record<string, string>> = {}): Promise<Daemon> {
    if (this.#daemon?.running) throw new Error('the daemon before still runs');
    this.#past.push(...(this.#daemon?.log ?? []));
    this.#disconnect();
    this.#daemon = await Daemon.start({
      dataDir: this.dataDir,
      execArgv: this.#execArgv,
      env: { XAI_BASE_URL: this.simulator.baseUrl, XAI_API_KEY: 'test-key', ...this.#env, ...env },
    });
    this.#session = this.connect();
    return this.#daemon;
  }

  /**
   * Every harness ends here, so every store is verified: rejects when it is not sound. `verified`: that was done
   * already, or the store was damaged on purpose.
   */
  async close({ verified = false } = {}): Promise<void> {
    this.#disconnect();
    await this.#daemon?.kill();
    await this.simulator.stop();
    const problems = verified || !existsSync(storePath(this.dataDir)) ? [] : problemsOf(this.dataDir);
    await this.#remove();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  #disconnect(): void {
    for (const session of this.#sessions) session.close();
    this.#sessions.clear();
    this.#session = undefined;
  }
}
