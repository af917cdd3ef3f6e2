import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { activeTraceFields } from '../../src/telemetry/trace-fields.ts';
import { startTracing, type Tracing } from '../../src/telemetry/tracing.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { limits } from '../../src/workflow/limits.ts';
import { startCollector } from './collector.ts';

const options = { serviceVersion: '9.9.9', clock: new SimulatedClock(), logger: silentLogger };

async function traced(run: (tracing: Tracing) => void): Promise<Awaited<ReturnType<typeof startCollector>>> {
  const collector = await startCollector();
  try {
    const tracing = await startTracing({ ...options, endpoint: collector.endpoint });
    try {
      run(tracing);
    } finally {
      await tracing.shutdown();
    }
  } finally {
    await collector.close();
  }
  return collector;
}

test('is off unless it is configured', async () => {
  const tracing = await startTracing(options);
  assert.equal(tracing.tracer, undefined);
  assert.equal(trace.getTracer('x').startSpan('y').isRecording(), false);
  await tracing.shutdown();
});

test('exports spans by OTLP over HTTP with the service and without the process', async () => {
  const collector = await traced(({ tracer }) => tracer?.startSpan('one').end());
  assert.deepEqual(
    collector.spans().map(({ name }) => name),
    ['one'],
  );
  assert.match(collector.bodies[0] ?? '', /^\/v1\/traces\n/);
  const resource = collector.resource();
  assert.deepEqual([resource['service.name'], resource['service.version']], ['mcp-orchestrator', '9.9.9']);
  assert.deepEqual(
    Object.keys(resource).filter((name) => /^(process|host|os)\./.test(name)),
    [],
  );
});

test('starts a root under the identity that was announced, and only that one', async () => {
  const identity = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };
  const collector = await traced(({ tracer, startRootAs }) => {
    startRootAs(identity, 'root', {}).end();
    tracer?.startSpan('other').end();
  });
  const [root, other] = collector.spans();
  assert.deepEqual(
    [root?.traceId, root?.spanId, root?.parentSpanId],
    [identity.traceId, identity.spanId, undefined],
  );
  assert.notEqual(other?.traceId, identity.traceId);
});

test('propagates W3C context and names the active span in log lines (row 98)', async () => {
  await traced(({ tracer }) => {
    assert.ok(tracer);
    const span = tracer.startSpan('active');
    const { traceId, spanId } = span.spanContext();
    const active = trace.setSpan(ROOT_CONTEXT, span);
    const carrier: Record<string, string> = {};
    propagation.inject(active, carrier);
    assert.equal(carrier['traceparent'], `00-${traceId}-${spanId}-01`);
    assert.deepEqual(context.with(active, activeTraceFields), { trace_id: traceId, span_id: spanId });
    assert.deepEqual(activeTraceFields(), {});
    span.end();
  });
});

test('leaves nothing global behind and may be stopped twice', async () => {
  const collector = await startCollector();
  try {
    for (const name of ['first', 'second']) {
      const tracing = await startTracing({ ...options, endpoint: collector.endpoint });
      tracing.tracer?.startSpan(name).end();
      await tracing.shutdown();
      await tracing.shutdown();
      assert.equal(trace.getTracer('x').startSpan('y').isRecording(), false);
      assert.deepEqual(propagation.fields(), []);
    }
    assert.deepEqual(
      collector.spans().map(({ name }) => name),
      ['first', 'second'],
    );
  } finally {
    await collector.close();
  }
});

test('stops in bounded time when the collector never answers, and says so', async () => {
  const collector = await startCollector({ answers: false });
  const clock = new SimulatedClock();
  const warnings: string[] = [];
  const logger = {
    ...silentLogger,
    warn: (_fields: unknown, message: string) => void warnings.push(message),
  };
  try {
    const tracing = await startTracing({ ...options, clock, logger, endpoint: collector.endpoint });
    tracing.tracer?.startSpan('stuck').end();
    const stopped = tracing.shutdown();
    await clock.advance(limits.tracingShutdownMs);
    await stopped;
    assert.match(warnings.join('\n'), /did not stop in time/);
    assert.equal(clock.pendingTimers, 0);
  } finally {
    await collector.close();
  }
});

test('stops without an error when nothing listens at the endpoint', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(address !== null && typeof address === 'object');
  const clock = new SimulatedClock();
  const tracing = await startTracing({ ...options, clock, endpoint: `http://127.0.0.1:${address.port}` });
  tracing.tracer?.startSpan('lost').end();
  const stopped = tracing.shutdown();
  await clock.advance(limits.tracingShutdownMs);
  await stopped;
  assert.equal(trace.getTracer('x').startSpan('y').isRecording(), false);
});
