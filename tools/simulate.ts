import { parseArgs } from 'node:util';
import { campaignChild } from '../test/simulation/campaign-child.ts';
import { campaignText, missingCoverage } from '../test/simulation/campaign-text.ts';
import { emptyReport, joined } from '../test/simulation/campaign.ts';
import { Life } from '../test/simulation/life.ts';

// Proof by simulation: the whole engine in seeded virtual worlds full of misfortune, every rule checked at every step.
// --seeds N --from S --jobs J: many lives; --seed S: one of them with a trace. Exits with 1 when a rule was broken.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string' },
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

const held =
  values.seed === undefined
    ? await campaign(Number(values.seeds), Number(values.from), Number(values.jobs))
    : await replay(Number(values.seed));
process.exitCode = held ? 0 : 1;
