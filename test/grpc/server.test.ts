import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, connect as connectTcp, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { Client, credentials, Metadata, type ServiceError, status as Code } from '@grpc/grpc-js';
import type { Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { context as contexts, trace, TraceFlags } from '@opentelemetry/api';
import { service as health } from 'grpc-health-check';
import { RealClock } from '../../src/clock/real-clock.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { catalogService, workflowService } from '../../src/grpc/definition.ts';
import { BoundPort } from '../../src/grpc/bound-port.ts';
import { isTraceparent, requestFields } from '../../src/grpc/request-context.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { limits } from '../../src/workflow/limits.ts';
import { type LogFields, type Logger, silentLogger } from '../../src/workflow/logger.ts';
import { FakeApplication } from './fake-application.ts';
import { ask, collect, type Harness, refusalOf, refused, serve, until } from './harness.ts';
import { openSession, requestHeaders } from './raw-client.ts';
import { started } from './sample-events.ts';

const workflowId = 'research_0a1b2c3d4e5f';
const task = 'What is known about tides?';

function headers(fields: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(fields)) metadata.set(name, value);
  return metadata;
}

async function served(run: (harness: Harness) => Promise<void>, options: Parameters<typeof serve>[0] = {}) {
  const harness = await serve(options);
  try {
    await run(harness);
  } finally {
    await harness.close();
  }
}

/** A health client without generated types. */
function healthOf(address: string): {
  readonly check: (name: string) => Promise<string>;
  readonly client: Client;
} {
  const client = new Client(address, credentials.createInsecure());
  const method = health['Check'];
  assert.ok(method);
  const check = (name: string): Promise<string> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { service: name },
        (error, reply) => (error ? reject(error) : resolve((reply as unknown as { status: string }).status)),
      );
    });
  return { check, client };
}

function unserved(): { readonly server: GrpcServer; readonly application: FakeApplication } {
  const clock = new RealClock();
  const application = new FakeApplication(clock);
  return {
    application,
    server: new GrpcServer(application, { clock, logger: silentLogger, version: 'test' }),
  };
}

/** A connection that says nothing. */
function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

