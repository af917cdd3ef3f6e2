import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpanKind, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { TraceObserver } from '../../src/subscriber/trace-observer.ts';
import { startTracing } from '../../src/telemetry/tracing.ts';
import type { EventData } from '../../src/workflow/event.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { type CollectedSpan, startCollector } from '../telemetry/collector.ts';
import {
  admitted,
  agentCompleted,
  callEnded,
  callerSpan,
  callerTrace,
  callStarted,
  canary,
  commit,
  completed,
  failed,
  retrying,
  rootSpan,
  rootTrace,
  scheduled,
  started,
  startTime,
  workflowId,
} from './sample-log.ts';

/** Runs against a real exporter and collector; answers what arrived. OTLP counts span kinds from 1. */
async function collect(
  run: (observer: TraceObserver) => void,
): Promise<{ spans: CollectedSpan[]; text: string }> {
  const collector = await startCollector();
  try {
    const tracing = await startTracing({
      endpoint: collector.endpoint,
      serviceVersion: '1',
      clock: new SimulatedClock(),
      logger: silentLogger,
    });
    try {
      run(
        new TraceObserver({
          tracer: tracing.tracer,
          startRootAs: tracing.startRootAs,
          addressOf: () => 'https://api.x.ai/v1',
          redact: (text) => text.replace('provider', 'somebody'),
        }),
      );
    } finally {
      await tracing.shutdown();
    }
    return { spans: collector.spans(), text: collector.bodies.join('') };
  } finally {
    await collector.close();
  }
}

function named(spans: readonly CollectedSpan[], name: string): CollectedSpan[] {
  return spans.filter((span) => span.name === name);
}

function only(spans: readonly CollectedSpan[], name: string): CollectedSpan {
  const [span, ...more] = named(spans, name);
  assert.ok(
    span !== undefined && more.length === 0,
    `expected one ${name} among ${spans.map((s) => s.name).join()}`,
  );
  return span;
}

const life: readonly EventData[] = [
  started,
  admitted,
  scheduled,
  callStarted(1),
  callEnded(1, 'failed'),
  retrying,
  callStarted(2),
  callEnded(2, 'ok'),
  agentCompleted,
  { type: 'document_started', format: 'markdown' },
  {
    type: 'document_failed',
    format: 'markdown',
    failure: { code: 'internal', message: 'broken', retryable: false },
  },
  completed,
];

test('makes workflow, agent and call spans with the announced root, its link and the times of the log (row 98)', async () => {
  const { spans, text } = await collect((observer) => {
    commit(observer, life);
    assert.equal(observer.openWorkflows, 0);
  });
  assert.equal(spans.length, 5);
  const root = only(spans, 'invoke_workflow research');
  assert.deepEqual([root.traceId, root.spanId, root.parentSpanId], [rootTrace, rootSpan, undefined]);
  assert.deepEqual(root.links, [{ traceId: callerTrace, spanId: callerSpan }]);
  assert.equal(root.kind, SpanKind.INTERNAL + 1);
  assert.equal(root.statusCode, SpanStatusCode.UNSET);
  assert.deepEqual([root.startMs, root.endMs], [startTime, startTime + 110]);
  assert.equal(root.attributes['orchestrator.workflow.id'], workflowId);
  assert.equal(root.attributes['orchestrator.request.id'], 'request-1');
  assert.equal(root.attributes['gen_ai.operation.name'], 'invoke_workflow');
  assert.equal(root.attributes['gen_ai.usage.input_tokens'], 11);

  const agent = only(spans, 'invoke_agent planner');
  assert.deepEqual(
    [agent.traceId, agent.parentSpanId, agent.kind],
    [rootTrace, rootSpan, SpanKind.INTERNAL + 1],
  );
  assert.deepEqual([agent.startMs, agent.endMs], [startTime + 20, startTime + 80]);
  assert.equal(agent.attributes['gen_ai.agent.id'], 'planner');
  assert.deepEqual(agent.events, ['agent_retrying']);

  const [first, second] = named(spans, 'chat big');
  assert.ok(first && second);
  for (const call of [first, second]) {
    assert.deepEqual([call.parentSpanId, call.kind], [agent.spanId, SpanKind.CLIENT + 1]);
    assert.equal(call.attributes['gen_ai.provider.name'], 'x_ai');
    assert.equal(call.attributes['gen_ai.request.model'], 'big');
    assert.deepEqual([call.attributes['server.address'], call.attributes['server.port']], ['api.x.ai', 443]);
  }
  assert.deepEqual([first.statusCode, first.statusMessage], [SpanStatusCode.ERROR, 'somebody said failed']);
  assert.deepEqual(
    [first.attributes['error.type'], first.attributes['orchestrator.attempt']],
    ['overloaded', 1],
  );
  assert.deepEqual([second.statusCode, second.attributes['orchestrator.attempt']], [SpanStatusCode.UNSET, 2]);
  assert.deepEqual(second.attributes['gen_ai.response.finish_reasons'], ['stop']);
  assert.deepEqual(
    [second.attributes['gen_ai.usage.input_tokens'], second.attributes['gen_ai.usage.output_tokens']],
    [10, 20],
  );
  assert.deepEqual([second.startMs, second.endMs], [startTime + 60, startTime + 70]);

  assert.equal(only(spans, 'render_document markdown').statusCode, SpanStatusCode.ERROR);
  assert.ok(!text.includes(canary), 'tasks, titles and answers are no attributes');
});

