import { eventTypes } from '../../src/workflow/event.ts';
import { lifecycleOf, workflowMachine } from '../../src/engine/workflow-machine.ts';
import type { CampaignReport } from './campaign.ts';
import { faultPoints, type Tally } from './coverage.ts';

const hourMs = 3_600_000;
/** After this many lives everything must have happened. */
const completeAfterSeeds = 2_000;

/** Events nothing appends yet, and why. */
export const silentEventTypes: Readonly<Record<string, string>> = {
  tool_call_started: 'agents have no tools yet',
  tool_call_ended: 'agents have no tools yet',
};

/** Whatever must have happened and has not; empty while there were too few lives to say. */
export function missingCoverage(report: CampaignReport): readonly string[] {
  if (report.seeds < completeAfterSeeds) return [];
  const { transitions } = lifecycleOf(workflowMachine);
  const moves = transitions
    .filter(({ event }) => event !== 'recorded')
    .map(({ source, event }) => `${source} ${event}`);
  return [
    ...eventTypes.filter((type) => !(type in silentEventTypes)).filter((type) => !report.eventTypes[type]),
    ...faultPoints.filter((point) => !report.faults[point]),
    ...moves.filter((move) => !report.transitions[move]),
  ];
}

function table(title: string, tally: Tally): readonly string[] {
  const rows = Object.entries(tally).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [title, ...rows.map(([name, count]) => `  ${String(count).padStart(9)}  ${name}`)];
}

/** A campaign in lines for people. */
export function campaignText(report: CampaignReport): string {
  const { seeds, seconds, failed } = report;
  return [
    ...table('Events', report.eventTypes),
    ...Object.entries(silentEventTypes).map(([type, why]) => `          -  ${type}: ${why}`),
    ...table('Transitions', report.transitions),
    ...table('Fault points', report.faults),
    '',
    `${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(1)} a second), ${(report.virtualMs / hourMs).toFixed(0)} virtual hours, ${report.happenings} happenings`,
    `${report.events} events, ${report.requests} provider requests; ${report.wastedCalls} paid in vain for a crash or a take-over (at most ${report.wastedCallsMax} in one seed, ${report.wastedCallsMaxSeed}), ${report.callsGivenUp} given up by an orderly shutdown`,
    ...failed.map(
      ({ seed, violation }) =>
        `VIOLATION seed ${seed}: ${violation}\n  replay: npm run simulate -- --seed ${seed}`,
    ),
    ...missingCoverage(report).map((name) => `NEVER HAPPENED ${name}`),
  ].join('\n');
}
