import { CommitFeed } from '../src/grpc/commit-feed.ts';
import { GrpcServer } from '../src/grpc/server.ts';
import type { EventData } from '../src/workflow/event.ts';
import { silentLogger } from '../src/workflow/logger.ts';
import { admitted, completed, keyOf, paused, resumed, started, Writer } from '../test/store/fixture.ts';
import type { AnswerTime } from './bench-catalog.ts';
import { EngineNode } from './engine-node.ts';
import { host, reportPort, stopped } from './server-process.ts';

/** What the measured server has to be ready for. */
export interface ServerSetup {
  readonly answerTime: AnswerTime;
  /** Lengths of finished logs to keep; log n has the key `keyOf(n)`. */
  readonly logs?: readonly number[];
}

// The server that is measured, in a process of its own, composed as `serve` does, with a model in the process.
const setup = JSON.parse(process.argv[2] ?? '{}') as ServerSetup;
const commits = new CommitFeed();
const node = await EngineNode.start({ answerTime: setup.answerTime, observers: [commits] });
for (const [number, events] of (setup.logs ?? []).entries()) await writeLog(number, events);
const server = new GrpcServer(node.service, {
  clock: node.clock,
  logger: silentLogger,
  commits,
  version: 'bench',
});
reportPort(await server.start({ host, port: 0 }));
await stopped();
await server.stop(1_000);
await node.close();

/** A finished log of so many events, an even number, of about 300 bytes on average. */
async function writeLog(number: number, events: number): Promise<void> {
  const appendEvents = 1_000;
  const reason = Array.from({ length: 13 }, () => node.clock.hex(16)).join(' ');
  const data: EventData[] = [started(), admitted];
  while (data.length < events - 2) data.push({ ...paused, reason }, resumed);
  data.push(admitted, completed);
  const writer = new Writer(keyOf(number));
  await writer.claim(node.store);
  for (let from = 0; from < data.length; from += appendEvents) {
    const append = writer.build(data.slice(from, from + appendEvents), { time: node.clock.now() });
    const { result } = await node.store.append(append);
    if (result !== 'appended') throw new Error(`log ${number}: ${result}`);
    writer.accept(append);
  }
}
