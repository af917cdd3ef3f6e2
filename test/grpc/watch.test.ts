import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ClientReadableStream, status as Code, type ServiceError } from '@grpc/grpc-js';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { WatchWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/WatchWorkflowResponse.ts';
import { EncodedLog } from '../../src/grpc/encoded-log.ts';
import { watch } from '../../src/grpc/watch.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FakeApplication } from './fake-application.ts';
import { ask, collect, type Harness, refusalOf, refused, serve, until } from './harness.ts';
import { openSession, stalledWatch } from './raw-client.ts';
import { goodRun, started } from './sample-events.ts';

const workflowId = 'research_0a1b2c3d4e5f';
const whole = [started, ...goodRun].map((_, index) => index + 1);

async function served(run: (harness: Harness) => Promise<void>, options: Parameters<typeof serve>[0] = {}) {
  const harness = await serve(options);
  try {
    await run(harness);
  } finally {
    await harness.close();
  }
}

const sequencesOf = (messages: readonly WatchWorkflowResponse__Output[]): number[] =>
  messages.flatMap(({ events }) => events.map(({ sequence }) => Number(sequence)));

/** A watch whose messages can be looked at while it runs. */
function open(stream: ClientReadableStream<WatchWorkflowResponse__Output>) {
  const seen = {
    messages: [] as WatchWorkflowResponse__Output[],
    error: undefined as ServiceError | undefined,
    ended: false,
  };
  stream.on('data', (message: WatchWorkflowResponse__Output) => seen.messages.push(message));
  stream.on('error', (error) => {
    seen.error = error as ServiceError;
  });
  stream.on('status', () => setImmediate(() => (seen.ended = true)));
  return seen;
}

/** A log of many small events. */
function fill(application: FakeApplication, events: number, chars = 2_000): void {
  const reason = 'x'.repeat(chars);
  application.append(workflowId, started);
  for (let index = 0; index < events; index += 2) {
    application.append(
      workflowId,
      { type: 'workflow_paused', reason, agentRemainingMs: {}, pauseDeadline: 0 },
      { type: 'workflow_resumed' },
    );
  }
}

describe('watching', () => {
  test('0 is the whole history, several events in a message, and OK after the terminal event', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started, ...goodRun);
      const { messages, error } = await collect(workflows.WatchWorkflow({ workflowId, afterSequence: 0 }));
      assert.equal(error, undefined);
      assert.deepEqual(sequencesOf(messages), whole);
      assert.equal(messages.length, 1);
      assert.equal(messages[0]?.events.at(-1)?.data, 'workflowCompleted');
      await until(() => application.openWatches === 0, 'the watch is no longer counted');
    }));

  test('unset is a snapshot with its sequence, then what comes next', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started, ...goodRun.slice(0, 5));
      const seen = open(workflows.WatchWorkflow({ workflowId }));
      await until(() => seen.messages.length === 1, 'the snapshot');
      assert.equal(seen.messages[0]?.content, 'snapshot');
      assert.equal(seen.messages[0].snapshot?.sequence, '6');
      assert.equal(seen.messages[0].snapshot.workflow?.state, 'STATE_RUNNING');
      assert.equal(application.openWatches, 1);
      application.append(workflowId, ...goodRun.slice(5));
      await until(() => seen.ended, 'the end');
      assert.deepEqual(sequencesOf(seen.messages), whole.slice(6));
    }));

  test('a reader that comes back goes on after its last event, also when that was the terminal one', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started, ...goodRun);
      const rest = await collect(workflows.WatchWorkflow({ workflowId, afterSequence: 20 }));
      assert.deepEqual(sequencesOf(rest.messages), whole.slice(20));
      const nothing = await collect(workflows.WatchWorkflow({ workflowId, afterSequence: whole.length }));
      assert.deepEqual([nothing.messages, nothing.error], [[], undefined]);
      const snapshot = await collect(workflows.WatchWorkflow({ workflowId }));
      assert.equal(snapshot.error, undefined);
      assert.equal(snapshot.messages.length, 1);
    }));

  test('above the last event is OUT_OF_RANGE, an unknown workflow NOT_FOUND, a bad id INVALID_ARGUMENT', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started);
      for (const [request, code] of [
        [{ workflowId, afterSequence: 2 }, Code.OUT_OF_RANGE],
        [{ workflowId: 'research_ffffffffffff' }, Code.NOT_FOUND],
        [{ workflowId: 'research_ffffffffffff', afterSequence: 0 }, Code.NOT_FOUND],
        [{ workflowId: 'research_abc123' }, Code.INVALID_ARGUMENT],
        [{ workflowId, afterSequence: -1 }, Code.INVALID_ARGUMENT],
      ] as const) {
        const { error } = await collect(workflows.WatchWorkflow(request));
        assert.equal(error?.code, code, JSON.stringify(request));
        refusalOf(error);
      }
    }));

  test('row 9: a cancelled workflow shows workflow_cancelled, then the end', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started);
      const seen = open(workflows.WatchWorkflow({ workflowId, afterSequence: 0 }));
      await until(() => seen.messages.length === 1, 'the first event');
      await ask(workflows, 'CancelWorkflow', { workflowId });
      await until(() => seen.ended, 'the end');
      assert.deepEqual(
        seen.messages.flatMap(({ events }) => events.map(({ type }) => type)),
        ['workflow_started', 'cancellation_requested', 'workflow_cancelled'],
      );
      assert.equal(seen.error, undefined);
    }));

  test('row 30, row 31: a failing workflow shows its error before the end of the stream', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started);
      const seen = open(workflows.WatchWorkflow({ workflowId }));
      await until(() => seen.messages.length === 1, 'the snapshot');
      application.append(workflowId, {
        type: 'workflow_failed',
        error: { type: 'crash', message: 'it broke' },
      });
      await until(() => seen.ended, 'the end');
      const last = seen.messages.at(-1)?.events.at(-1);
      assert.deepEqual(last?.workflowFailed?.error, { type: 'crash', message: 'it broke' });
      assert.ok(last.time && last.workflowId === workflowId);
    }));

  test('row 32: a watch ends with an error when the workflow goes away under it', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started);
      const seen = open(workflows.WatchWorkflow({ workflowId }));
      await until(() => seen.messages.length === 1, 'the snapshot');
      application.evict(workflowId);
      await until(() => seen.ended, 'the end');
      assert.equal(seen.error?.code, Code.NOT_FOUND);
    }));

  test('a client that goes away leaves nothing behind', () =>
    served(async ({ application, workflows, server }) => {
      application.append(workflowId, started);
      const stream = workflows.WatchWorkflow({ workflowId });
      const seen = open(stream);
      await until(() => seen.messages.length === 1, 'the snapshot');
      stream.cancel();
      await until(() => application.openWatches === 0 && server.openCalls === 0, 'the watch is gone');
    }));

  test('heartbeats come while nothing happens, with the sequence the stream stands at', async () => {
    const clock = new SimulatedClock();
    await served(
      async ({ application, workflows }) => {
        application.append(workflowId, started);
        const seen = open(workflows.WatchWorkflow({ workflowId, afterSequence: 0 }));
        await until(() => seen.messages.length === 1, 'the first event');
        for (let beat = 1; beat <= 2; beat++) {
          await clock.advance(limits.watchHeartbeatMs);
          await until(() => seen.messages.length === 1 + beat, 'a heartbeat');
          assert.equal(seen.messages.at(-1)?.heartbeat?.sequence, '1');
        }
        application.append(workflowId, { type: 'workflow_failed', error: { type: 'x', message: 'y' } });
        await until(() => seen.ended, 'the end');
        assert.deepEqual(sequencesOf(seen.messages), [1, 2]);
      },
      { clock },
    );
  });

  test('a watch that fails waits for news no longer, although its log stands still and its call goes on', async () => {
    const clock = new SimulatedClock();
    const application = new FakeApplication(clock);
    application.append(workflowId, started);
    const watching = watch(
      { application, clock, log: new EncodedLog(application) },
      { tenant: 'default', workflowId },
      { afterSequence: 1, includeProgress: false },
      new AbortController().signal,
      () => Promise.reject(new Error('the heartbeat was not taken')),
    );
    const failed = assert.rejects(watching, /the heartbeat was not taken/);
    await until(() => application.openWaits === 1, 'it waits for news');
    await clock.advance(limits.watchHeartbeatMs);
    await failed;
    assert.equal(application.openWaits, 0);
  });

  test('hundreds of readers of one log cost one read and one encoding per event', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started);
      const readers = Array.from({ length: 200 }, () =>
        open(workflows.WatchWorkflow({ workflowId, afterSequence: 0 })),
      );
      await until(() => readers.every(({ messages }) => messages.length === 1), 'everybody is there');
      const before = application.reads;
      application.append(workflowId, ...goodRun);
      await until(() => readers.every(({ ended }) => ended), 'everybody is done');
      for (const { messages } of readers) assert.deepEqual(sequencesOf(messages), whole);
      assert.ok(application.reads - before <= 2, `${application.reads - before} reads`);
    }));

  test('a lagging reader gets large messages, within the limits of events and bytes', () =>
    served(async ({ application, workflows }) => {
      fill(application, 4_000);
      const stream = workflows.WatchWorkflow({ workflowId, afterSequence: 0 });
      const seen = open(stream);
      await until(() => sequencesOf(seen.messages.slice(-1)).at(-1) === 4_001, 'the last event');
      stream.cancel();
      assert.deepEqual(
        sequencesOf(seen.messages),
        Array.from({ length: 4_001 }, (_, index) => index + 1),
      );
      assert.ok(seen.messages.length < 100, `${seen.messages.length} messages`);
      assert.ok(seen.messages.every(({ events }) => events.length <= limits.watchBatchEventsMax));
    }));

  test('the cache of encoded events stays within its bound', async () => {
    const application = new FakeApplication(new SimulatedClock());
    application.append(workflowId, started);
    for (let index = 0; index < 40; index++) {
      application.append(workflowId, {
        type: 'document_failed',
        format: 'pdf',
        failure: { code: 'internal', message: 'x'.repeat(1_000_000), retryable: false },
      });
    }
    const log = new EncodedLog(application);
    const key = { tenant: 'default', workflowId };
    let sequence = 0;
    for (;;) {
      const page = await log.page(key, sequence, limits.watchBatchEventsMax, limits.watchBatchBytesMax);
      if (page.bytes.length === 0) break;
      assert.equal(page.sequence, sequence + page.events);
      sequence = page.sequence;
      assert.ok(log.cachedBytes <= limits.encodedEventsBytesMax);
    }
    assert.equal(sequence, 41);
  });

  test('a log of large events is read once, not once for every page', async () => {
    const application = new FakeApplication(new SimulatedClock());
    const message = 'x'.repeat(1_000_000);
    application.append(workflowId, started);
    for (let index = 0; index < 200; index++) {
      application.append(workflowId, {
        type: 'document_failed',
        format: 'pdf',
        failure: { code: 'internal', message, retryable: false },
      });
    }
    const log = new EncodedLog(application);
    const key = { tenant: 'default', workflowId };
    let sequence = 0;
    for (;;) {
      const page = await log.page(key, sequence, limits.watchBatchEventsMax, limits.watchBatchBytesMax);
      if (page.bytes.length === 0) break;
      sequence = page.sequence;
    }
    assert.equal(sequence, 201);
    assert.ok(application.eventsRead < 450, `${application.eventsRead} events`);
  });

  test('what is committed to a followed log reaches its followers without a look into the store', async () => {
    const application = new FakeApplication(new SimulatedClock());
    const log = new EncodedLog(application);
    const key = { tenant: 'default', workflowId };
    const page = (after: number) =>
      log.page(key, after, limits.watchBatchEventsMax, limits.watchBatchBytesMax);
    application.append(workflowId, started);
    const [first, second] = [log.follow(key), log.follow(key)];
    assert.equal((await page(0)).sequence, 1);
    assert.equal(log.isHead(key, 1), false, 'nothing was committed yet, so the end is not known');

    application.append(workflowId, ...goodRun);
    const events = await application.events(key, 1, whole.length);
    const { state } = await application.get(key);
    log.committed(state, events);
    application.failing = new Error('the store was asked');
    const [one, other] = [await page(1), await page(1)];
    assert.deepEqual([one.sequence, one.terminal], [whole.length, true]);
    assert.deepEqual(Buffer.concat(other.bytes), Buffer.concat(one.bytes));
    assert.equal(log.isHead(key, whole.length), true);

    application.failing = undefined;
    first();
    second();
    assert.equal(log.isHead(key, whole.length), false, 'nobody follows it any more');
    const fromStore = new EncodedLog(application);
    const read = await fromStore.page(key, 1, limits.watchBatchEventsMax, limits.watchBatchBytesMax);
    assert.deepEqual(Buffer.concat(read.bytes), Buffer.concat(one.bytes));
  });

  test('what was put together for the followers of a log goes with the last of them', async () => {
    const application = new FakeApplication(new SimulatedClock());
    const log = new EncodedLog(application);
    const key = { tenant: 'default', workflowId };
    fill(application, 40);
    const [first, second] = [log.follow(key), log.follow(key)];
    const page = () => log.page(key, 0, 41, limits.watchBatchBytesMax);
    await page();
    const cached = log.cachedBytes;
    const [one, other] = [await page(), await page()];
    assert.equal(one.bytes.length, 1);
    assert.equal(one.bytes[0], other.bytes[0]);
    const joined = one.bytes[0]?.length ?? 0;
    first();
    assert.equal(log.cachedBytes, cached + joined);
    second();
    assert.equal(log.cachedBytes, cached);
  });

  test('what a log did between its beginning and its first follower is not read back', async () => {
    const application = new FakeApplication(new SimulatedClock());
    const log = new EncodedLog(application);
    const key = { tenant: 'default', workflowId };
    application.append(workflowId, started, ...goodRun.slice(0, 3));
    const { state } = await application.get(key);
    const events = await application.events(key, 0, whole.length);
    log.committed(state, events.slice(0, 1));
    log.committed(state, events.slice(1));
    const stop = log.follow(key);
    application.failing = new Error('the store was asked');
    const page = await log.page(key, 1, limits.watchBatchEventsMax, limits.watchBatchBytesMax);
    assert.deepEqual([page.events, page.sequence, page.terminal], [3, 4, false]);
    assert.equal(log.isHead(key, 4), true);
    stop();

    application.failing = undefined;
    const read = await new EncodedLog(application).page(
      key,
      1,
      limits.watchBatchEventsMax,
      limits.watchBatchBytesMax,
    );
    assert.deepEqual(Buffer.concat(read.bytes), Buffer.concat(page.bytes));
  });

  test('what is committed to a log that nobody follows is not kept', async () => {
    const application = new FakeApplication(new SimulatedClock());
    const log = new EncodedLog(application);
    const key = { tenant: 'default', workflowId };
    application.append(workflowId, started, ...goodRun);
    log.follow(key)();
    log.committed((await application.get(key)).state, await application.events(key, 0, whole.length));
    assert.equal(log.cachedBytes, 0);
  });

  test('a workflow that is gone is not found, although its events were read before', () =>
    served(async ({ application, workflows }) => {
      application.append(workflowId, started, ...goodRun);
      assert.equal(
        (await ask(workflows, 'ListWorkflowEvents', { workflowId })).reply.events.length,
        whole.length,
      );
      application.evict(workflowId);
      const listed = await refused(workflows, 'ListWorkflowEvents', { workflowId });
      assert.equal(listed.code, Code.NOT_FOUND);
      assert.equal(listed.reason, 'WORKFLOW_NOT_FOUND');
      const { messages, error } = await collect(workflows.WatchWorkflow({ workflowId, afterSequence: 0 }));
      assert.deepEqual([messages, error?.code], [[], Code.NOT_FOUND]);
    }));

  test('100 stalled clients cost less than 50 MB together, and a healthy one notices nothing', () =>
    served(async ({ application, address, workflows }) => {
      fill(application, 5_000);
      const first = open(workflows.WatchWorkflow({ workflowId, afterSequence: 5_000 }));
      await until(() => sequencesOf(first.messages).length === 1, 'the healthy client is there');
      const before = await heldBytes();
      const sessions = Array.from({ length: 10 }, () => openSession(address));
      try {
        await Promise.all(
          Array.from({ length: 100 }, (_, index) => {
            const session = sessions[index % sessions.length];
            assert.ok(session);
            return stalledWatch(session, { workflowId, afterSequence: 0 });
          }),
        );
        await until(() => application.openWatches === 101, 'everybody is there');
        for (let round = 0; round < 50; round++) {
          application.append(
            workflowId,
            { type: 'workflow_paused', reason: 'y', agentRemainingMs: {}, pauseDeadline: 0 },
            { type: 'workflow_resumed' },
          );
          await until(
            () => sequencesOf(first.messages).at(-1) === 5_003 + round * 2,
            'the healthy client has it',
          );
        }
        const held = (await heldBytes()) - before;
        assert.ok(held < 50 * 1_048_576, `${Math.round(held / 1_048_576)} MB`);
      } finally {
        for (const session of sessions) session.destroy();
      }
      await until(() => application.openWatches === 1, 'the stalled ones are gone');
    }));

  test('a client that takes nothing for 60 s is closed with the sequence to go on from', async () => {
    const clock = new SimulatedClock();
    await served(
      async ({ application, address }) => {
        fill(application, 5_000);
        const session = openSession(address);
        try {
          const stalled = await stalledWatch(session, { workflowId, afterSequence: 0 });
          // The write that stalls has its own timer, beside those of the health check and the heartbeat-free watch.
          await until(() => application.reads > 0, 'the log was read');
          await clock.advance(1_000);
          await clock.advance(limits.watchStalledMs);
          await until(() => application.openWatches === 0, 'the watch is closed');
          assert.equal(stalled.trailers, undefined);
          stalled.stream.resume();
          await until(() => stalled.trailers !== undefined, 'the status');
          assert.equal(stalled.trailers?.['grpc-status'], String(Code.RESOURCE_EXHAUSTED));
          const details = Buffer.from(String(stalled.trailers['grpc-status-details-bin']), 'base64').toString(
            'latin1',
          );
          assert.match(details, /SLOW_CONSUMER/);
          assert.match(details, /after_sequence/);
        } finally {
          session.destroy();
        }
      },
      { clock },
    );
  });

  test('a client that never reads again loses its stream a minute later', async () => {
    const clock = new SimulatedClock();
    await served(
      async ({ application, address }) => {
        fill(application, 5_000);
        const session = openSession(address);
        try {
          const stalled = await stalledWatch(session, { workflowId, afterSequence: 0 });
          await until(() => application.reads > 0, 'the log was read');
          await clock.advance(1_000);
          await clock.advance(limits.watchStalledMs);
          await until(() => application.openWatches === 0, 'the watch is closed');
          await clock.advance(limits.watchStalledMs);
          await until(() => stalled.stream.closed, 'the stream is reset');
          assert.equal(
            stalled.stream.rstCode,
            11,
            'ENHANCE_YOUR_CALM, which clients read as RESOURCE_EXHAUSTED',
          );
        } finally {
          session.destroy();
        }
      },
      { clock },
    );
  });

  test('row 67: a shutdown ends watches and waits with UNAVAILABLE and where to go on', async () => {
    const harness = await serve();
    const { application, workflows, server } = harness;
    application.append(workflowId, started);
    const seen = open(workflows.WatchWorkflow({ workflowId, afterSequence: 0 }));
    const waiting = ask(workflows, 'WaitWorkflow', { workflowId }).then(
      () => undefined,
      (error: unknown) => error as ServiceError,
    );
    await until(() => seen.messages.length === 1 && server.openCalls === 2, 'both are open');
    await server.stop(20_000);
    await until(() => seen.ended, 'the end');
    assert.ok(seen.error);
    const refusal = refusalOf(seen.error);
    assert.equal(refusal.code, Code.UNAVAILABLE);
    assert.equal(refusal.reason, 'SHUTTING_DOWN');
    assert.equal(refusal.metadata['after_sequence'], '1');
    assert.ok(refusal.retryDelay);
    const error = await waiting;
    assert.equal(error?.code, Code.UNAVAILABLE);
    assert.equal(application.openWatches, 0);
    await harness.close();
  });
});

/** What this process holds when its garbage is gone: that of the tests before would drown what is measured. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    // Buffers are given back in a later turn than the objects that hold them.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
