import { parseArgs } from 'node:util';
import { killRounds } from '../test/e2e/kill-rounds.ts';

// Proof of recovery: kills the server at random moments of many runs and holds every log against the provider's ledger.
// Prints a table and, as the last line, JSON; exits with 1 when anything was paid twice, lost or left hanging.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '4' },
  },
});

const line = (...cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, index) => String(cell).padEnd(index === 1 ? 30 : 12)).join(''));

line('kill', 'moment', 'requests', 'recovered', 'interrupted', 'restart ms');
const report = await killRounds({
  kills: Number(values.kills),
  seed: Number(values.seed),
  concurrentRuns: Number(values.runs),
  onKill: (kill) =>
    line(kill.number, kill.moment, kill.requests, kill.recovered, kill.callsInterrupted, kill.restartMs),
});
const { kills, violations, ...figures } = report;
console.log();
console.table(figures);
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(JSON.stringify({ ...figures, kills: kills.length, violations }));
process.exitCode = violations.length === 0 ? 0 : 1;