describe('the gRPC server', () => {
  test('row 98: a request id is taken or made, and answered', () =>
    served(async ({ workflows }) => {
      const given = await ask(workflows, 'ListWorkflows', {}, headers({ 'x-request-id': 'my-request.1' }));
      assert.deepEqual(given.metadata.get('x-request-id'), ['my-request.1']);
      const made = await ask(workflows, 'ListWorkflows', {});
      assert.match(String(made.metadata.get('x-request-id')[0]), /^[0-9a-f]{32}$/);
      for (const bad of ['x'.repeat(129), 'two words', '']) {
        const { metadata } = await ask(workflows, 'ListWorkflows', {}, headers({ 'x-request-id': bad }));
        assert.match(String(metadata.get('x-request-id')[0]), /^[0-9a-f]{32}$/);
      }
    }));

  test('row 98: a trace context is taken or made, answered, and reaches the start', () =>
    served(async ({ workflows, application }) => {
      const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
      const given = await ask(workflows, 'StartResearch', { task }, headers({ traceparent }));
      assert.deepEqual(given.metadata.get('traceparent'), [traceparent]);
      assert.equal(application.starts.at(-1)?.traceparent, traceparent);
      assert.equal(given.reply.workflow?.traceparent.slice(3, 35), 'a'.repeat(32));
      const bad = headers({ traceparent: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01` });
      const made = await ask(workflows, 'StartResearch', { task }, bad);
      const answered = String(made.metadata.get('traceparent')[0]);
      assert.match(answered, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      assert.doesNotMatch(answered, /^00-0{32}/);
      assert.equal(application.starts.at(-1)?.traceparent, answered);
    }));

  test('row 98: refused calls are answered with request id and trace context too', () =>
    served(async ({ workflows }) => {
      const received = await new Promise<Metadata>((resolve) => {
        const call = workflows.GetWorkflow(
          { workflowId: 'bad' },
          headers({ 'x-request-id': 'r' }),
          () => undefined,
        );
        call.on('metadata', resolve);
      });
      assert.deepEqual(received.get('x-request-id'), ['r']);
      assert.equal(received.get('traceparent').length, 1);
    }));

  test('statuses that grpc-js sends by itself carry request id and trace context too', () =>
    served(async ({ address }) => {
      const session = openSession(address);
      const stream = session.request({
        ...requestHeaders(workflowService.GetWorkflow.path),
        'grpc-timeout': 'soon',
        'x-request-id': 'r',
      });
      const [answered] = (await once(stream.resume(), 'response')) as [Record<string, string>];
      session.destroy();
      assert.equal(answered['x-request-id'], 'r');
      assert.ok(isTraceparent(String(answered['traceparent'])));
    }));

  test('a unary call that lasts is answered with them before its reply', async () => {
    const clock = new SimulatedClock();
    await served(
      async ({ application, workflows }) => {
        application.append(workflowId, started);
        const wait = application.wait.bind(application);
        let waits = 0;
        application.wait = (...request) => {
          waits++;
          return wait(...request);
        };
        const call = workflows.WaitWorkflow(
          { workflowId },
          headers({ 'x-request-id': 'r' }),
          () => undefined,
        );
        // The cancel below.
        call.on('error', () => undefined);
        const answers: Metadata[] = [];
        call.on('metadata', (metadata: Metadata) => answers.push(metadata));
        await until(() => waits === 1, 'it waits');
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(answers.length, 0);
        await clock.advance(limits.metadataWithReplyMs);
        await until(() => answers.length === 1, 'its initial metadata');
        assert.deepEqual(answers[0]?.get('x-request-id'), ['r']);
        call.cancel();
      },
      { clock },
    );
  });

  test('row 98: log lines written while a call is served can name it, whatever it awaits', async () => {
    const seen: Record<string, string>[] = [];
    const clock = new RealClock();
    const application = new FakeApplication(clock);
    const get = application.get.bind(application);
    application.get = async (key) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(requestFields());
      return get(key);
    };
    application.append(workflowId, started);
    const server = new GrpcServer(application, { clock, logger: silentLogger, version: 'test' });
    const port = await server.start({ host: '127.0.0.1', port: 0 });
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = workflowService.GetWorkflow;
    await Promise.all(
      ['one', 'two'].map(
        (id) =>
          new Promise<void>((resolve, reject) => {
            const metadata = headers({
              'x-request-id': id,
              traceparent: `00-${id === 'one' ? 'a' : 'b'}${'1'.repeat(31)}-${'2'.repeat(16)}-01`,
            });
            client.makeUnaryRequest(
              path,
              requestSerialize,
              responseDeserialize,
              { workflowId },
              metadata,
              (error) => (error ? reject(error) : resolve()),
            );
          }),
      ),
    );
    assert.deepEqual(
      seen.toSorted((a, b) => (String(a['request_id']) < String(b['request_id']) ? -1 : 1)),
      [
        { request_id: 'one', trace_id: `a${'1'.repeat(31)}` },
        { request_id: 'two', trace_id: `b${'1'.repeat(31)}` },
      ],
    );
    assert.deepEqual(requestFields(), {});
    client.close();
    await server.stop(0);
  });

  test('work that a call begins and leaves behind does not run in its name', () =>
    served(async ({ workflows, application }) => {
      const seen: Record<string, string>[] = [];
      const background: Promise<void>[] = [];
      const begin = (): void => {
        background.push(
          new Promise((resolve) =>
            setImmediate(() => {
              seen.push(requestFields());
              resolve();
            }),
          ),
        );
      };
      for (const method of ['start', 'cancel', 'pause', 'resume'] as const) {
        const original: (...args: never[]) => unknown = application[method].bind(application);
        Object.assign(application, {
          [method]: (...args: never[]) => {
            begin();
            return original(...args);
          },
        });
      }
      const { reply } = await ask(workflows, 'StartResearch', { task }, headers({ 'x-request-id': 'r' }));
      const id = { workflowId: reply.workflow?.workflowId ?? '' };
      const input = { fields: { task: { stringValue: task } } };
      await ask(workflows, 'StartWorkflow', { orchestrator: 'research', input });
      await ask(workflows, 'PauseWorkflow', id);
      await ask(workflows, 'ResumeWorkflow', id);
      await ask(workflows, 'CancelWorkflow', id);
      await Promise.all(background);
      assert.deepEqual(seen, [{}, {}, {}, {}, {}]);
    }));

  test('row 98: every call has one server span, child of the caller, and only faults of the server are errors', async () => {
    const tracer = new RecordingTracer();
    await served(
      async ({ workflows, application }) => {
        const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
        const { metadata } = await ask(
          workflows,
          'StartResearch',
          { task },
          headers({ traceparent: parent }),
        );
        await refused(workflows, 'GetWorkflow', { workflowId: 'bad' });
        application.failing = new Error('defect');
        await refused(workflows, 'GetWorkflow', { workflowId });
        application.failing = undefined;
        application.append(workflowId, started);
        const stream = workflows.WatchWorkflow({ workflowId });
        stream.on('data', () => stream.cancel());
        await collect(stream);
        await until(
          () => tracer.spans.length === 4 && tracer.spans.every(({ ends }) => ends === 1),
          'four spans',
        );
        const [start, refusal, defect, watch] = tracer.spans;
        assert.equal(start?.name, 'orchestrator.v1.WorkflowService/StartResearch');
        assert.equal(start.parent?.traceId, 'a'.repeat(32));
        assert.equal(start.parent.spanId, 'b'.repeat(16));
        assert.equal(start.attributes['rpc.system.name'], 'grpc');
        assert.equal(start.attributes['rpc.method'], 'orchestrator.v1.WorkflowService/StartResearch');
        assert.equal(start.attributes['network.peer.address'], '127.0.0.1');
        assert.equal(start.attributes['rpc.response.status_code'], 'OK');
        const own = `00-${start.spanContext().traceId}-${start.spanContext().spanId}-01`;
        assert.deepEqual(metadata.get('traceparent'), [own]);
        assert.equal(application.starts.at(-1)?.traceparent, own);
        assert.equal(refusal?.attributes['rpc.response.status_code'], 'INVALID_ARGUMENT');
        assert.equal(refusal?.attributes['error.type'], undefined);
        assert.equal(defect?.attributes['error.type'], 'INTERNAL');
        assert.equal(watch?.attributes['rpc.response.status_code'], 'CANCELLED');
      },
      { tracer },
    );
  });

  test('row 89: health tells the truth about the store and the drain', async () => {
    const clock = new SimulatedClock();
    await served(
      async ({ application, address, server }) => {
        const { check, client } = healthOf(address);
        const names = ['', 'orchestrator.v1.WorkflowService', 'orchestrator.v1.CatalogService'];
        const all = async (): Promise<string[]> => Promise.all(names.map(check));
        assert.deepEqual(await all(), ['SERVING', 'SERVING', 'SERVING']);
        application.unhealthy = new Error('disk full');
        await clock.advance(limits.healthCheckMs);
        assert.deepEqual(await all(), ['NOT_SERVING', 'NOT_SERVING', 'NOT_SERVING']);
        application.unhealthy = undefined;
        await clock.advance(limits.healthCheckMs);
        assert.deepEqual(await all(), ['SERVING', 'SERVING', 'SERVING']);
        application.draining = true;
        await clock.advance(limits.healthCheckMs);
        assert.deepEqual(await all(), ['NOT_SERVING', 'NOT_SERVING', 'NOT_SERVING']);
        await assert.rejects(
          check('no.such.Service'),
          (error: ServiceError) => error.code === Code.NOT_FOUND,
        );
        client.close();
        await server.stop(0);
        assert.equal(clock.pendingTimers, 0, 'the loop is stopped');
      },
      { clock },
    );
  });

  test('a store that hangs does not hold up a stop', async () => {
    for (const hangsFromTheStart of [true, false]) {
      const clock = new SimulatedClock();
      const application = new FakeApplication(clock);
      const server = new GrpcServer(application, { clock, logger: silentLogger, version: 'test' });
      let checks = 0;
      const hang = (): Promise<never> => {
        checks++;
        return new Promise(() => undefined);
      };
      const bound = await BoundPort.take({ host: '127.0.0.1', port: 0 }, silentLogger);
      if (hangsFromTheStart) application.check = hang;
      const serving = server.serve(bound);
      if (!hangsFromTheStart) {
        await serving;
        application.check = hang;
        await clock.advance(limits.healthCheckMs);
      }
      await until(() => checks === 1, 'the check hangs');
      await server.stop(0);
      await serving;
    }
  });

  test('a health watch does not hold up a stop', async () => {
    const harness = await serve();
    const client = new Client(harness.address, credentials.createInsecure());
    const method = health['Watch'];
    assert.ok(method);
    const stream = client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      { service: '' },
    );
    const codes: number[] = [];
    const statuses: string[] = [];
    stream.on('data', (message: object) => statuses.push((message as { status: string }).status));
    stream.on('error', (error) => codes.push((error as ServiceError).code));
    await until(() => statuses.length === 1, 'the first status');
    await harness.server.stop(3_600_000);
    await until(() => codes.length === 1, 'the end');
    assert.deepEqual(statuses, ['SERVING', 'NOT_SERVING']);
    assert.deepEqual(codes, [Code.UNAVAILABLE]);
    client.close();
    await harness.close();
  });

  test('a stop lets a call finish within the grace, and cuts it after', async () => {
    for (const inTime of [true, false]) {
      const clock = new SimulatedClock();
      const harness = await serve({ clock });
      const { application, workflows, server } = harness;
      application.append(workflowId, started);
      const get = application.get.bind(application);
      const gate = Promise.withResolvers<void>();
      let entered = false;
      application.get = async (key) => {
        entered = true;
        await gate.promise;
        return get(key);
      };
      const call = ask(workflows, 'GetWorkflow', { workflowId }).then(
        () => Code.OK,
        (error: ServiceError) => error.code,
      );
      await until(() => entered, 'the call is served');
      const stopped = server.stop(30_000);
      if (!inTime) await clock.advance(30_000);
      else gate.resolve();
      await stopped;
      assert.equal((await call) === Code.OK, inTime);
      gate.resolve();
      await harness.close();
    }
  });

  test('a stop may be asked for twice, and refuses new connections', async () => {
    const harness = await serve();
    await Promise.all([harness.server.stop(0), harness.server.stop(0)]);
    await assert.rejects(
      new Promise((resolve, reject) =>
        connectTcp(harness.port, '127.0.0.1', () => resolve(undefined)).on('error', reject),
      ),
    );
    await harness.close();
  });

  test('connections that never say anything do not hold up a stop', async () => {
    const harness = await serve();
    const sockets: Socket[] = [];
    for (let index = 0; index < 3; index++) {
      const socket = connectTcp(harness.port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
    }
    await harness.server.stop(3_600_000);
    for (const socket of sockets) socket.destroy();
    await harness.close();
  });

  test('an address other machines can reach needs TLS or an explicit word', async () => {
    const clock = new RealClock();
    const server = new GrpcServer(new FakeApplication(clock), {
      clock,
      logger: silentLogger,
      version: 'test',
    });
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'example.org']) {
      await assert.rejects(server.start({ host, port: 0 }), /configure TLS/);
    }
    assert.ok((await server.start({ host: '0.0.0.0', port: 0, insecure: true })) > 0);
    await server.stop(0);
  });

  test('a bound port lets connections wait, and they are answered when a server serves it', async () => {
    const { server, application } = unserved();
    application.append(workflowId, started);
    const bound = await BoundPort.take({ host: '127.0.0.1', port: 0 }, silentLogger);
    const { port } = bound;
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = workflowService.GetWorkflow;
    let answered = false;
    const reply = new Promise<void>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { workflowId }, (error) => {
        answered = true;
        if (error) reject(error);
        else resolve();
      });
    });
    // One that goes away, and one that breaks off in the middle of its preface.
    const left = await connected(port);
    left.end();
    const broken = await connected(port);
    broken.write('PRI * HTTP/2.0');
    broken.resetAndDestroy();
    const session = openSession(`127.0.0.1:${port}`);
    await new Promise((resolve) => session.once('connect', resolve));
    assert.equal(answered, false);
    await server.serve(bound);
    await reply;
    session.destroy();
    client.close();
    await server.stop(0);
  });

  test('a bound port that is released drops the connections that wait', async () => {
    const bound = await BoundPort.take({ host: '127.0.0.1', port: 0 }, silentLogger);
    const { port } = bound;
    const silent = await connected(port);
    const speaking = await connected(port);
    const closed = Promise.all(
      [silent, speaking].map((socket) => new Promise((end) => socket.once('close', end))),
    );
    speaking.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await bound.release();
    await closed;
    await assert.rejects(connected(port));
  });

  test('a server that was stopped serves no port, and gives it back', async () => {
    const { server } = unserved();
    await server.stop(3_600_000);
    const bound = await BoundPort.take({ host: '127.0.0.1', port: 0 }, silentLogger);
    await assert.rejects(server.serve(bound), /stopped/);
    await assert.rejects(connected(bound.port));
  });

  test('certificates that cannot be used are an error before the port is taken', async () => {
    const tls = { certificate: Buffer.from('no certificate'), key: Buffer.from('no key') };
    await assert.rejects(BoundPort.take({ host: '127.0.0.1', port: 0, tls }, silentLogger), /PEM/i);
  });

  test('a port that is taken is an error that names it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    assert.ok(typeof address === 'object' && address);
    const clock = new RealClock();
    const server = new GrpcServer(new FakeApplication(clock), {
      clock,
      logger: silentLogger,
      version: 'test',
    });
    await assert.rejects(
      server.start({ host: '127.0.0.1', port: address.port }),
      new RegExp(`cannot listen on 127.0.0.1:${address.port}`),
    );
    await server.stop(0);
    other.close();
  });

  test('headers without a request are answered after 30 s', async () => {
    const clock = new SimulatedClock();
    await served(
      async ({ address }) => {
        const session = openSession(address);
        const stream = session.request(requestHeaders(workflowService.GetWorkflow.path));
        let status: unknown;
        stream.on('trailers', (trailers) => {
          status = trailers['grpc-status'];
        });
        await new Promise<void>((resolve) => stream.once('response', () => resolve()));
        stream.resume();
        await clock.advance(limits.requestBodyMs);
        await until(() => status !== undefined, 'the status');
        assert.equal(status, String(Code.DEADLINE_EXCEEDED));
        session.destroy();
      },
      { clock },
    );
  });

  test('row 91: a request over 1 MiB is refused with its size, the limit and what to do instead', () =>
    served(async ({ workflows, application }) => {
      const documents = [{ name: 'a', text: 'x'.repeat(limits.requestBytesMax) }];
      const request = { task, options: { documents } };
      const refusal = await refused(workflows, 'StartResearch', request);
      assert.equal(refusal.code, Code.RESOURCE_EXHAUSTED);
      assert.equal(refusal.reason, 'REQUEST_TOO_LARGE');
      assert.match(refusal.message, /corpus/);
      const size = workflowService.StartResearch.requestSerialize(request).length;
      assert.deepEqual(refusal.metadata, { size: String(size), limit: String(limits.requestBytesMax) });
      assert.deepEqual(
        refusal.fields.map(({ field, reason }) => [field, reason]),
        [['request', 'TOO_BIG']],
      );
      assert.equal(application.starts.length, 0);
      await ask(workflows, 'ListWorkflows', {});
    }));

  test('a request of exactly 1 MiB reaches its handler', () =>
    served(async ({ workflows, application }) => {
      application.append(workflowId, started);
      const request = { workflowId, reason: 'x'.repeat(limits.requestBytesMax - 27) };
      assert.equal(workflowService.CancelWorkflow.requestSerialize(request).length, limits.requestBytesMax);
      const refusal = await refused(workflows, 'CancelWorkflow', request);
      assert.equal(refusal.fields[0]?.field, 'reason');
    }));

  test('a request over 4 MiB is refused without being read, and the connection serves on', () =>
    served(async ({ workflows, application }) => {
      const documents = [{ name: 'a', text: 'x'.repeat(limits.requestBytesHardMax) }];
      await assert.rejects(
        ask(workflows, 'StartResearch', { task, options: { documents } }),
        (error: ServiceError) => error.code === Code.RESOURCE_EXHAUSTED,
      );
      assert.equal(application.starts.length, 0);
      await ask(workflows, 'ListWorkflows', {});
    }));

  test('half an emoji as UTF-8 reaches the application as replacement characters, which refuses it naming the field', () =>
    served(async ({ workflows, application }) => {
      const half = Buffer.from('eda0bd', 'hex');
      const text = Buffer.concat([Buffer.from(task), half]);
      const bytes = Buffer.concat([Buffer.from([0x0a, text.length]), text]);
      const error = await new Promise<ServiceError | null>((resolve) => {
        const { path } = workflowService.StartResearch;
        workflows.makeUnaryRequest(
          path,
          () => bytes,
          (reply) => reply,
          {},
          resolve,
        );
      });
      assert.ok(error);
      const refusal = refusalOf(error);
      assert.equal(refusal.code, 3);
      assert.deepEqual(
        refusal.fields.map(({ field, reason }) => [field, reason]),
        [['task', 'BROKEN_TEXT']],
      );
      assert.equal(application.starts[0]?.input['task'], `${task}\ufffd\ufffd\ufffd`);
    }));

  const undecodable = [
    ['bytes that are no message', workflowService.GetWorkflow, Buffer.from('ffffffffffff', 'hex')],
    ['a message in it that is cut off', workflowService.StartResearch, Buffer.from('327f0a', 'hex')],
    ['garbage to a stream', workflowService.WatchWorkflow, Buffer.from('ffffffffffff', 'hex')],
    ['garbage to the catalog', catalogService.GetStats, Buffer.from('ffffffffffff', 'hex')],
  ] as const;
  for (const [name, method, bytes] of undecodable) {
    test(`row 91: ${name} is INVALID_ARGUMENT with details and reaches no handler`, () =>
      served(async ({ workflows, application }) => {
        application.failing = new Error('a handler was reached');
        const error = await new Promise<ServiceError | null>((resolve) => {
          const serialize = () => bytes;
          const deserialize = (reply: Buffer) => reply;
          if (method.responseStream) {
            const stream = workflows.makeServerStreamRequest(method.path, serialize, deserialize, {});
            stream.on('error', (reason) => resolve(reason as ServiceError));
            stream.on('data', () => undefined).on('end', () => resolve(null));
          } else {
            workflows.makeUnaryRequest(method.path, serialize, deserialize, {}, (reason) => resolve(reason));
          }
        });
        assert.ok(error, 'it was accepted');
        const refusal = refusalOf(error);
        assert.equal(refusal.code, Code.INVALID_ARGUMENT);
        assert.equal(refusal.reason, 'UNDECODABLE_REQUEST');
        assert.deepEqual(
          refusal.fields.map(({ field, reason }) => [field, reason]),
          [['request', 'INVALID_FORMAT']],
        );
        assert.equal(application.starts.length, 0);
        application.failing = undefined;
        await ask(workflows, 'ListWorkflows', {});
      }));
  }

  test('a client may open at most as many streams on a connection as the limit says', () =>
    served(async ({ address }) => {
      const session = openSession(address);
      const settings = await new Promise<{ maxConcurrentStreams?: number | undefined }>((resolve) =>
        session.once('remoteSettings', resolve),
      );
      assert.equal(settings.maxConcurrentStreams, limits.concurrentStreamsMax);
      session.destroy();
    }));

  test('each call leaves one log line with code, request id and trace id; faults are warnings', async () => {
    const lines: { level: string; fields: LogFields }[] = [];
    const write = (level: string) => (fields: LogFields) => void lines.push({ level, fields });
    const logger: Logger = {
      debugs: true,
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    };
    await served(
      async ({ workflows, application }) => {
        await ask(workflows, 'ListWorkflows', {}, headers({ 'x-request-id': 'fine' }));
        application.failing = new Error('defect');
        await assert.rejects(
          ask(workflows, 'GetWorkflow', { workflowId }, headers({ 'x-request-id': 'broken' })),
        );
        application.failing = undefined;
        const ended = (id: string) =>
          lines.filter(({ fields }) => fields['request_id'] === id && 'code' in fields);
        await until(() => ended('broken').length > 0, 'the line');
        assert.deepEqual(
          ended('fine').map(({ level, fields }) => [level, fields['code']]),
          [['debug', 'OK']],
        );
        assert.deepEqual(
          ended('broken').map(({ level, fields }) => [level, fields['code']]),
          [['warn', 'INTERNAL']],
        );
        assert.match(String(ended('fine')[0]?.fields['trace_id']), /^[0-9a-f]{32}$/);
      },
      { logger },
    );
  });

  test('a reply or a message of a stream that cannot be encoded is a fault in the log, with its cause and request id', async () => {
    const faults: LogFields[] = [];
    const causes: LogFields[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (fields) => void faults.push(fields),
      error: (fields) => void causes.push(fields),
    };
    await served(
      async ({ workflows, application }) => {
        application.append(workflowId, started);
        const { state } = await application.get({ tenant: 'default', workflowId });
        const odd = { state: { ...state, createTime: Number.NaN }, blockedReason: undefined };
        application.get = async () => odd;
        await assert.rejects(
          ask(workflows, 'GetWorkflow', { workflowId }, headers({ 'x-request-id': 'unary' })),
          { code: Code.INTERNAL },
        );
        const watched = workflows.WatchWorkflow({ workflowId }, headers({ 'x-request-id': 'stream' }));
        assert.equal((await collect(watched)).error?.code, Code.INTERNAL);
        await until(() => faults.length > 1, 'the lines');
        assert.deepEqual(
          faults.map((fields) => [fields['request_id'], fields['code']]),
          [
            ['unary', 'INTERNAL'],
            ['stream', 'INTERNAL'],
          ],
        );
        assert.deepEqual(
          causes.map((fields) => [
            fields['request_id'],
            fields['method'],
            fields['error'] instanceof RangeError,
          ]),
          [
            ['unary', 'orchestrator.v1.WorkflowService/GetWorkflow', true],
            ['stream', 'orchestrator.v1.WorkflowService/WatchWorkflow', true],
          ],
        );
        for (const fields of causes) {
          assert.deepEqual(Object.keys(fields), ['error', 'method', 'request_id']);
          assert.match(String(fields['error']), /RangeError: .*NaN/);
        }
      },
      { logger },
    );
  });

  test('row 95: unary calls are answered while 500 watches are open', () =>
    served(async ({ workflows, application }) => {
      application.append(workflowId, started);
      const address = workflows.getChannel().getTarget().replace('dns:', '');
      const clients = Array.from(
        { length: 3 },
        (_, index) => new Client(address, credentials.createInsecure(), { 'test.connection': index }),
      );
      const { path, requestSerialize, responseDeserialize } = workflowService.WatchWorkflow;
      const streams = Array.from({ length: 500 }, (_, index) => {
        const client = clients[index % clients.length];
        assert.ok(client);
        const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
          workflowId,
        });
        stream.on('data', () => undefined).on('error', () => undefined);
        return stream;
      });
      await until(() => application.openWatches === 500, 'all watches are open');
      const replies = await Promise.all(
        Array.from({ length: 100 }, () => ask(workflows, 'GetWorkflow', { workflowId })),
      );
      assert.equal(replies.length, 100);
      for (const stream of streams) stream.cancel();
      await until(() => application.openWatches === 0, 'all watches are closed');
      for (const client of clients) client.close();
    }));
});

interface RecordedSpan extends Span {
  readonly name: string;
  readonly parent: SpanContext | undefined;
  readonly attributes: Record<string, unknown>;
  readonly ends: number;
}

/** A tracer that keeps what it is told; the product's SDK is not needed to test what the edge tells it. */
class RecordingTracer implements Tracer {
  readonly spans: RecordedSpan[] = [];

  startSpan(name: string, options: SpanOptions = {}, context = contexts.active()): Span {
    const parent = trace.getSpanContext(context);
    const number = String(this.spans.length + 1);
    const own: SpanContext = {
      traceId: parent?.traceId ?? number.padStart(32, 'c'),
      spanId: number.padStart(16, 'd'),
      traceFlags: TraceFlags.SAMPLED,
    };
    const attributes: Record<string, unknown> = { ...options.attributes };
    const span = {
      name,
      parent,
      attributes,
      ends: 0,
      spanContext: () => own,
      setAttribute(key: string, value: unknown) {
        attributes[key] = value;
        return span;
      },
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => span,
      updateName: () => span,
      end() {
        span.ends++;
      },
      isRecording: () => true,
      recordException: () => undefined,
    };
    this.spans.push(span);
    return span;
  }

  startActiveSpan(): never {
    throw new Error('not used by the edge');
  }
}
