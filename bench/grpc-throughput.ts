import type { Figure } from './figure.ts';
import { type BenchClient, withClients } from './grpc-client.ts';
import { withServer } from './server-process.ts';
import { sequencesOf } from './watch-bytes.ts';

const concurrency = 128;
const warmUpRuns = 600;
const runs = 3_000;

/** Runs a second, started over gRPC, every event of each watched to the end and found to be there once. */
export async function grpcThroughput(): Promise<Figure[]> {
  let events = 0;
  const runOne = async (starter: BenchClient, watcher: BenchClient): Promise<void> => {
    const { workflow } = await starter.startResearch({
      task: 'How do durable workflows survive crashes, and what does it cost?',
      numAgents: 8,
      options: { generateDocuments: false },
    });
    const workflowId = workflow?.workflowId ?? '';
    let last = 0;
    await watcher.read(workflowId, (message) => {
      for (const sequence of sequencesOf(message)) {
        if (sequence !== last + 1) throw new Error(`${workflowId}: event ${sequence} after ${last}`);
        last = sequence;
      }
    });
    if (last === 0) throw new Error(`${workflowId}: no event came`);
    events += last;
  };
  const drive = async (clients: readonly BenchClient[], count: number): Promise<void> => {
    const [starter, watcher] = clients;
    if (!starter || !watcher) throw new Error('two connections are needed');
    let left = count;
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (left-- > 0) await runOne(starter, watcher);
      }),
    );
  };
  return withServer('./grpc-server.ts', { answerTime: 0 }, (address, server) =>
    withClients(address, 2, async (clients) => {
      await drive(clients, warmUpRuns);
      events = 0;
      const cpuBefore = await server.cpuMs();
      const begin = performance.now();
      await drive(clients, runs);
      const seconds = (performance.now() - begin) / 1_000;
      const cpuMs = (await server.cpuMs()) - cpuBefore;
      return [
        {
          name: `workflows/s through gRPC, ${concurrency} at once, every event watched`,
          value: runs / seconds,
          unit: '1/s',
          reach: { value: 600 },
        },
        { name: 'events/s to their watcher', value: events / seconds, unit: '1/s' },
        { name: 'CPU time of the server for a workflow', value: cpuMs / runs, unit: 'ms' },
      ];
    }),
  );
}