test('names the open call for the provider and nothing once it has ended (row 98)', async () => {
  const { spans } = await collect((observer) => {
    const state = commit(observer, life.slice(0, 4));
    const traceparent = observer.traceparentOf(workflowId, 'planner');
    assert.match(traceparent ?? '', new RegExp(`^00-${rootTrace}-[0-9a-f]{16}-01$`));
    assert.notEqual(traceparent?.slice(36, 52), rootSpan);
    commit(observer, [callEnded(1, 'ok')], { state });
    assert.equal(observer.traceparentOf(workflowId, 'planner'), undefined);
    assert.equal(observer.traceparentOf('research_000000000000', 'planner'), undefined);
    observer.close(startTime + 1_000);
    assert.equal(observer.openWorkflows, 0);
  });
  assert.equal(only(spans, 'invoke_workflow research').endMs, startTime + 1_000);
});

test('marks a failed workflow and ends what it cut off', async () => {
  const { spans } = await collect((observer) => {
    commit(observer, [...life.slice(0, 5), failed]);
    assert.equal(observer.openWorkflows, 0);
  });
  const root = only(spans, 'invoke_workflow research');
  assert.deepEqual(
    [root.statusCode, root.statusMessage, root.attributes['error.type']],
    [SpanStatusCode.ERROR, 'too few agents', 'quorum'],
  );
  const agent = only(spans, 'invoke_agent planner');
  assert.deepEqual([agent.endMs, agent.attributes['orchestrator.result']], [root.endMs, 'stopped']);
});

test('links the new root of a recovered workflow to the recorded one', async () => {
  const { spans } = await collect((observer) => {
    const before = commit({ committed: () => undefined }, life.slice(0, 4));
    const recovered: EventData = {
      type: 'workflow_recovered',
      previousEpoch: 1,
      callsInterrupted: 1,
      agentsCompletedKept: 0,
      callsFinishedKept: 0,
    };
    commit(
      observer,
      [
        recovered,
        callEnded(1, 'unknown'),
        callStarted(2),
        callEnded(2, 'ok'),
        { ...agentCompleted, outputSequence: 8 },
        completed,
      ],
      { state: before },
    );
    assert.equal(observer.openWorkflows, 0);
  });
  const root = only(spans, 'invoke_workflow research');
  assert.notEqual(root.traceId, rootTrace);
  assert.deepEqual(root.links, [{ traceId: rootTrace, spanId: rootSpan }]);
  assert.equal(root.attributes['orchestrator.workflow.recovered'], true);
  assert.deepEqual(only(spans, 'invoke_agent planner').events, ['model_call_ended']);
  assert.equal(only(spans, 'chat big').traceId, root.traceId);
});

