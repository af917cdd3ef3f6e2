import type { ConfigOverrides } from '../../config/config.ts';
import { flagOf, type SettingDefinition, settingNames, settings } from '../../config/config-schema.ts';
import type { CommandRunner } from '../cli-context.ts';
import type { Program } from '../global-options.ts';
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
    runner.run(({ deps, output, options: globals }) => {
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

/** The name commander gives to the value of a flag. */
function camelCase(flag: string): string {
  return flag.replace(/^--/, '').replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
