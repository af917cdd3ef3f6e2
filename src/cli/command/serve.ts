import type { ConfigOverrides } from '../../config/config.ts';
import { flagOf, type SettingDefinition, settingNames, settings } from '../../config/config-schema.ts';
import type { CommandRunner } from '../cli-context.ts';
import { CommandError } from '../command-error.ts';
import type { GlobalOptions, Program } from '../global-options.ts';
import { serverOverrides } from '../session.ts';

/** Settings with a flag of their own; the data directory is a global option. */
const flags = settingNames.filter((name) => name !== 'dataDir');

/** `serve`: the server, until a signal comes. */
export function addServe(program: Program, runner: CommandRunner): void {
  const serve = program
    .command('serve')
    .description('run the server until SIGINT or SIGTERM; every setting is also an environment variable');
  for (const name of flags) {
    const { about, variable, default: standard }: SettingDefinition<unknown> = settings[name];
    // A switch may stand alone and then means true.
    const value = standard === 'true' || standard === 'false' ? '[value]' : '<value>';
    const note = standard === undefined ? variable : `${variable}; default ${standard}`;
    serve.option(`${flagOf(name)} ${value}`, `${about} (${note})`);
  }
  serve.action((options: Readonly<Record<string, unknown>>) =>
    runner.run(async ({ deps, output, options: globals }) => {
      refuseClientOptions(globals);
      const overrides: Record<string, string | number | boolean> = {};
      for (const name of flags) {
        const value = options[camelCase(flagOf(name))];
        if (typeof value === 'string' || typeof value === 'boolean') overrides[name] = value;
      }
      const all: ConfigOverrides = { ...overrides, ...serverOverrides(globals) };
      return deps.serve(all, (address) => {
        if (output.json) output.value({ address });
        else output.note(`gRPC on ${address}; Ctrl-C stops`);
      });
    }),
  );
}

/** What would be silently left aside: whoever asks for TLS must not get a server that talks plain text. */
function refuseClientOptions({ address, tls, caFile, certFile, keyFile }: GlobalOptions): void {
  const given = Object.entries({
    '--address': address,
    '--tls': tls,
    '--ca-file': caFile,
    '--cert-file': certFile,
    '--key-file': keyFile,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
  if (given.length === 0) return;
  throw new CommandError(`serve takes no ${given.join(', ')}: that is for commands that talk to a server`, {
    hint: `--tls-cert <file> and --tls-key <file> make the server talk TLS (--tls-ca: ask clients for certificates);
--grpc-host and --grpc-port say where it listens`,
  });
}

/** The name commander gives to the value of a flag. */
function camelCase(flag: string): string {
  return flag.replace(/^--/, '').replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
