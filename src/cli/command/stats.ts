import { millisecondsOf } from '../../client/time-message.ts';
import { costText, countText, durationText, tokensOf } from '../amount.ts';
import type { DayBudget__Output } from '../../gen/orchestrator/v1/DayBudget.ts';
import type { CommandRunner } from '../cli-context.ts';
import { exitCodes } from '../exit-code.ts';
import type { Program } from '../global-options.ts';
import { tableText } from '../table.ts';

/** `stats`: counters of the server's process. */
export function addStats(program: Program, runner: CommandRunner): void {
  program
    .command('stats')
    .description('show counters of the server since it started')
    .action(() =>
      runner.withSession(async ({ client }, { output, signal }) => {
        const stats = await client.getStats({ signal });
        if (output.json) {
          output.value(stats);
          return exitCodes.ok;
        }
        const ms = (time: Parameters<typeof millisecondsOf>[0]): string =>
          `${(millisecondsOf(time) ?? 0).toFixed(1)} ms`;
        const rows: [name: string, value: string][] = [
          ['uptime', durationText(millisecondsOf(stats.uptime) ?? 0)],
          ['workflows finished', countText(stats.totalWorkflows)],
          ['  of them errors', countText(stats.totalErrors)],
          ['  of them cancelled', countText(stats.totalCancelled)],
          ['workflows running', countText(stats.activeWorkflows)],
          ['workflows waiting', countText(stats.pendingWorkflows)],
          ['watch streams', countText(stats.activeStreams)],
          ['model calls', countText(stats.providerCalls)],
          ['  of them failed', countText(stats.providerFailures)],
          ['  of them throttled', countText(stats.throttledCalls)],
          ['open breakers', countText(stats.openBreakers)],
          ['tokens', countText(tokensOf(stats.usage))],
          ['cost', costText(stats.totalCostUsd, Number(stats.unpricedCalls))],
          ...todayRows(stats.today),
          ['appends', countText(stats.appends)],
          ['  latency mean', ms(stats.appendLatencyAverage)],
          ['  latency max', ms(stats.appendLatencyMax)],
        ];
        output.text(rows.map(([name, value]) => `${name.padEnd(20)}${value}`).join('\n'));
        if (stats.byOrchestrator.length > 0) {
          const seconds = (value: number): string => durationText(value * 1_000);
          output.text(
            `\n${tableText(stats.byOrchestrator, [
              { title: 'ORCHESTRATOR', cell: ({ orchestrator }) => orchestrator },
              { title: 'COUNT', align: 'right', cell: ({ count }) => countText(count) },
              { title: 'ERRORS', align: 'right', cell: ({ errors }) => countText(errors) },
              { title: 'CANCELLED', align: 'right', cell: ({ cancelled }) => countText(cancelled) },
              { title: 'MIN', align: 'right', cell: (row) => seconds(row.minDurationSeconds) },
              { title: 'AVG', align: 'right', cell: (row) => seconds(row.avgDurationSeconds) },
              { title: 'MAX', align: 'right', cell: (row) => seconds(row.maxDurationSeconds) },
              { title: 'COST', align: 'right', cell: ({ costUsd }) => costText(costUsd) },
            ])}`,
          );
        }
        return exitCodes.ok;
      }),
    );
}

/** What is spent and held today, and of how much. */
function todayRows(today: DayBudget__Output | null): readonly [string, string][] {
  if (!today) return [];
  const { tokens, heldTokens, costUsd, heldCostUsd, maxTokens, maxCostUsd } = today;
  const ofTokens = maxTokens === undefined ? '' : ` of ${countText(maxTokens)}`;
  const ofCost = maxCostUsd === undefined ? '' : ` of ${costText(maxCostUsd)}`;
  return [
    ['today, UTC: tokens', `${countText(Number(tokens) + Number(heldTokens))}${ofTokens}`],
    ['            cost', `${costText(costUsd + heldCostUsd)}${ofCost}`],
  ];
}
