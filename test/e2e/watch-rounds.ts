import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';
import { catalogService, workflowService } from '../../src/grpc/definition.ts';
import { roleOf } from '../simulator/behaviour.ts';
import { SeededRandom } from './seeded-random.ts';
import { assertFinishedLog, present, type Session, terminalTypes } from './session.ts';
import type { World } from './world.ts';

const large = { numAgents: 20, options: { maxConcurrentAgents: 20 } };

/** Answers spread over a while, so that there is a live part to watch. */
export function answerSlowly(world: World, seed: number): void {
  const random = new SeededRandom(seed);
  for (const delayMs of [0, 3, 10, 30, 60, 120]) {
    world.simulator.when(() => random.next() < 0.3, { kind: 'answer', delayMs, dripMs: delayMs / 10 });
  }
}

export interface Reconnects {
  readonly reconnects: number;
  readonly workflows: number;
  readonly events: number;
  readonly violations: readonly string[];
}

/** A watcher that takes one message, goes away and comes back after its last event, until it has come back often enough. */
export async function reconnecting(world: World, wanted: number): Promise<Reconnects> {
  const { session } = world;
  const violations: string[] = [];
  let [reconnects, workflows, events] = [0, 0, 0];
  while (reconnects < wanted) {
    const { workflowId } = await session.start(large);
    workflows++;
    const seen: WorkflowEvent__Output[] = [];
    while (!terminalTypes.has(seen.at(-1)?.type ?? '')) {
      const watch = session.watch(workflowId, Number(seen.at(-1)?.sequence ?? 0));
      await watch.until(() => watch.events.length > 0);
      const [message] = watch.messages;
      watch.cancel();
      await watch.ended;
      if (!message) throw new Error(`${workflowId}: a stream after ${seen.length} events ended without any`);
      seen.push(...message.events);
      reconnects++;
    }
    const log = await session.events(workflowId);
    if (JSON.stringify(log) !== JSON.stringify(seen)) {
      violations.push(
        `${workflowId}: saw ${seen.map(({ sequence }) => sequence).join()} of ${log.length} events`,
      );
    }
    events += seen.length;
  }
  return { reconnects, workflows, events, violations };
}

/** Watchers that join one run at many moments, from the beginning and from a snapshot, must see the same log. */
export async function joining(world: World, watchers: number): Promise<readonly string[]> {
  const { session } = world;
  const { workflowId } = await session.start(large);
  const first = session.watch(workflowId, 0);
  const joined = [first];
  for (let n = 1; n < watchers; n++) {
    await first.until(() => first.events.length >= n * 4);
    joined.push(session.watch(workflowId, n % 2 === 0 ? 0 : undefined));
  }
  for (const watch of joined) assert.equal(await watch.ended, undefined);
  const log = await session.events(workflowId);
  assertFinishedLog(log);
  return joined.flatMap((watch, index) => {
    const after = Number(watch.messages.find(({ snapshot }) => snapshot)?.snapshot?.sequence ?? 0);
    const expected = log.slice(after);
    return JSON.stringify(watch.events) === JSON.stringify(expected)
      ? []
      : [`watcher ${index}: ${watch.events.length} events after ${after} instead of ${expected.length}`];
  });
}

/** A watch over raw HTTP/2 whose bytes nobody takes. */
class StalledReader {
  readonly #connection: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;

  constructor(address: string, workflowId: string) {
    const method = workflowService.WatchWorkflow;
    this.#connection = connect(`http://${address}`);
    this.#connection.on('error', () => undefined);
    this.#stream = this.#connection.request({
      ':method': 'POST',
      ':path': method.path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    this.#stream.on('error', () => undefined);
    const message = method.requestSerialize({ workflowId, afterSequence: 0 });
    const header = Buffer.alloc(5);
    header.writeUInt32BE(message.length, 1);
    this.#stream.end(Buffer.concat([header, message]));
    this.#stream.pause();
  }

