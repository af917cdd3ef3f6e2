import { catalogService, workflowService } from '../../src/grpc/definition.ts';
import type { SeededRandom } from '../e2e/seeded-random.ts';
import { frame } from '../grpc/raw-client.ts';
import { type Attack, tally } from './attack.ts';
import {
  errorCode,
  flag,
  frameOf,
  frameType,
  preface,
  resetFrame,
  setting,
  settingsFrame,
  windowMax,
  windowUpdateFrame,
} from './frame.ts';
import { callFrame, RawConnection } from './raw-connection.ts';

const framesPerWrite = 100;
const continuationBytes = 16_000;
const manyStreams = 1_000;
const firstStream = 1;

/** Attacks on a connection by frames that no library would send. */
export const connectionAttacks: readonly Attack[] = [
  {
    name: 'garbage preface',
    run: async ({ port }, { connections }, random) => {
      const outcomes: string[] = [];
      for (let n = 0; n < connections; n++) {
        const connection = await RawConnection.open(port);
        await connection.write(Buffer.from(Array.from({ length: 64 }, () => random.whole(0, 255))));
        outcomes.push(await ended(connection));
      }
      return report(connections, outcomes, ['closed', 'goaway']);
    },
  },
  {
    name: 'mutated frames',
    run: async ({ port }, { connections }, random) => {
      const outcomes: string[] = [];
      for (let n = 0; n < connections; n++) {
        const connection = await RawConnection.open(port);
        await connection.write(mutatedCall(random));
        // A request that survived is answered; a ping tells when the server has read all the rest.
        await connection.write(frameOf(frameType.ping, 0, 0, Buffer.alloc(8)));
        outcomes.push(await ended(connection, () => connection.count(frameType.ping) > 0));
      }
      return report(connections, outcomes, ['closed', 'goaway', 'served on', 'silent']);
    },
  },
  {
    name: 'rapid reset',
    run: async ({ port }, { resets }) => {
      const outcomes: string[] = [];
      let sent = 0;
      while (sent < resets) {
        const connection = await RawConnection.greeted(port);
        for (let streamId = firstStream; sent < resets && !connection.refused; sent += framesPerWrite) {
          const burst: Buffer[] = [];
          for (let n = 0; n < framesPerWrite; n++, streamId += 2) {
            burst.push(callFrame(streamId, workflowService.StartResearch.path), resetFrame(streamId));
          }
          await connection.write(Buffer.concat(burst));
        }
        await connection.write(frameOf(frameType.ping, 0, 0, Buffer.alloc(8)));
        outcomes.push(await ended(connection, () => connection.count(frameType.ping) > 0));
      }
      return report(sent, outcomes, ['closed', 'goaway', 'served on']);
    },
  },
  {
    name: 'CONTINUATION flood',
    run: async ({ port }, { frames }) => {
      const connection = await RawConnection.greeted(port);
      await connection.write(callFrame(firstStream, catalogService.GetStats.path, 0));
      const continuation = frameOf(
        frameType.continuation,
        0,
        firstStream,
        Buffer.alloc(continuationBytes, 0x82),
      );
      const sent = await flood(connection, continuation, frames);
      return report(sent, [await ended(connection)], ['closed', 'goaway']);
    },
  },
  {
    name: 'PING flood, nothing read',
    run: async ({ port }, { frames }) => {
      const connection = await RawConnection.greeted(port);
      connection.pause();
      const sent = await flood(connection, frameOf(frameType.ping, 0, 0, Buffer.alloc(8)), frames);
      connection.resume();
      return report(
        sent,
        [await ended(connection, () => connection.count(frameType.ping) >= sent)],
        ['closed', 'goaway', 'served on'],
      );
    },
  },
  {
    name: 'SETTINGS flood, nothing read',
    run: async ({ port }, { frames }) => {
      const connection = await RawConnection.greeted(port);
      connection.pause();
      const sent = await flood(connection, settingsFrame([[setting.initialWindowSize, 1]]), frames);
      connection.resume();
      return report(
        sent,
        [await ended(connection, () => connection.count(frameType.settings) > sent)],
        ['closed', 'goaway', 'served on'],
      );
    },
  },
  {
    name: 'WINDOW_UPDATE tricks',
    run: async ({ port }, { connections }) => {
      const outcomes: string[] = [];
      const tricks = [
        Buffer.concat([windowUpdateFrame(0, windowMax), windowUpdateFrame(0, windowMax)]),
        windowUpdateFrame(0, 0),
        // A frame of the wrong size.
        frameOf(frameType.windowUpdate, 0, 0, Buffer.alloc(3)),
        settingsFrame([[setting.initialWindowSize, windowMax + 1]]),
      ];
      for (let n = 0; n < connections; n++) {
        const connection = await RawConnection.greeted(port);
        await connection.write(tricks[n % tricks.length] ?? preface);
        outcomes.push(await ended(connection));
      }
      return report(connections, outcomes, ['closed', 'goaway']);
    },
  },
  {
    name: 'zero window',
    run: async ({ port, workflowIds: [workflowId] }, { connections }) => {
      const { WatchWorkflow } = workflowService;
      const request = frame(WatchWorkflow.requestSerialize({ workflowId, afterSequence: 0 }));
      const open: RawConnection[] = [];
      const perConnection = 100;
      for (let n = 0; n < connections; n++) {
        const connection = await RawConnection.greeted(port, settingsFrame([[setting.initialWindowSize, 0]]));
        open.push(connection);
        for (let stream = 0; stream < perConnection; stream++) {
          const streamId = firstStream + stream * 2;
          const message = frameOf(frameType.data, flag.endStream, streamId, request);
          await connection.write(Buffer.concat([callFrame(streamId, WatchWorkflow.path), message]));
        }
        await connection.until(
          () => connection.count(frameType.headers) >= perConnection,
          'headers of every watch',
        );
      }
      // No byte of a message may come through a window of zero.
      const outcomes = open.map((connection) =>
        connection.count(frameType.data) === 0 ? 'held' : 'overrun',
      );
      for (const connection of open) connection.close();
      return report(connections * perConnection, outcomes, ['held']);
    },
  },
  {
    name: 'too many streams',
    run: async ({ port }) => {
      const connection = await RawConnection.greeted(port);
      const opening = Array.from({ length: manyStreams }, (_, n) =>
        callFrame(firstStream + n * 2, catalogService.GetStats.path),
      );
      await connection.write(Buffer.concat(opening));
      await connection.write(frameOf(frameType.ping, 0, 0, Buffer.alloc(8)));
      const outcome = await ended(connection, () => connection.count(frameType.ping) > 0);
      const refused = connection.count(frameType.resetStream);
      connection.close();
      const checked = report(manyStreams, [outcome], ['served on', 'goaway', 'closed']);
      return { ...checked, outcome: `${checked.outcome}, ${refused} streams refused` };
    },
  },
];

