import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { catalogService } from '../../src/grpc/definition.ts';
import { present } from './session.ts';
import { World } from './world.ts';

let world: World;
before(async () => {
  world = await World.open();
});
after(() => world.close());

test('rows 73, 74, 76 to 84: the counters of a real server agree with what its workflows came to', async () => {
  const { session, simulator } = world;
  const statsOf = () => session.ask(catalogService.GetStats, {});

  const empty = await statsOf();
  const [none] = empty.byOrchestrator;
  assert.equal(none?.orchestrator, 'research', 'row 84: the stable name, before anything ran');
  assert.deepEqual(
    [none.count, none.minDurationSeconds, none.avgDurationSeconds, none.maxDurationSeconds],
    ['0', 0, 0, 0],
    'row 79: zeros when empty',
  );

  const completed = await session.start({ numAgents: 1 });
  await session.ended(completed.workflowId);
  simulator.when((entry) => entry.attemptId.includes('/planner/'), { kind: 'status', status: 400 });
  const failed = await session.start({ numAgents: 1 });
  assert.equal((await session.ended(failed.workflowId)).state, 'STATE_FAILED');
  simulator.reset();
  simulator.when((entry) => entry.attemptId.includes('/researcher/'), { kind: 'hang', at: 'mid stream' });
  const timedOut = await session.start({
    numAgents: 1,
    options: { workflowTimeout: { seconds: 1 }, generateDocuments: false },
  });
  assert.equal((await session.ended(timedOut.workflowId)).state, 'STATE_TIMED_OUT');
  const cancelled = await session.start({ numAgents: 1 });
  const watch = session.watch(cancelled.workflowId, 0);
  const researching = `${cancelled.workflowId}/researcher/`;
  await simulator.ledger.until(() =>
    simulator.ledger.entries.some(({ attemptId }) => attemptId.startsWith(researching)),
  );
  const running = await statsOf();
  assert.equal(running.activeWorkflows, '1', 'row 82: only live ones');
  assert.equal(running.activeStreams, '1', 'row 83');
  await session.cancel(cancelled.workflowId);
  assert.equal(await watch.ended, undefined);

  const stats = await statsOf();
  const research = present(stats.byOrchestrator.find(({ orchestrator }) => orchestrator === 'research'));
  assert.deepEqual(
    [research.count, research.errors, research.cancelled],
    ['4', '2', '1'],
    'rows 73 and 74: failed and timed out are errors, cancelled is apart',
  );
  assert.deepEqual(
    [stats.totalWorkflows, stats.totalErrors, stats.totalCancelled],
    ['4', '2', '1'],
    'row 77',
  );
  const workflows = await Promise.all(
    [completed, failed, timedOut, cancelled].map(({ workflowId }) => session.get(workflowId)),
  );
  const costs = workflows.map(({ costNanoUsd }) => Number(costNanoUsd));
  const sum = costs.reduce((total, cost) => total + cost, 0);
  assert.equal(Number(stats.totalCostNanoUsd), sum, 'row 76: failed, timed out and cancelled ones cost too');
  assert.ok((costs[2] ?? 0) > 0 && (costs[3] ?? 0) > 0);
  assert.equal(stats.totalCostUsd, Math.round(sum / 1e7) / 100, 'row 78: two decimals');
  assert.ok(research.maxDurationSeconds >= 1 && research.minDurationSeconds <= research.avgDurationSeconds);
  assert.equal(stats.activeWorkflows, '0');
  assert.equal(stats.activeStreams, '0');
  assert.equal(stats.registeredWebhooks, '0');
  const seconds = (duration: typeof stats.uptime): number =>
    Number(present(duration).seconds) + present(duration).nanos / 1e9;
  assert.ok(seconds(stats.uptime) > seconds(empty.uptime), 'row 80: it grows');
  assert.deepEqual(
    { ...(await statsOf()), uptime: null },
    { ...stats, uptime: null },
    'row 81: reading changes nothing',
  );
});
