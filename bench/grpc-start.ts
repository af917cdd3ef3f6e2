import { setTimeout as pause } from 'node:timers/promises';
import { workflowService } from '../src/grpc/definition.ts';
import { type Figure, percentile } from './figure.ts';
import { recordRun } from './floor.ts';
import { withServer } from './server-process.ts';
import { UnaryCaller } from './unary-caller.ts';

const warmUpCalls = 400;
const idleCalls = 1_500;
/** Long enough for what a start sets off to be over before the next. */
const restMs = 4;
const burstCallers = 16;
const bursts = 200;
const burstRestMs = 20;

const { StartWorkflow } = workflowService;
const request = StartWorkflow.requestSerialize({
  orchestrator: 'research',
  input: {
    fields: {
      task: { stringValue: 'How do durable workflows survive crashes, and what does it cost?' },
      numAgents: { numberValue: 8 },
    },
  },
  options: { generateDocuments: false },
});

/** How long each call took, ms, by what else was going on. */
interface Durations {
  /** Nothing else, with a rest before each. */
  readonly idle: readonly number[];
  /** One after the other: what the last start has set off is still going on. */
  readonly inTurn: readonly number[];
  readonly burst: readonly number[];
}

async function callsOf(caller: UnaryCaller): Promise<Durations> {
  const startOne = async (): Promise<number> => {
    const begin = performance.now();
    await caller.call();
    return performance.now() - begin;
  };
  for (let call = 0; call < warmUpCalls; call++) await startOne();
  const inTurn: number[] = [];
  while (inTurn.length < idleCalls) inTurn.push(await startOne());
  const idle: number[] = [];
  while (idle.length < idleCalls) {
    await pause(restMs);
    idle.push(await startOne());
  }
  const burst: number[] = [];
  for (let round = 0; round < bursts; round++) {
    await pause(burstRestMs);
    burst.push(...(await Promise.all(Array.from({ length: burstCallers }, startOne))));
  }
  return { idle, inTurn, burst };
}

async function withCaller<T>(address: string, work: (caller: UnaryCaller) => Promise<T>): Promise<T> {
  const caller = new UnaryCaller(address, StartWorkflow.path, request);
  try {
    return await work(caller);
  } finally {
    caller.close();
  }
}

const measure = (address: string): Promise<Durations> => withCaller(address, callsOf);

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
  const run = await recordRun();
  return withServer(
    './grpc-server.ts',
    { answerTime: 'never' },
    async (address) => {
      const startReply = await recordReply(address);
      const floorOf = (setup: object): Promise<Durations> =>
        withServer('./grpc-floor-server.ts', { streams: {}, startReply, ...setup }, measure, 'default');
      const floor = await floorOf({});
      const durable = await floorOf({ startAppend: run[0] });
      const product = await measure(address);
      const figures = [
        ['StartWorkflow p50, idle', 'idle', 0.5, 1],
        ['StartWorkflow p99, idle', 'idle', 0.99, 5],
        ['StartWorkflow p50, one after the other', 'inTurn', 0.5, undefined],
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
    'default',
  );
}
