import { millisecondsOf } from '../../client/time-message.ts';
import { countText, durationText } from '../amount.ts';
import type { Provider__Output } from '../../gen/orchestrator/v1/Provider.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { tableText } from '../table.ts';

/** The models that are not called at the moment, or that none is. */
function breakersText(breakers: Provider__Output['breakers']): string {
  const broken = breakers.filter(({ state }) => state !== 'STATE_CLOSED');
  if (broken.length === 0) return breakers.length === 0 ? '' : 'closed';
  return broken
    .map(({ model, state }) => `${state === 'STATE_OPEN' ? 'open' : 'half open'}: ${model}`)
    .join(', ');
}

/** `providers`: what the server can call. */
export function addProviders(program: Program, runner: CommandRunner): void {
  program
    .command('providers')
    .description('list model providers and whether they can be used')
    .action(() =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const providers = await client.listProviders({ signal });
        if (output.json) output.value({ providers });
        else {
          output.text(
            tableText(providers, [
              { title: 'NAME', cell: ({ name }) => name },
              {
                title: 'USABLE',
                cell: ({ configured, keyVariables }) =>
                  configured
                    ? 'yes'
                    : `no${keyVariables.length > 0 ? `: set ${keyVariables.join(' or ')}` : ''}`,
              },
              { title: 'MODEL', cell: ({ defaultModel }) => defaultModel },
              { title: 'CALLS', align: 'right', cell: ({ calls }) => countText(calls) },
              { title: 'FAILED', align: 'right', cell: ({ failures }) => countText(failures) },
              {
                title: 'LATENCY',
                align: 'right',
                cell: ({ averageLatency }) => {
                  const ms = millisecondsOf(averageLatency);
                  return ms === undefined ? '' : durationText(ms);
                },
              },
              { title: 'BREAKERS', cell: ({ breakers }) => breakersText(breakers) },
              { title: 'ADDRESS', cell: ({ baseUrl }) => baseUrl },
            ]),
          );
        }
        return exitCodes.ok;
      }),
    );
}
