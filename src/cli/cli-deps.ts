import type { Clock } from '../clock/clock.ts';
import type { ConfigOverrides } from '../config/config.ts';
import type { AuditReport } from '../workflow/finding.ts';

/** Where text goes. A terminal says so, and how large it is. */
export interface TextSink extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** A server in this process: configuration that beats environment and file, and folders by corpus name. */
export type EmbeddedOptions = ConfigOverrides & {
  readonly corpora?: Readonly<Record<string, string>> | undefined;
};

export interface EmbeddedServer {
  /** host:port. */
  readonly address: string;
  /** May be called twice. */
  stop(): Promise<unknown>;
}

/** A store that was looked at, sound or not. */
export interface VerifiedStore {
  /** Its file. */
  readonly path: string;
  readonly report: AuditReport;
}

/** Everything the command line needs from the process around it. */
export interface CliDeps {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Serves until a signal; calls `listening` with host:port; resolves with the exit code. */
  serve(overrides: ConfigOverrides, listening: (address: string) => void): Promise<number>;
  /** Starts a server on a free port of the loopback interface. Rejects with ConfigError for bad configuration. */
  startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer>;
  /**
   * Judges a store without changing it: the file or folder `db`, beginning at `cwd`, or else that of the configured data
   * directory. Throws StoreMissingError when there is none, StoreUnavailableError when it cannot be judged.
   */
  verify(db: string | undefined, overrides: ConfigOverrides, cwd: string): VerifiedStore;
  /** Calls back for each Ctrl-C until the returned function is called. Default: SIGINT of this process. */
  readonly onInterrupt?: ((interrupted: () => void) => () => void) | undefined;
  /** Ends the process at once, for a second Ctrl-C. Default: `process.exit`. */
  readonly exit?: ((code: number) => void) | undefined;
  /** Relative paths begin here. Default: the working directory. */
  readonly cwd?: string | undefined;
}
