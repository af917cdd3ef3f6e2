import assert from 'node:assert/strict';
import type { ClientHttp2Stream } from 'node:http2';
import { describe, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { CallSink } from '../../src/engine/progress-feed.ts';
import type { WatchWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/WatchWorkflowResponse.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { limits } from '../../src/workflow/limits.ts';
import { fold } from '../../src/workflow/evolve.ts';
import type { FakeApplication } from './fake-application.ts';
import { type Harness, serve, until } from './harness.ts';
import { openSession, stalledWatch } from './raw-client.ts';
import { goodRun, started } from './sample-events.ts';

const workflowId = 'research_0a1b2c3d4e5f';
const key = { tenant: 'default', workflowId };
/** The planner's call is under way. */
const planning = [started, ...goodRun.slice(0, 4)];
const rest = goodRun.slice(4);

interface Served extends Harness {
  readonly clock: SimulatedClock;
}

async function served(run: (served: Served) => Promise<void>): Promise<void> {
  const clock = new SimulatedClock();
  const harness = await serve({ clock });
  try {
    await run({ ...harness, clock });
  } finally {
    await harness.close();
  }
}

/** Takes what the planner writes. */
async function plannerOf(application: FakeApplication): Promise<CallSink> {
  const state = fold(await application.events(key, 0, planning.length));
  const call = state?.agents.get('planner')?.openCall;
  assert.ok(call);
  return application.progressFeed.sink(key, 'planner', call);
}

function watching({ workflows }: Harness, request: { includeProgress?: boolean; afterSequence?: number }) {
  const seen = { messages: [] as WatchWorkflowResponse__Output[], ended: false };
  const stream = workflows.WatchWorkflow({ workflowId, afterSequence: 0, ...request });
  stream.on('data', (message: WatchWorkflowResponse__Output) => seen.messages.push(message));
  stream.on('error', () => undefined);
  stream.on('status', () => setImmediate(() => (seen.ended = true)));
  return {
    stream,
    get messages() {
      return seen.messages;
    },
    get ended() {
      return seen.ended;
    },
    get progress() {
      return seen.messages.flatMap(({ progress }) => progress ?? []);
    },
    get sequences() {
      return sequencesOf(seen.messages);
    },
  };
}

const sequencesOf = (messages: readonly WatchWorkflowResponse__Output[]): number[] =>
  messages.flatMap(({ events }) => events.map(({ sequence }) => Number(sequence)));

const wholeLog = [started, ...goodRun].map((_, index) => index + 1);

/** Messages of a stream without a gRPC library. */
function decoded(stream: ClientHttp2Stream): WatchWorkflowResponse__Output[] {
  const messages: WatchWorkflowResponse__Output[] = [];
  let bytes = Buffer.alloc(0);
  stream.on('data', (part: Buffer) => {
    bytes = Buffer.concat([bytes, part]);
    while (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt32BE(1)) {
      const end = 5 + bytes.readUInt32BE(1);
      messages.push(workflowService.WatchWorkflow.responseDeserialize(bytes.subarray(5, end)));
      bytes = bytes.subarray(end);
    }
  });
  return messages;
}

interface Stalled extends Served {
  readonly sink: CallSink;
  /** Characters the planner has written. */
  readonly written: number;
  /** Reads all the time. */
  readonly healthy: ReturnType<typeof watching>;
  /** Was opened first and has read nothing yet. */
  readonly stream: ClientHttp2Stream;
  /** What is read of it from now on. */
  readonly messages: readonly WatchWorkflowResponse__Output[];
}

/** A planner that writes much, with one watcher who takes it and one who takes nothing. */
function stalled(run: (stalled: Stalled) => Promise<void>): Promise<void> {
  return served(async (harness) => {
    const { application, address, clock } = harness;
    application.append(workflowId, ...planning);
    const session = openSession(address);
    try {
      const request = { workflowId, afterSequence: 0, includeProgress: true };
      const { stream } = await stalledWatch(session, request);
      const healthy = watching(harness, request);
      await until(() => healthy.progress.length === 1, 'the healthy reader is there');
      const sink = await plannerOf(application);
      const part = 'x'.repeat(limits.progressDeltaCharsMax);
      let written = 0;
      while (written < writtenChars) {
        sink.add(part);
        written += part.length;
        await clock.advance(limits.progressIntervalMs);
        await until(() => heard(healthy.messages) === written, 'the healthy reader has it all');
      }
      const messages = decoded(stream);
      stream.pause();
      await run({ ...harness, clock, sink, written, healthy, stream, messages });
    } finally {
      session.destroy();
    }
  });
}

/** Much more than a connection takes of a client that does not read. */
const writtenChars = 64 * limits.progressDeltaCharsMax;

/** Where the text stands for one who got these messages. */
function heard(messages: readonly WatchWorkflowResponse__Output[]): number {
  const delta = messages.at(-1)?.progress?.delta;
  return delta ? Number(delta.offset) + delta.text.length : 0;
}

/** Gives sockets a few turns. */
async function flushed(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('progress in a watch', () => {
  test('is not sent to one who did not ask, and costs nothing then', () =>
    served(async (harness) => {
      const { application, clock } = harness;
      application.append(workflowId, ...planning);
      const seen = watching(harness, {});
      await until(() => seen.sequences.length === planning.length, 'the log so far');
      const sink = await plannerOf(application);
      assert.equal(sink.position, undefined, 'a provider is asked for nothing');
      assert.equal(application.progressFeed.followedCount, 0);
      await clock.advance(limits.progressIntervalMs);
      application.append(workflowId, ...rest);
      await until(() => seen.ended, 'the end');
      assert.deepEqual(seen.progress, []);
    }));

  test('comes between the events, with agent, turn, attempt and offset, and ends with its attempt', () =>
    served(async (harness) => {
      const { application, clock } = harness;
      application.append(workflowId, ...planning);
      const seen = watching(harness, { includeProgress: true });
      await until(() => seen.progress.length === 1, 'what the planner does');
      const sink = await plannerOf(application);
      sink.add('1. Flüsse\n');
      await clock.advance(limits.progressIntervalMs);
      await until(() => seen.progress.length === 2, 'the first delta');
      sink.add('2. Seen');
      await clock.advance(limits.progressIntervalMs);
      await until(() => seen.progress.length === 3, 'the second delta');
      sink.add(' and what comes too late');
      application.append(workflowId, ...rest);
      sink.add(' after all');
      await clock.advance(limits.progressIntervalMs);
      await until(() => seen.ended, 'the end');
      const about = { agentId: 'planner', turn: 0, attempt: 1 };
      assert.deepEqual(
        seen.progress.slice(0, 3).map((progress) => ({ ...progress })),
        [
          { ...about, activity: 'ACTIVITY_CALLING', update: 'activity' },
          { ...about, delta: { offset: '0', text: '1. Flüsse\n' }, update: 'delta' },
          { ...about, delta: { offset: '11', text: '2. Seen' }, update: 'delta' },
        ],
      );
      assert.equal(seen.progress.length, 3);
      assert.deepEqual(seen.sequences, wholeLog);
      await until(() => application.progressFeed.followedCount === 0, 'nobody follows any more');
    }));

  test('waits for nobody: every event comes to a reader that took nothing for long', () =>
    stalled(async ({ application, clock, healthy, stream, messages }) => {
      // Progress that nobody takes is no reason to close a stream, and no heartbeat piles up behind it.
      await clock.advance(2 * limits.watchStalledMs);
      assert.equal(application.openWatches, 2);
      application.append(workflowId, ...rest.slice(0, 2));
      await until(
        () => healthy.sequences.length === planning.length + 2,
        'the healthy reader has the events',
      );
      stream.resume();
      await until(() => sequencesOf(messages).length === planning.length + 2, 'the slow one has them too');
      application.append(workflowId, ...rest.slice(2));
      await until(() => sequencesOf(messages).length === wholeLog.length && healthy.ended, 'the end');
      assert.deepEqual(sequencesOf(messages), wholeLog);
      assert.deepEqual(healthy.sequences, wholeLog);
      assert.equal(heartbeats(messages), 0);
    }));

  test('drops what a slow reader does not take, and its offset shows the gap', () =>
    stalled(async ({ application, clock, stream, messages, written, sink }) => {
      stream.resume();
      sink.add('the end');
      const ends = (): boolean => messages.at(-1)?.progress?.delta?.text.endsWith('the end') === true;
      for (let round = 0; round < 20 && !ends(); round++) {
        await clock.advance(limits.progressIntervalMs);
        await flushed();
      }
      await until(ends, 'the end of the text');
      let [at, gaps] = [0, 0];
      for (const { progress } of messages) {
        if (!progress?.delta) continue;
        const offset = Number(progress.delta.offset);
        if (offset > at) gaps++;
        else assert.equal(offset, at, 'nothing is told twice');
        at = offset + progress.delta.text.length;
      }
      assert.equal(at, written + 'the end'.length);
      assert.equal(gaps, 1);
      application.append(workflowId, ...rest);
      await until(() => sequencesOf(messages).length === wholeLog.length, 'the end');
      assert.deepEqual(sequencesOf(messages), wholeLog);
    }));

  test('does not keep heartbeats from an idle stream', () =>
    served(async (harness) => {
      const { application, clock } = harness;
      application.append(workflowId, ...planning);
      const seen = watching(harness, { includeProgress: true });
      await until(() => seen.progress.length === 1, 'what the planner does');
      await clock.advance(limits.watchHeartbeatMs);
      await until(() => heartbeats(seen.messages) === 1, 'a heartbeat');
      seen.stream.cancel();
      await until(() => application.progressFeed.followedCount === 0, 'nobody follows any more');
    }));
});

function heartbeats(messages: readonly WatchWorkflowResponse__Output[]): number {
  return messages.filter(({ heartbeat }) => heartbeat).length;
}