  async opened(): Promise<void> {
    await once(this.#stream, 'response');
  }

  close(): void {
    this.#connection.destroy();
  }
}

export interface Stalled {
  readonly readers: number;
  /** Of the log that they do not read. */
  readonly logBytes: number;
  /** The daemon's memory before and the most there was with them. */
  readonly beforeMb: number;
  readonly mostMb: number;
  readonly costMb: number;
  /** A run with a healthy reader, mean of ten, without them and with them. */
  readonly healthyAloneMs: number;
  readonly healthyMs: number;
}

/** Readers that take nothing of a log of megabytes, while a healthy one watches another run. Linux only. */
export async function stalled(world: World, readers: number): Promise<Stalled> {
  const { simulator } = world;
  simulator.reset();
  // A young process: memory that an older one has to spare would hide what they cost.
  await world.daemon.stop();
  await world.boot();
  const { session, daemon } = world;
  const text = 'A sentence of a long answer. '.repeat(4_000);
  simulator.when((entry) => roleOf(entry.attemptId) === 'researcher', { kind: 'answer', text });
  const { workflowId } = await session.start(large);
  await session.ended(workflowId);
  const log = await session.events(workflowId);
  simulator.reset();

  // What the daemon needs at all must not be taken for theirs.
  await watchedRuns(session, daemon);
  const alone = await watchedRuns(session, daemon);
  const beforeBytes = alone.mostBytes;
  const open = Array.from({ length: readers }, () => new StalledReader(daemon.address, workflowId));
  try {
    await Promise.all(open.map((reader) => reader.opened()));
    const healthy = await watchedRuns(session, daemon);
    const mb = (bytes: number): number => Math.round(bytes / 1e5) / 10;
    return {
      readers,
      logBytes: Buffer.byteLength(JSON.stringify(log)),
      beforeMb: mb(beforeBytes),
      mostMb: mb(healthy.mostBytes),
      costMb: mb(healthy.mostBytes - beforeBytes),
      healthyAloneMs: alone.ms,
      healthyMs: healthy.ms,
    };
  } finally {
    for (const reader of open) reader.close();
  }
}

/** Ten runs one after the other, each with a healthy watcher; the memory is looked at with every message. */
async function watchedRuns(
  session: Session,
  daemon: { readonly residentBytes: number },
): Promise<{ readonly ms: number; readonly mostBytes: number }> {
  const start = performance.now();
  const runs = 10;
  let mostBytes = 0;
  for (let run = 0; run < runs; run++) {
    const { workflowId } = await session.start(large);
    const watch = session.watch(workflowId, 0);
    await watch.until(() => {
      mostBytes = Math.max(mostBytes, daemon.residentBytes);
      return false;
    });
    assert.equal(await watch.ended, undefined);
    assertFinishedLog(watch.events);
  }
  return { ms: Math.round((performance.now() - start) / runs), mostBytes };
}

export interface Subscribed {
  readonly subscribers: number;
  readonly calls: number;
  readonly p50Ms: readonly [without: number, withThem: number];
  readonly p99Ms: readonly [without: number, withThem: number];
  /** p99 with subscribers divided by p99 without. */
  readonly ratio: number;
}

/** Unary calls without and with hundreds of open watches of a run that hangs. Row 95. */
export async function subscribed(world: World, subscribers: number, calls: number): Promise<Subscribed> {
  const { session, simulator } = world;
  simulator.reset();
  const { workflowId } = await session.start({ numAgents: 1 });
  await session.ended(workflowId);
  simulator.otherwise({ kind: 'hang', at: 'mid stream' });
  const hanging = await session.start({ numAgents: 1 });
  await simulator.ledger.until(() => simulator.ledger.of(`${hanging.workflowId}/planner/0/1`).length > 0);

  await latencies(session, workflowId, calls);
  const before = await latencies(session, workflowId, calls);
  const connections = Array.from({ length: Math.ceil(subscribers / 100) }, () => world.connect());
  const watches = Array.from({ length: subscribers }, (_, n) =>
    present(connections[n % connections.length]).watch(hanging.workflowId, 0),
  );
  await Promise.all(watches.map((watch) => watch.until(() => watch.events.length > 0)));
  const during = await latencies(session, workflowId, calls);
  const stats = await session.ask(catalogService.GetStats, {});
  assert.equal(Number(stats.activeStreams), subscribers, 'all of them are open');
  await session.cancel(hanging.workflowId);
  for (const watch of watches) assert.equal(await watch.ended, undefined);
  for (const connection of connections) connection.close();
  const after = await latencies(session, workflowId, calls);
  simulator.reset();
  const both = [...before, ...after];
  const p99: [number, number] = [quantile(both, 0.99), quantile(during, 0.99)];
  return {
    subscribers,
    calls,
    p50Ms: [quantile(both, 0.5), quantile(during, 0.5)],
    p99Ms: p99,
    ratio: Math.round((p99[1] / p99[0]) * 100) / 100,
  };
}

async function latencies(session: Session, workflowId: string, calls: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < calls; n++) {
    const start = performance.now();
    await session.get(workflowId);
    times.push(performance.now() - start);
  }
  return times;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 100) / 100;
}
