import { setImmediate as turn } from 'node:timers/promises';
import { drive, withNode } from './drive.ts';
import { agentLog } from './agent-log-figures.ts';
import { cpuFigures } from './cpu-figures.ts';
import { percentile, type Figure } from './figure.ts';
import { appendLatency } from './latency-figures.ts';
import { restart } from './restart-figures.ts';
import { retention } from './retention-figures.ts';
import { groupCommitFloor, makespanFloor, recordRun, serialSyncFloor } from './floor.ts';

/** Stages of the measured run, each one call deep: plan, agents, group syntheses, executive. */
const stages = 4;
const answerMs = 50;
const warmUpRuns = 2_000;

async function rate(runs: number, concurrency: number): Promise<number> {
  return withNode({ answerTime: 0 }, async (node) => {
    await drive(node, Math.ceil(runs / 5), concurrency);
    const begin = performance.now();
    await drive(node, runs, concurrency);
    return runs / ((performance.now() - begin) / 1_000);
  });
}

async function throughput(): Promise<Figure[]> {
  const run = await recordRun();
  const concurrency = 128;
  // Long enough for what the compiler does at first to be a small part of it.
  const runs = 15_000;
  return [
    {
      name: `workflows/s, ${concurrency} at once`,
      value: await rate(runs, concurrency),
      unit: '1/s',
      reach: { value: 2_000 },
      floor: { value: await groupCommitFloor(run, runs, concurrency), shareWanted: 0.45 },
    },
    {
      name: 'workflows/s, one at a time',
      value: await rate(600, 1),
      unit: '1/s',
      floor: { value: serialSyncFloor(run, 600), shareWanted: 0.7 },
    },
    {
      // How much of that floor the database leaves to any engine.
      name: 'workflows/s, one at a time: the same rows by SQLite alone',
      value: await groupCommitFloor(run, 600, 1),
      unit: '1/s',
    },
  ];
}

async function overhead(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const ideal = stages * answerMs;
  const overIdeal = (durations: readonly number[]): number =>
    ((percentile(durations, 0.5) - ideal) / ideal) * 100;
  const run = await recordRun();
  // Of a server that has been at work: the first runs load and compile what the others use.
  await withNode({ answerTime: 0 }, (node) => drive(node, warmUpRuns, 64));
  for (const [concurrency, runs, most] of [
    [1, 30, 3],
    // Twenty each: the first ones all begin in one instant and stand in one line.
    [64, 1_280, 10],
  ] as const) {
    const durations = await withNode({ answerTime: answerMs }, (node) => drive(node, runs, concurrency));
    figures.push({
      name: `makespan over the ideal ${ideal} ms, ${concurrency} at once`,
      value: overIdeal(durations),
      unit: '%',
      reach: { value: most, atMost: true },
    });
  }
  figures.push({
    // What timers and the database leave to any engine.
    name: `makespan over the ideal ${ideal} ms, alone: timers and the same rows by SQLite alone`,
    value: overIdeal(await makespanFloor(run, 30, answerMs)),
    unit: '%',
  });
  return figures;
}

const collect = (globalThis as { gc?: () => void }).gc;

async function waiting(): Promise<Figure[]> {
  if (!collect) throw new Error('memory is measured with --expose-gc');
  const gc = collect;
  const count = 5_000;
  const bytes = await withNode({ answerTime: 'never' }, async (node) => {
    // The first ones load and compile what the others use.
    for (let index = 0; index < 100; index++) await node.begin();
    while (node.catalog.calls < 100) await turn();
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < count; index++) await node.begin();
    while (node.catalog.calls < count + 100) await turn();
    gc();
    return (process.memoryUsage().heapUsed - before) / count;
  });
  return [
    {
      name: `heap of a workflow waiting in its first step, ${count} of them`,
      value: bytes / 1_024,
      unit: 'KiB',
      reach: { value: 8, atMost: true },
    },
  ];
}

/** What the engine does without an edge, by name. */
export const engineFigures: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  throughput,
  cpu: cpuFigures,
  overhead,
  waiting,
  'append-latency': appendLatency,
  retention,
  restart,
  'agent-log': agentLog,
};