test('never ends a span before it began, though the clock steps back', async () => {
  const { spans } = await collect((observer) => {
    const state = commit(observer, life.slice(0, 2));
    observer.close(startTime - 5_000);
    assert.equal(state.status, 'running');
  });
  const root = only(spans, 'invoke_workflow research');
  assert.equal(root.endMs, root.startMs);
});

test('passes no identity on when the SDK is switched off and its spans have none', () => {
  const tracer = trace.getTracer('nobody registered a provider');
  const startRootAs = (_: unknown, name: string, options: SpanOptions) => tracer.startSpan(name, options);
  const observer = new TraceObserver({ tracer, startRootAs });
  commit(observer, life.slice(0, 4));
  assert.equal(observer.openWorkflows, 1);
  assert.equal(observer.traceparentOf(workflowId, 'planner'), undefined);
});

test('bounds what a model wrote in the name and the attributes of a span', async () => {
  const { spans } = await collect((observer) => {
    const long = 'x'.repeat(1_000_000);
    const call: EventData = {
      type: 'tool_call_started',
      agentId: 'planner',
      turn: 0,
      callId: long,
      tool: long,
      arguments: '{}',
    };
    const calls = [{ id: long, name: long, arguments: '{}' }];
    const asking = life
      .slice(0, 3)
      .map((data) => (data.type === 'agent_scheduled' ? { ...data, tools: [long] } : data));
    const answer = callEnded(1, 'ok');
    assert.ok(answer.type === 'model_call_ended');
    commit(observer, [
      ...asking,
      { ...callStarted(1), toolsOffered: true } as EventData,
      { ...answer, output: { text: '', finishReason: 'tool_calls', toolCalls: calls } },
      call,
    ]);
    observer.close(startTime + 1_000);
  });
  const tool = spans.find(({ name }) => name.startsWith('execute_tool '));
  assert.equal(tool?.name, `execute_tool ${'x'.repeat(200)}`);
  assert.equal(tool.attributes['gen_ai.tool.name'], 'x'.repeat(200));
  assert.equal(tool.attributes['gen_ai.tool.call.id'], 'x'.repeat(200));
});

test('a tool call is a span below its agent, and its tool can be told whose', async () => {
  const call = { id: 'c', name: 'documents.search', arguments: '{}' };
  const answer = callEnded(1, 'ok');
  assert.ok(answer.type === 'model_call_ended');
  let told: string | undefined;
  let afterwards: string | undefined = 'not asked';
  const { spans } = await collect((observer) => {
    const common = { agentId: 'planner', turn: 0, callId: 'c' };
    const events: EventData[] = [
      ...life
        .slice(0, 3)
        .map((data) => (data.type === 'agent_scheduled' ? { ...data, tools: [call.name] } : data)),
      { ...callStarted(1), toolsOffered: true } as EventData,
      { ...answer, output: { text: '', finishReason: 'tool_calls', toolCalls: [call] } },
      { type: 'tool_call_started', ...common, tool: call.name, arguments: '{}' },
    ];
    const state = commit(observer, events);
    told = observer.toolTraceparentOf(workflowId, 'planner', 'c');
    commit(observer, [{ type: 'tool_call_ended', ...common, result: 'ok', output: 'x', durationMs: 1 }], {
      state,
    });
    afterwards = observer.toolTraceparentOf(workflowId, 'planner', 'c');
    observer.close(startTime + 1_000);
  });
  const tool = only(spans, 'execute_tool documents.search');
  assert.equal(told?.split('-')[2], tool.spanId);
  assert.equal(afterwards, undefined);
});

test('does nothing when tracing is off', () => {
  const startRootAs = (): never => assert.fail('a span was started');
  const observer = new TraceObserver({ tracer: undefined, startRootAs });
  commit(observer, life.slice(0, 4));
  assert.equal(observer.openWorkflows, 0);
  assert.equal(observer.traceparentOf(workflowId, 'planner'), undefined);
});
