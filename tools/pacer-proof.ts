// Two workflows that want more than a strict provider gives, five virtual minutes: with a pacer that is told the limit,
// and with one that only hears the refusals. --seeds N repeats it with other dice. Exit code 1 when a figure is missed.
import { parseArgs } from 'node:util';
import { pacingRun, type PacingFigures } from '../test/pacing/pacing-run.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '3' } } });
const usedShareMin = 0.9;
const refusedShareMax = 0.01;
const shareMin = 0.45;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);

function line(name: string, { usedShare, refusedShare, shares, accepted, refused }: PacingFigures): string {
  const counts = `${accepted} accepted, ${refused} answered 429`;
  return `${name.padEnd(18)}${percent(usedShare)}${percent(refusedShare)}   ${shares.map(percent).join('')}   ${counts}`;
}

console.log(
  `${'600 requests/min'.padEnd(18)}${'used'.padStart(8)}${'429'.padStart(8)}   each of two workflows`,
);
let held = true;
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const paced = await pacingRun({ requestsPerMinute: 600, seed });
  const { usedShare, refusedShare, shares } = paced;
  held &&=
    usedShare >= usedShareMin && refusedShare < refusedShareMax && shares.every((share) => share >= shareMin);
  console.log(line(`paced, seed ${seed}`, paced));
}
console.log(line('limit not told', await pacingRun({ requestsPerMinute: undefined })));
process.exitCode = held ? 0 : 1;
