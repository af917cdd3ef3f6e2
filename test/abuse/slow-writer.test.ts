import assert from 'node:assert/strict';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { describe, test } from 'node:test';
import { status as Code } from '@grpc/grpc-js';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { limits } from '../../src/workflow/limits.ts';
import { ask, type Harness, serve, until } from '../grpc/harness.ts';
import { frame, openSession, requestHeaders } from '../grpc/raw-client.ts';

const task = 'What is known about durable logs?';
const byteEveryMs = 1_000;

/** A request whose writer never comes to its end, and what it heard of it. */
interface Writing {
  readonly stream: ClientHttp2Stream;
  readonly status: () => string | undefined;
  readonly closed: () => boolean;
}

async function beginWriting(session: ClientHttp2Session): Promise<Writing> {
  const stream = session.request(requestHeaders(workflowService.StartResearch.path));
  stream.on('error', () => undefined);
  let status: string | undefined;
  let closed = false;
  stream.on('trailers', (trailers) => {
    status = String(trailers['grpc-status']);
  });
  stream.once('close', () => {
    closed = true;
  });
  await new Promise<void>((resolve) => stream.once('response', () => resolve()));
  stream.resume();
  return { stream, status: () => status, closed: () => closed };
}

/** The status comes, and a little later the end of the stream that the writer does not end itself. */
async function given(clock: SimulatedClock, ...writings: readonly Writing[]): Promise<void> {
  await until(() => writings.every(({ status }) => status() !== undefined), 'the status');
  assert.ok(writings.every(({ closed }) => !closed()));
  await clock.advance(limits.requestRestMs);
  await until(() => writings.every(({ closed }) => closed()), 'the stream is closed');
}

async function served(use: (harness: Harness, clock: SimulatedClock) => Promise<void>): Promise<void> {
  const clock = new SimulatedClock();
  const harness = await serve({ clock });
  try {
    await use(harness, clock);
  } finally {
    await harness.close();
  }
}

describe('a request that is never finished', () => {
  test('byte by byte is answered when its time is over, and its stream is closed although the writer goes on', () =>
    served(async ({ address, application }, clock) => {
      const session = openSession(address);
      try {
        const bytes = frame(workflowService.StartResearch.requestSerialize({ task }));
        const writing = await beginWriting(session);
        for (let waited = 0, at = 0; waited < limits.requestBodyMs; waited += byteEveryMs, at++) {
          assert.equal(writing.status(), undefined);
          writing.stream.write(bytes.subarray(at, at + 1));
          await clock.advance(byteEveryMs);
        }
        await given(clock, writing);
        assert.equal(writing.status(), String(Code.DEADLINE_EXCEEDED));
        assert.equal(application.starts.length, 0);
      } finally {
        session.destroy();
      }
    }));

  test('whole but without its end is answered too, and starts nothing', () =>
    served(async ({ address, application }, clock) => {
      const session = openSession(address);
      try {
        const writing = await beginWriting(session);
        writing.stream.write(frame(workflowService.StartResearch.requestSerialize({ task })));
        await clock.advance(limits.requestBodyMs);
        await given(clock, writing);
        assert.equal(writing.status(), String(Code.DEADLINE_EXCEEDED));
        assert.equal(application.starts.length, 0);
      } finally {
        session.destroy();
      }
    }));

  test('on every stream of a connection leaves room for others when its time is over', () =>
    served(async ({ address, application, workflows }, clock) => {
      const session = openSession(address);
      try {
        const open = await Promise.all(
          Array.from({ length: limits.concurrentStreamsMax }, () => beginWriting(session)),
        );
        await clock.advance(limits.requestBodyMs);
        await given(clock, ...open);
        assert.ok(open.every(({ status }) => status() === String(Code.DEADLINE_EXCEEDED)));
        await ask(workflows, 'ListWorkflows', {});
        await beginWriting(session);
        assert.equal(application.starts.length, 0);
      } finally {
        session.destroy();
      }
    }));

  test('and too large is refused, and its stream is closed although the writer goes on', () =>
    served(async ({ address, application }, clock) => {
      const session = openSession(address);
      try {
        const writing = await beginWriting(session);
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(2 ** 31 - 1, 1);
        writing.stream.write(prefix);
        await given(clock, writing);
        assert.equal(writing.status(), String(Code.RESOURCE_EXHAUSTED));
        assert.equal(application.starts.length, 0);
      } finally {
        session.destroy();
      }
    }));
});
