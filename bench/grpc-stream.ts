import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyOf } from '../test/store/fixture.ts';
import { type Figure, percentile } from './figure.ts';
import { type BenchClient, withClients } from './grpc-client.ts';
import { type ServerProcess, withServer } from './server-process.ts';
import { sequencesOf } from './watch-bytes.ts';

interface Audience {
  readonly subscribers: number;
  readonly connections: number;
  /** Length of the log they all read. */
  readonly events: number;
}

const audiences: readonly Audience[] = [
  { subscribers: 1, connections: 1, events: 20_000 },
  { subscribers: 100, connections: 10, events: 2_000 },
];
const shareWanted = 0.8;
const rounds = 40;
/** The first ones load, compile and fill caches on both sides. */
const warmUpRounds = 5;

const collect = (globalThis as { gc?: () => void }).gc;

/** Every message of a log, after a check that they hold each of its events once and in order. */
async function record(client: BenchClient, workflowId: string, events: number): Promise<Buffer[]> {
  const messages: Buffer[] = [];
  await client.read(workflowId, (message) => messages.push(message));
  const sequences = messages.flatMap(sequencesOf);
  const whole = sequences.length === events && sequences.every((sequence, index) => sequence === index + 1);
  if (!whole) throw new Error(`${workflowId}: ${sequences.length} events of ${events}, or not in order`);
  return messages;
}

/** Events a second to all of the audience, which reads the log from its beginning to its end. */
async function round(
  clients: readonly BenchClient[],
  audience: Audience,
  workflowId: string,
  bytesWanted: number,
): Promise<number> {
  const { subscribers, connections, events } = audience;
  // What the client has left over from the other server's round is not this one's.
  collect?.();
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: subscribers }, async (_, index) => {
      let bytes = 0;
      await clients[index % connections]?.read(workflowId, (message) => {
        bytes += message.length;
      });
      if (bytes !== bytesWanted) throw new Error(`${workflowId}: ${bytes} bytes of ${bytesWanted} came`);
    }),
  );
  return (events * subscribers) / ((performance.now() - begin) / 1_000);
}

function fileOf(messages: readonly Buffer[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return [length, message];
    }),
  );
}

/** Events a second of finished logs, beside a grpc-js server that has nothing but the same messages in memory. */
export async function grpcStream(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-stream-'));
  try {
    const setup = { answerTime: 'never', logs: audiences.map(({ events }) => events) };
    return await withServer('./grpc-server.ts', setup, async (_address, server) => {
      const figures: Figure[] = [];
      for (const [number, audience] of audiences.entries()) {
        const { workflowId } = keyOf(number);
        figures.push(...(await compare(server, workflowId, audience, join(folder, `${number}`))));
      }
      return figures;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(
  server: ServerProcess,
  workflowId: string,
  audience: Audience,
  file: string,
): Promise<Figure[]> {
  const { subscribers, connections, events } = audience;
  return withClients(server.address, connections, async (clients) => {
    const [first] = clients;
    if (!first) throw new Error('a connection is needed');
    const messages = await record(first, workflowId, events);
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    writeFileSync(file, fileOf(messages));
    return withServer(
      './grpc-floor-server.ts',
      { streams: { [workflowId]: file } },
      (floorAddress, floorServer) =>
        withClients(floorAddress, connections, async (floorClients) => {
          const rates: { product: number; floor: number }[] = [];
          const cpu = { product: 0, floor: 0 };
          for (let turn = 0; turn < warmUpRounds + rounds; turn++) {
            // By turns, so that both meet the same machine.
            const product = await round(clients, audience, workflowId, bytes);
            const floor = await round(floorClients, audience, workflowId, bytes);
            if (turn === warmUpRounds - 1) {
              cpu.product = await server.cpuMs();
              cpu.floor = await floorServer.cpuMs();
            }
            if (turn >= warmUpRounds) rates.push({ product, floor });
          }
          const perMillion = 1e6 / (events * subscribers * rounds);
          const audienceName = `${subscribers}, log of ${events}, ${connections} connections, ${messages.length} messages each`;
          const median = (of: 'product' | 'floor'): number =>
            percentile(
              rates.map((rate) => rate[of]),
              0.5,
            );
          return [
            {
              name: `events/s to ${audienceName}`,
              value: median('product'),
              unit: '1/s',
              floor: { value: median('floor'), shareWanted },
            },
            {
              name: `CPU time of the server for a million events to ${subscribers}`,
              value: ((await server.cpuMs()) - cpu.product) * perMillion,
              unit: 'ms',
            },
            {
              name: `CPU time of grpc-js alone for a million events to ${subscribers}`,
              value: ((await floorServer.cpuMs()) - cpu.floor) * perMillion,
              unit: 'ms',
            },
          ];
        }),
    );
  });
}
