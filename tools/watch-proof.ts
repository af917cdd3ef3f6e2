import { parseArgs } from 'node:util';
import { answerSlowly, joining, reconnecting, stalled, subscribed } from '../test/e2e/watch-rounds.ts';
import { verifyViolations } from '../test/e2e/verified.ts';
import { World } from '../test/e2e/world.ts';

// Proof of watching: reconnects without loss, readers that take nothing and what they cost the server's memory (Linux),
// and unary calls beside hundreds of open watches. Prints figures and, as the last line, JSON; exits with 1 when a
// claim does not hold.
const { values } = parseArgs({
  options: {
    reconnects: { type: 'string', default: '1000' },
    stalled: { type: 'string', default: '100' },
    subscribers: { type: 'string', default: '300' },
    calls: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
  },
});
const stalledMbMax = 50;
const p99RatioMax = 2;

const world = await World.open({ ORCHESTRATOR_RETAIN_TERMINAL: '10000' });
try {
  const failures: string[] = [];
  answerSlowly(world, Number(values.seed));
  const { violations, ...reconnects } = await reconnecting(world, Number(values.reconnects));
  failures.push(...violations, ...(await joining(world, 20)));
  console.table(reconnects);
  const readers = await stalled(world, Number(values.stalled));
  console.table(readers);
  if (readers.costMb >= stalledMbMax) failures.push(`stalled readers cost ${readers.costMb} MB`);
  const unary = await subscribed(world, Number(values.subscribers), Number(values.calls));
  console.table(unary);
  if (unary.ratio >= p99RatioMax) failures.push(`p99 of unary calls grew ${unary.ratio} times`);
  await world.daemon.stop();
  failures.push(...(await verifyViolations(world.dataDir)));
  for (const failure of failures) console.log(`VIOLATION ${failure}`);
  console.log(JSON.stringify({ reconnects, readers, unary, violations: failures }));
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await world.close();
}
