import { setTimeout as pause } from 'node:timers/promises';
import { workflowService } from '../src/grpc/definition.ts';
import { type Figure, percentile } from './figure.ts';
import { recordRun } from './floor.ts';
import { type BenchClient, withClients } from './grpc-client.ts';
import { withServer } from './server-process.ts';

const warmUpCalls = 400;
const idleCalls = 500;
/** Long enough for what a start sets off to be over before the next. */
const restMs = 4;
const burstCallers = 16;
const bursts = 80;
const burstRestMs = 20;

async function startOne(client: BenchClient): Promise<number> {
  const begin = performance.now();
  const { workflow } = await client.startWorkflow({
    orchestrator: 'research',
    input: {
      fields: {
        task: { stringValue: 'How do durable workflows survive crashes, and what does it cost?' },
        numAgents: { numberValue: 8 },
      },
    },
    options: { generateDocuments: false },
  });
  if (!workflow) throw new Error('a start without workflow');
  return performance.now() - begin;
}

async function idle(client: BenchClient): Promise<number[]> {
  const durations: number[] = [];
  for (let call = 0; call < idleCalls; call++) {
    durations.push(await startOne(client));
    await pause(restMs);
  }
  return durations;
}

async function burst(client: BenchClient): Promise<number[]> {
  const durations: number[] = [];
  for (let round = 0; round < bursts; round++) {
    durations.push(...(await Promise.all(Array.from({ length: burstCallers }, () => startOne(client)))));
    await pause(burstRestMs);
  }
  return durations;
}

async function measure(address: string): Promise<{ idle: number[]; burst: number[] }> {
  return withClients(address, 1, async ([client]) => {
    if (!client) throw new Error('a connection is needed');
    for (let call = 0; call < warmUpCalls; call++) await startOne(client);
    return { idle: await idle(client), burst: await burst(client) };
  });
}

/** A reply as the server gives it, for the floor to give. */
async function recordReply(address: string): Promise<string> {
  return withClients(address, 1, async ([client]) => {
    const reply = await client?.startWorkflow({
      orchestrator: 'research',
      input: { fields: { task: { stringValue: 'How do durable workflows survive crashes?' } } },
    });
    return workflowService.StartWorkflow.responseSerialize(reply ?? {}).toString('base64');
  });
}

/**
 * How long a caller of StartWorkflow waits until its workflow is durable, beside the same call of grpc-js alone, and of
 * grpc-js with nothing but the one commit of the same rows by SQLite.
 */
export async function grpcStart(): Promise<Figure[]> {
  return withServer('./grpc-server.ts', { answerTime: 'never' }, async (address) => {
    const startReply = await recordReply(address);
    const [startAppend] = await recordRun();
    const floor = await withServer('./grpc-floor-server.ts', { streams: {}, startReply }, measure);
    const durable = await withServer(
      './grpc-floor-server.ts',
      { streams: {}, startReply, startAppend },
      measure,
    );
    const product = await measure(address);
    const figures = [
      ['StartWorkflow p50, idle', 'idle', 0.5, 1],
      ['StartWorkflow p99, idle', 'idle', 0.99, 5],
      [`StartWorkflow p99, ${burstCallers} callers in a burst`, 'burst', 0.99, 20],
    ] as const;
    return figures.flatMap(([name, load, share, most]) => [
      { name, value: percentile(product[load], share), unit: 'ms', reach: { value: most, atMost: true } },
      { name: `${name}: grpc-js unary alone`, value: percentile(floor[load], share), unit: 'ms' },
      {
        name: `${name}: grpc-js unary and one commit by SQLite alone`,
        value: percentile(durable[load], share),
        unit: 'ms',
      },
    ]);
  });
}