/** Writes the frame so often, unless the server gives up on the connection before; answers how often. */
async function flood(connection: RawConnection, repeated: Buffer, count: number): Promise<number> {
  const burst = Buffer.concat(Array.from({ length: framesPerWrite }, () => repeated));
  let sent = 0;
  for (; sent < count && !connection.refused; sent += framesPerWrite) {
    try {
      await connection.write(burst);
    } catch {
      // The server does not read on: what waits is the attacker's own memory.
      break;
    }
  }
  return sent;
}

/** A whole call in one piece, some of its bits flipped. */
function mutatedCall(random: SeededRandom): Buffer {
  const message = frameOf(frameType.data, flag.endStream, firstStream, frame(Buffer.alloc(0)));
  const bytes = Buffer.concat([
    preface,
    settingsFrame(),
    callFrame(firstStream, catalogService.GetStats.path),
    message,
  ]);
  for (let flips = random.whole(1, 6); flips > 0; flips--) {
    const at = random.whole(preface.length, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.whole(0, 7));
  }
  return bytes;
}

/** How the server treated the connection, which is closed afterwards; `served` says when it took all of it. */
async function ended(connection: RawConnection, served: () => boolean = () => false): Promise<string> {
  try {
    await connection.until(() => connection.refused || served(), 'an end or an answer');
    const code = connection.goawayCode;
    if (code !== undefined && code !== errorCode.noError) return 'goaway';
    return connection.refused ? 'closed' : 'served on';
  } catch {
    // Bytes that are half a frame: the server waits for the rest, and keepalive ends it.
    return 'silent';
  } finally {
    connection.close();
  }
}

function report(sent: number, outcomes: readonly string[], allowed: readonly string[]) {
  const violations = outcomes.filter((outcome) => !allowed.includes(outcome));
  return {
    sent,
    outcome: tally(outcomes),
    violations: violations.map((outcome) => `a connection ended as: ${outcome}`),
  };
}
