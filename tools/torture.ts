import { parseArgs } from 'node:util';
import { diskFull, mayMount } from '../test/torture/disk-full.ts';
import { torture } from '../test/torture/torture.ts';

// Kills the real server at every named commit point and at random times, stops it past deadlines, and fills its disk,
// while clients work. Prints a line per kill, a table of points and, as the last line, JSON; exits with 1 when anything
// was lost, paid twice or left hanging, when a store was not sound, or when a commit point was never reached.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '6' },
    /** Times the disk is filled; 0: never. */
    fills: { type: 'string', default: '4' },
  },
});

const line = (...cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, index) => String(cell).padEnd(index === 1 ? 54 : 10)).join(''));

line('kill', 'moment', 'reached', 'requests', 'boot ms', 'problems');
const report = await torture({
  kills: Number(values.kills),
  seed: Number(values.seed),
  concurrentRuns: Number(values.runs),
  onKill: ({ number, moment, reached, requests, bootMs, problems }) =>
    line(
      number,
      moment,
      reached === undefined ? '' : reached ? 'yes' : 'no',
      requests,
      bootMs ?? 'never',
      problems,
    ),
});
const { kills, coverage, violations: found, ...figures } = report;
console.log();
console.table(coverage);
console.table(figures);
const violations = [...found];
const fills = Number(values.fills);
const disk = [];
if (fills > 0 && (await mayMount())) {
  for (let fill = 1; fill <= fills; fill++) {
    // Every other time the process is killed while the disk is full.
    const { violations: ofDisk, ...rest } = await diskFull({ kill: fill % 2 === 0 });
    violations.push(...ofDisk.map((violation) => `disk ${fill}: ${violation}`));
    disk.push(rest);
  }
  console.table(disk);
} else if (fills > 0) {
  console.log('SKIPPED the full disk: this user may not mount a small file system');
}
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(JSON.stringify({ ...figures, kills: kills.length, coverage, disk, violations }));
process.exitCode = violations.length === 0 ? 0 : 1;
