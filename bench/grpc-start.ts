import { setTimeout as pause } from 'node:timers/promises';
import { workflowService } from '../src/grpc/definition.ts';
import { type Figure, percentile } from './figure.ts';
import { recordRun } from './floor.ts';
import { withClients } from './grpc-client.ts';
import type { FloorSetup } from './grpc-floor-server.ts';
import { withServer } from './server-process.ts';
import { UnaryCaller } from './unary-caller.ts';

const warmUpCalls = 400;
const callsInTurn = 1_500;
/** Long enough for what a start sets off to be over before the next. */
const restMs = 4;
const burstCallers = 16;
const bursts = 200;
const burstRestMs = 20;

const { StartWorkflow } = workflowService;
const request = {
  orchestrator: 'research',
  input: {
    fields: {
      task: { stringValue: 'How do durable workflows survive crashes, and what does it cost?' },
      numAgents: { numberValue: 8 },
    },
  },
  options: { generateDocuments: false },
};
const requestBytes = StartWorkflow.requestSerialize(request);

type Start = () => Promise<unknown>;

/** How long each call took, ms, by what else was going on. The workflows never end: those before are still waiting. */
interface Durations {
  /** A rest before each. */
  readonly idle: readonly number[];
  /** One after the other: what the start before has set off is still going on. */
  readonly inTurn: readonly number[];
  readonly burst: readonly number[];
  /** As `idle`, by the client of grpc-js. */
  readonly idleByLibrary: readonly number[];
}

async function timed(start: Start): Promise<number> {
  const begin = performance.now();
  await start();
  return performance.now() - begin;
}

async function oneByOne(start: Start, beforeEach: () => Promise<unknown>): Promise<number[]> {
  const durations: number[] = [];
  while (durations.length < callsInTurn) {
    await beforeEach();
    durations.push(await timed(start));
  }
  return durations;
}

async function inBursts(start: Start): Promise<number[]> {
  const durations: number[] = [];
  for (let round = 0; round < bursts; round++) {
    await pause(burstRestMs);
    durations.push(...(await Promise.all(Array.from({ length: burstCallers }, () => timed(start)))));
  }
  return durations;
}

async function withCaller<T>(address: string, work: (caller: UnaryCaller) => Promise<T>): Promise<T> {
  const caller = new UnaryCaller(address, StartWorkflow.path, requestBytes);
  try {
    return await work(caller);
  } finally {
    caller.close();
  }
}

async function measure(address: string): Promise<Durations> {
  const rest = (): Promise<void> => pause(restMs);
  const bare = await withCaller(address, async (caller) => {
    const start = (): Promise<Buffer> => caller.call();
    for (let call = 0; call < warmUpCalls; call++) await start();
    const idle = await oneByOne(start, rest);
    return { idle, inTurn: await oneByOne(start, () => Promise.resolve()), burst: await inBursts(start) };
  });
  return withClients(address, 1, async ([client]) => {
    if (!client) throw new Error('a connection is needed');
    const start = (): Promise<unknown> => client.startWorkflow(request);
    for (let call = 0; call < warmUpCalls; call++) await start();
    return { ...bare, idleByLibrary: await oneByOne(start, rest) };
  });
}

/** A reply as the server gives it, for the floor to give. */
async function recordReply(address: string): Promise<string> {
  const reply = await withCaller(address, (caller) => caller.call());
  if (!StartWorkflow.responseDeserialize(reply).workflow) throw new Error('a start without workflow');
  return reply.toString('base64');
}

/**
 * How long a caller of StartWorkflow waits until its workflow is durable, beside the same call of a grpc-js server alone,
 * and of one that makes nothing but the one commit of the same rows by SQLite.
 */
export async function grpcStart(): Promise<Figure[]> {
  const [startAppend] = await recordRun();
  if (!startAppend) throw new Error('a run without appends');
  return withServer(
    './grpc-server.ts',
    { answerTime: 'never' },
    async (address) => {
      const startReply = await recordReply(address);
      const floorOf = (setup: Partial<FloorSetup>): Promise<Durations> =>
        withServer('./grpc-floor-server.ts', { streams: {}, startReply, ...setup }, measure, 'usual');
      // The first one warms the callers, which all the others have in common.
      await floorOf({});
      const floor = await floorOf({});
      const durable = await floorOf({ startAppend });
      const product = await measure(address);
      const figures = [
        ['StartWorkflow p50, idle', 'idle', 0.5, 1],
        ['StartWorkflow p99, idle', 'idle', 0.99, 5],
        ['StartWorkflow p50, one after the other', 'inTurn', 0.5, undefined],
        ["StartWorkflow p50, idle, by grpc-js's client", 'idleByLibrary', 0.5, undefined],
        ["StartWorkflow p99, idle, by grpc-js's client", 'idleByLibrary', 0.99, undefined],
        [`StartWorkflow p99, ${burstCallers} callers in a burst`, 'burst', 0.99, 20],
      ] as const;
      return figures.flatMap(([name, load, share, most]) => [
        {
          name,
          value: percentile(product[load], share),
          unit: 'ms',
          ...(most !== undefined && { reach: { value: most, atMost: true } }),
        },
        { name: `${name}: a grpc-js server alone`, value: percentile(floor[load], share), unit: 'ms' },
        {
          name: `${name}: a grpc-js server and one commit by SQLite alone`,
          value: percentile(durable[load], share),
          unit: 'ms',
        },
      ]);
    },
    'usual',
  );
}
