import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OrchestratorClient } from '../client/orchestrator-client.ts';
import type { ClientTls } from '../client/transport-security.ts';
import type { ConfigOverrides } from '../config/config.ts';
import type { CliDeps, EmbeddedServer } from './cli-deps.ts';
import { CommandError } from './command-error.ts';
import type { GlobalOptions } from './global-options.ts';

const defaultAddress = '127.0.0.1:50051';

/** A client, and the server behind it when that runs in this process. */
export interface Session {
  readonly client: OrchestratorClient;
  readonly embedded: boolean;
  /** Folders the embedded server serves by name and another server would have to be told. */
  readonly corpora: Readonly<Record<string, string>>;
  /** Ends the embedded server too, in order. */
  close(): Promise<void>;
}

/** Settings of the server that global options name; everything else comes from environment and file. */
export function serverOverrides({ dataDir, config }: GlobalOptions): ConfigOverrides {
  return { ...(dataDir !== undefined && { dataDir }), ...(config !== undefined && { config }) };
}

/** Where the client connects to: the option, else ORCHESTRATOR_ADDRESS, else 127.0.0.1:50051. */
export function addressOf(options: GlobalOptions, env: CliDeps['env']): string {
  const address = options.address ?? (env['ORCHESTRATOR_ADDRESS'] || defaultAddress);
  if (!/^[^\s/]+:\d{1,5}$/.test(address)) {
    throw new CommandError(`--address must be host:port, found ${JSON.stringify(address)}`, {
      hint: `for example --address ${defaultAddress}`,
    });
  }
  return address;
}

/** Starts the embedded server when asked for, then opens a client. `corpora`: folders an embedded server serves by name. */
export async function openSession(
  deps: CliDeps,
  options: GlobalOptions,
  corpora: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const { clock } = deps;
  if (options.embedded !== true) {
    const address = addressOf(options, deps.env);
    const client = await openClient(address, clock, tlsOf(deps, options));
    return { client, embedded: false, corpora: {}, close: async () => client.close() };
  }
  const server: EmbeddedServer = await deps.startEmbedded({
    ...serverOverrides(options),
    corpora,
  });
  const client = await openClient(server.address, clock, undefined);
  return {
    client,
    embedded: true,
    corpora,
    close: async () => {
      client.close();
      await server.stop();
    },
  };
}

/** What the options say about TLS; undefined is plain text. Throws CommandError for files that cannot be read. */
export function tlsOf(
  deps: CliDeps,
  { tls, caFile, certFile, keyFile }: GlobalOptions,
): ClientTls | undefined {
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new CommandError('--cert-file and --key-file belong together', {
      hint: 'give both to show the server a certificate, or none',
    });
  }
  if (tls !== true && caFile === undefined && certFile === undefined) return undefined;
  const pem = (flag: string, file: string): Buffer => {
    const path = resolve(deps.cwd ?? process.cwd(), file);
    try {
      return readFileSync(path);
    } catch (cause) {
      throw new CommandError(`${flag} ${path} cannot be read`, { cause, hint: 'name a readable PEM file' });
    }
  };
  return {
    ...(caFile !== undefined && { ca: pem('--ca-file', caFile) }),
    ...(certFile !== undefined &&
      keyFile !== undefined && {
        identity: { certificate: pem('--cert-file', certFile), key: pem('--key-file', keyFile) },
      }),
  };
}

/** The gRPC library is loaded here: a server that starts needs no client, and goes on sooner without it. */
async function openClient(
  address: string,
  clock: CliDeps['clock'],
  tls: ClientTls | undefined,
): Promise<OrchestratorClient> {
  const { OrchestratorClient } = await import('../client/orchestrator-client.ts');
  try {
    return new OrchestratorClient({ address, clock, tls });
  } catch (cause) {
    if (!tls) throw cause;
    throw new CommandError('the TLS files cannot be used', {
      cause,
      hint: `each must be PEM, and --key-file the key of --cert-file (${cause instanceof Error ? cause.message : String(cause)})`,
    });
  }
}
