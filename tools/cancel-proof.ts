import { parseArgs } from 'node:util';
import { cancelInFlight, cancelRace } from '../test/e2e/cancel-rounds.ts';
import { verifyViolations } from '../test/e2e/verified.ts';
import { World } from '../test/e2e/world.ts';

// Proof of cancellation: twenty streams in flight closed at the provider, several times, and cancels that race with
// completion. Prints figures and, as the last line, JSON; exits with 1 when a claim does not hold.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const socketsClosedMsMax = 200;

const world = await World.open({ ORCHESTRATOR_RETAIN_TERMINAL: '10000' });
try {
  const failures: string[] = [];
  const rounds = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    const { reply, socketsClosedMs, replyMs, requestsAfterReply, watched, watchEndedOk } =
      await cancelInFlight(world);
    const figures = {
      socketsClosedMs,
      replyMs,
      aborted: reply.receipt?.callsAborted ?? 0,
      requestsAfterReply,
    };
    rounds.push(figures);
    if (socketsClosedMs > socketsClosedMsMax)
      failures.push(`round ${round}: sockets took ${socketsClosedMs} ms`);
    if (figures.aborted !== 20) failures.push(`round ${round}: ${figures.aborted} calls aborted`);
    if (requestsAfterReply > 0)
      failures.push(`round ${round}: ${requestsAfterReply} requests after the reply`);
    if (!watchEndedOk || watched.at(-1)?.type !== 'workflow_cancelled')
      failures.push(`round ${round}: the watcher missed it`);
  }
  console.table(rounds);
  const start = performance.now();
  const { violations, ...race } = await cancelRace(world, Number(values.runs), Number(values.seed));
  const figures = { ...race, seconds: Math.round((performance.now() - start) / 100) / 10 };
  console.table(figures);
  failures.push(...violations);
  await world.daemon.stop();
  failures.push(...(await verifyViolations(world.dataDir)));
  for (const failure of failures) console.log(`VIOLATION ${failure}`);
  const slowest = Math.max(...rounds.map(({ socketsClosedMs }) => socketsClosedMs));
  console.log(JSON.stringify({ socketsClosedMsMax: slowest, race: figures, violations: failures }));
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await world.close();
}
