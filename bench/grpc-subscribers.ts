import { setTimeout as pause } from 'node:timers/promises';
import { keyOf } from '../test/store/fixture.ts';
import { type Figure, percentile } from './figure.ts';
import { type BenchClient, withClients } from './grpc-client.ts';
import { withServer } from './server-process.ts';
import { timesOf } from './watch-bytes.ts';

const subscribers = 1_000;
const stalled = 10;
const connections = 10;
/** Three events a call, one call at a time: about ten events a second. */
const answerMs = 300;
/** More than a client that reads nothing takes ahead. */
const stalledLogEvents = 20_000;
const settleMs = 1_000;
const timesSlowerMost = 2;
const rounds = 2;

/** Starts a workflow that grows steadily and has everybody watch it; answers the delay of each delivery, ms. */
async function deliveries(clients: readonly BenchClient[], readers: number): Promise<number[]> {
  const [starter] = clients;
  const { workflow } = (await starter?.startResearch({
    task: 'How do durable workflows survive crashes, and what does it cost?',
    numAgents: 20,
    options: { generateDocuments: false, maxConcurrentAgents: 1 },
  })) ?? { workflow: null };
  const workflowId = workflow?.workflowId ?? '';
  const delays: number[] = [];
  let joined = 0;
  let allJoined = Number.POSITIVE_INFINITY;
  await Promise.all(
    Array.from({ length: readers }, async (_, index) => {
      let messages = 0;
      await clients[index % connections]?.read(workflowId, (message) => {
        const now = performance.timeOrigin + performance.now();
        if (messages++ === 0 && ++joined === readers) allJoined = now;
        // While they open their streams there is more to do than to deliver.
        for (const time of timesOf(message)) if (time > allJoined) delays.push(now - time);
      });
    }),
  );
  return delays;
}

/** Opens a log that is there already, over the same connections, and never reads; resolves when nothing more is taken. */
async function stall(clients: readonly BenchClient[]): Promise<() => void> {
  const calls = clients.slice(0, stalled).map((client) => client.open(keyOf(0).workflowId));
  for (const call of calls) call.on('error', () => undefined);
  await pause(settleMs);
  return () => {
    for (const call of calls) call.cancel();
  };
}

/** What subscribers that take nothing cost the others. */
export async function grpcSubscribers(): Promise<Figure[]> {
  return withServer('./grpc-server.ts', { answerTime: answerMs, logs: [stalledLogEvents] }, (address) =>
    withClients(address, connections, async (clients) => {
      const alone: number[] = [];
      const beside: number[] = [];
      await deliveries(clients, subscribers);
      for (let round = 0; round < rounds; round++) {
        for (const delay of await deliveries(clients, subscribers - stalled)) alone.push(delay);
        const release = await stall(clients);
        for (const delay of await deliveries(clients, subscribers - stalled)) beside.push(delay);
        release();
      }
      const slower = percentile(beside, 0.99) / percentile(alone, 0.99);
      const name = `delivery p99 to ${subscribers - stalled} on ${connections} connections, about 10 events/s`;
      return [
        { name, value: percentile(alone, 0.99), unit: 'ms' },
        { name: `${name}, beside ${stalled} stalled`, value: percentile(beside, 0.99), unit: 'ms' },
        {
          name: `times slower beside ${stalled} stalled`,
          value: slower,
          unit: '×',
          reach: { value: timesSlowerMost, atMost: true },
        },
      ];
    }),
  );
}
