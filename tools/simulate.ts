import { parseArgs } from 'node:util';
import { campaignChild } from '../test/simulation/campaign-child.ts';
import { campaignText, missingCoverage } from '../test/simulation/campaign-text.ts';
import { emptyReport, joined } from '../test/simulation/campaign.ts';
import { Life } from '../test/simulation/life.ts';
import { mutantSeedsMax, type Mutant } from '../test/simulation/mutant.ts';
import { mutants } from '../test/simulation/mutants.ts';

// Proof by simulation: the whole engine in seeded virtual worlds full of misfortune, every rule checked at every step.
// --seeds N --from S --jobs J: many lives; --seed S: one of them with a trace; --mutants: our own rules broken one by one,
// each of which must be noticed; --mutant TEXT: those whose name holds it. Exits with 1 when a rule was broken or a
// mutant survived.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string' },
  },
});

async function replay(seed: number): Promise<boolean> {
  const { violation, hash, coverage, ...figures } = await new Life(seed, (line) => console.log(line)).run();
  console.table({ ...figures, hash });
  console.table(coverage.faults);
  if (violation) console.log(`VIOLATION ${violation.stack ?? violation.message}`);
  return violation === undefined;
}

async function campaign(seeds: number, from: number, jobs: number): Promise<boolean> {
  const parts = await Promise.all(
    Array.from({ length: jobs }, (_, job) =>
      campaignChild({
        from: from + job,
        count: Math.ceil((seeds - job) / jobs),
        step: jobs,
        stopAtFirst: false,
      }),
    ),
  );
  const report = parts.reduce(joined, emptyReport());
  console.log(campaignText(report));
  return report.failed.length === 0 && missingCoverage(report).length === 0;
}

/** Kills one mutant after the other, `jobs` at a time. */
async function hunt(named: readonly Mutant[], jobs: number): Promise<boolean> {
  const queue = named.values();
  let survivors = 0;
  const begin = performance.now();
  console.log(huntLine('mutant', 'seed', 'seconds', 'noticed by'));
  const hunter = async (): Promise<void> => {
    for (const { name } of queue) {
      const plan = { from: 1, count: mutantSeedsMax, step: 1, stopAtFirst: true };
      const { failed, seconds } = await campaignChild(plan, name);
      if (!failed[0]) survivors++;
      console.log(
        huntLine(
          name,
          failed[0]?.seed ?? '-',
          seconds.toFixed(1),
          failed[0]?.violation ?? `SURVIVED ${mutantSeedsMax} seeds`,
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, hunter));
  const seconds = (performance.now() - begin) / 1_000;
  console.log(`${named.length - survivors} of ${named.length} mutants killed in ${seconds.toFixed(0)} s`);
  return survivors === 0;
}

const huntLine = (name: string, seed: string | number, seconds: string, violation: string): string =>
  `${name.padEnd(58)}${String(seed).padStart(6)}${seconds.padStart(9)}  ${violation.slice(0, 110)}`;

const jobs = Number(values.jobs);
let held: boolean;
if (values.mutants || values.mutant !== undefined)
  held = await hunt(
    mutants.filter(({ name }) => name.includes(values.mutant ?? '')),
    jobs,
  );
else if (values.seed === undefined) held = await campaign(Number(values.seeds), Number(values.from), jobs);
else held = await replay(Number(values.seed));
process.exitCode = held ? 0 : 1;
