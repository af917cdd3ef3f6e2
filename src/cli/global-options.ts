import { Command, type OptionValues } from '@commander-js/extra-typings';

/** Options every command takes, before or after its name. */
export interface GlobalOptions {
  readonly address?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly embedded?: boolean | undefined;
  readonly dataDir?: string | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  /** False after --no-color. */
  readonly color: boolean;
}

/** A command nobody has given options to yet. */
export type Program = Command<[], OptionValues & GlobalOptions>;

/** The root command with its global options. */
export function globalProgram(): Program {
  return new Command('orchestrator')
    .option('--address <host:port>', 'server to talk to (ORCHESTRATOR_ADDRESS; default 127.0.0.1:50051)')
    .option('--tls', 'talk TLS, trusting the authorities of this system')
    .option('--ca-file <file>', 'talk TLS, trusting the authority in this PEM file')
    .option('--cert-file <file>', 'talk TLS, showing the server this PEM certificate; with --key-file')
    .option('--key-file <file>', 'PEM key of --cert-file')
    .option('--embedded', 'run a server inside this command, on a free loopback port')
    .option(
      '--data-dir <dir>',
      'folder of the event log, for serve, demo, verify and --embedded (default .orchestrator)',
    )
    .option('--config <file>', 'YAML configuration, for serve, demo, verify and --embedded')
    .option('--json', 'machine-readable: one JSON document, or one a line for streams')
    .option('--quiet', 'no progress and no hints, only results and errors')
    .option('--no-color', 'no colours (NO_COLOR does the same)');
}
