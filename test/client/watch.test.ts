import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { status as Code } from '@grpc/grpc-js';
import { RpcError } from '../../src/client/rpc-error.ts';
import { type OpenWatch, watchEvents } from '../../src/client/watch.ts';
import { RealClock } from '../../src/clock/real-clock.ts';
import type { Snapshot__Output } from '../../src/gen/orchestrator/v1/Snapshot.ts';
import type { WatchWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/WatchWorkflowResponse.ts';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';
import { limits } from '../../src/workflow/limits.ts';

/** Waits take no time, and are remembered. */
class ImpatientClock extends RealClock {
  readonly waits: number[] = [];

  constructor() {
    super();
    this.sleep = async (ms, signal) => {
      this.waits.push(ms);
      signal.throwIfAborted();
    };
  }
}

const event = (sequence: number): WorkflowEvent__Output => ({
  workflowId: 'research_000000000001',
  sequence: String(sequence),
  time: null,
  type: 'workflow_admitted',
  agentId: '',
  progress: 0,
});

const events = (...sequences: number[]): WatchWorkflowResponse__Output => ({ events: sequences.map(event) });

type Step = WatchWorkflowResponse__Output | RpcError;

/** Streams that send what the script says and end with its error, if any; remembers where each began. */
function scripted(...streams: Step[][]): { open: OpenWatch; cursors: (number | undefined)[] } {
  const cursors: (number | undefined)[] = [];
  const open: OpenWatch = async function* (afterSequence) {
    cursors.push(afterSequence);
    for (const step of streams[cursors.length - 1] ?? []) {
      if (step instanceof RpcError) throw step;
      yield step;
    }
  };
  return { open, cursors };
}

async function sequencesOf(watched: AsyncIterable<WorkflowEvent__Output>): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of watched) sequences.push(Number(sequence));
  return sequences;
}

const lost = new RpcError(Code.UNAVAILABLE, 'connection dropped');

describe('a watch', () => {
  test('goes on from its last event whatever broke the stream, with every event once', async () => {
    const clock = new ImpatientClock();
    const { open, cursors } = scripted(
      [events(1, 2), lost],
      [events(2, 3), new RpcError(Code.RESOURCE_EXHAUSTED, 'slow', { reason: 'SLOW_CONSUMER' })],
      [new RpcError(Code.INTERNAL, 'Received RST_STREAM with code 2')],
      [new RpcError(Code.UNAVAILABLE, 'shutting down', { reason: 'SHUTTING_DOWN' })],
      [events(4), events(5)],
    );
    assert.deepEqual(await sequencesOf(watchEvents(open, clock, {})), [1, 2, 3, 4, 5]);
    assert.deepEqual(cursors, [0, 2, 3, 3, 3]);
    assert.equal(clock.waits.length, 4);
  });

  test('waits longer after each failure in a row and starts over after a message', async () => {
    const clock = new ImpatientClock();
    clock.random = () => 0;
    const { open } = scripted([events(1), lost], [lost], [lost], [events(2), lost], [events(3)]);
    await sequencesOf(watchEvents(open, clock, {}));
    assert.deepEqual(clock.waits, [200, 400, 800, 200]);
  });

  test('does not wait for a server that was never reached', async () => {
    const { open, cursors } = scripted([lost], [events(1)]);
    await assert.rejects(sequencesOf(watchEvents(open, new ImpatientClock(), {})), lost);
    assert.equal(cursors.length, 1);
  });

  test('waits for a server that answered that it cannot serve yet', async () => {
    const draining = new RpcError(Code.UNAVAILABLE, 'shutting down', { reason: 'SHUTTING_DOWN' });
    const { open } = scripted([draining], [lost], [events(1)]);
    assert.deepEqual(await sequencesOf(watchEvents(open, new ImpatientClock(), {})), [1]);
  });

  test('gives up after the limit of attempts in a row', async () => {
    const clock = new ImpatientClock();
    const { open } = scripted([events(1), lost], ...Array.from({ length: 100 }, () => [lost]));
    await assert.rejects(sequencesOf(watchEvents(open, clock, {})), lost);
    assert.equal(clock.waits.length, limits.reconnectsMax);
    assert.ok(clock.waits.every((ms) => ms <= limits.reconnectMsMax));
  });

  test('passes on errors that another stream cannot mend', async () => {
    for (const error of [
      new RpcError(Code.NOT_FOUND, 'gone', { reason: 'WORKFLOW_NOT_FOUND' }),
      new RpcError(Code.RESOURCE_EXHAUSTED, 'too many streams'),
      new RpcError(Code.INTERNAL, 'a defect', { reason: 'INTERNAL' }),
    ]) {
      const { open } = scripted([events(1), error], [events(2)]);
      await assert.rejects(sequencesOf(watchEvents(open, new ImpatientClock(), {})), error);
    }
  });

  test('refuses a log with a hole', async () => {
    const { open } = scripted([events(1, 3)]);
    await assert.rejects(sequencesOf(watchEvents(open, new ImpatientClock(), {})), {
      code: Code.DATA_LOSS,
      message: 'research_000000000001: expected sequence 2, found 3',
    });
  });

  test('asks for a snapshot until it has one and then goes on from it', async () => {
    const snapshot: Snapshot__Output = { workflow: null, sequence: '7' };
    const { open, cursors } = scripted([{ events: [] }, lost], [{ events: [], snapshot }, lost], [events(8)]);
    const seen: string[] = [];
    const watched = watchEvents(open, new ImpatientClock(), {
      onSnapshot: ({ sequence }) => seen.push(sequence),
    });
    assert.deepEqual(await sequencesOf(watched), [8]);
    assert.deepEqual(seen, ['7']);
    assert.deepEqual(cursors, [undefined, undefined, 7]);
  });

  test('hands on progress as it comes, which moves no cursor', async () => {
    const progress = { agentId: 'researcher/0', turn: 0, attempt: 1, delta: { offset: '0', text: 'It is' } };
    const { open, cursors } = scripted(
      [events(1), { events: [], progress }, lost],
      [{ events: [], progress }, events(2)],
    );
    const heard: unknown[] = [];
    const watched = watchEvents(open, new ImpatientClock(), { onProgress: (one) => heard.push(one) });
    assert.deepEqual(await sequencesOf(watched), [1, 2]);
    assert.deepEqual(heard, [progress, progress]);
    assert.deepEqual(cursors, [0, 1]);
  });

  test('ends with the reason of its signal, also between two streams', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { open } = scripted([events(1), lost], [events(2)]);
    const watched = watchEvents(open, new ImpatientClock(), {
      signal: controller.signal,
      onReconnect: () => controller.abort(reason),
    });
    await assert.rejects(sequencesOf(watched), reason);
  });
});
