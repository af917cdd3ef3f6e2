import assert from 'node:assert/strict';
import { Metadata } from '@grpc/grpc-js';
import { test } from 'node:test';
import { workflowService } from '../../src/grpc/definition.ts';
import { startCollector } from '../telemetry/collector.ts';
import { present } from './session.ts';
import { World } from './world.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('row 98: request id and trace context go from the caller through log, events and spans to the provider', async (t) => {
  const collector = await startCollector();
  t.after(() => collector.close());
  const world = await World.open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  t.after(() => world.close());
  const { session, simulator, daemon } = world;

  const metadata = new Metadata();
  metadata.set('x-request-id', 'caller-42');
  metadata.set('traceparent', `00-${traceId}-${spanId}-01`);
  const { reply, metadata: answered } = await session.call(
    workflowService.StartResearch,
    {
      task: 'What is known about traces?',
      numAgents: 2,
      requestId: 'start-7',
      options: { generateDocuments: false },
    },
    { metadata },
  );
  assert.deepEqual(answered.get('x-request-id'), ['caller-42']);
  assert.match(String(answered.get('traceparent')[0]), new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  const { workflowId } = present(reply.workflow);
  await session.ended(workflowId);

  const [started] = await session.events(workflowId);
  assert.equal(started?.workflowStarted?.requestId, 'start-7');
  assert.equal(started.workflowStarted.callerTraceparent.slice(3, 35), traceId);
  const workflow = await session.get(workflowId);
  const line = await daemon.line('workflow started', (logged) => logged['workflow_id'] === workflowId);
  assert.equal(line['request_id'], 'caller-42');
  assert.equal(line['trace_id'], traceId);
  assert.equal(workflow.traceparent.slice(3, 35), traceId);

  const requests = simulator.ledger.entries.filter(({ attemptId }) => attemptId.startsWith(workflowId));
  assert.equal(requests.length, 4);
  for (const { headers, attemptId } of requests) {
    assert.equal(String(headers['traceparent']).slice(3, 35), traceId, attemptId);
    assert.equal(headers['x-request-id'], 'caller-42', attemptId);
  }

  // A caller without any of it gets its own.
  const { metadata: made } = await session.call(workflowService.GetWorkflow, { workflowId });
  assert.match(String(made.get('x-request-id')[0]), /^[0-9a-f]{32}$/);
  assert.match(String(made.get('traceparent')[0]), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);

  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  const spans = collector.spans();
  const rpc = present(spans.find(({ name }) => name === 'orchestrator.v1.WorkflowService/StartResearch'));
  assert.deepEqual([rpc.traceId, rpc.parentSpanId], [traceId, spanId]);
  assert.equal(rpc.attributes['orchestrator.request.id'], 'caller-42');
  const ofRun = spans.filter((span) => span.traceId === traceId);
  const root = present(ofRun.find(({ name }) => name === 'invoke_workflow research'));
  assert.equal(root.attributes['orchestrator.workflow.id'], workflowId);
  assert.equal(root.attributes['orchestrator.request.id'], 'caller-42');
  const agents = ofRun.filter(({ name }) => name.startsWith('invoke_agent '));
  assert.deepEqual(agents.map(({ attributes }) => String(attributes['gen_ai.agent.id'])).toSorted(), [
    'final',
    'planner',
    'researcher/0',
    'researcher/1',
  ]);
  for (const agent of agents) assert.equal(agent.parentSpanId, root.spanId);
  const calls = ofRun.filter(({ name }) => name.startsWith('chat '));
  assert.deepEqual(
    calls.map(({ parentSpanId }) => String(parentSpanId)).toSorted(),
    agents.map((agent) => agent.spanId).toSorted(),
    'one model call below every agent',
  );
  assert.ok(!collector.bodies.join('').includes('What is known about traces?'), 'tasks are no attributes');
});
