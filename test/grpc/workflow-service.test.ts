import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Metadata, status as Code } from '@grpc/grpc-js';
import { catalogService, workflowService } from '../../src/grpc/definition.ts';
import { catalogHandlers } from '../../src/grpc/catalog-service.ts';
import { OpenCalls } from '../../src/grpc/open-calls.ts';
import { workflowHandlers } from '../../src/grpc/workflow-service.ts';
import { RealClock } from '../../src/clock/real-clock.ts';
import { limits } from '../../src/workflow/limits.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { ask, collect, type Harness, refusalOf, refused, serve } from './harness.ts';
import { goodRun, started } from './sample-events.ts';

const unknownId = 'research_ffffffffffff';

describe('workflow and catalog services', () => {
  let harness: Harness;
  before(async () => {
    harness = await serve();
  });
  after(() => harness.close());

  async function start(task = 'What is known about tides?'): Promise<string> {
    const { reply } = await ask(harness.workflows, 'StartResearch', { task });
    assert.ok(reply.workflow);
    return reply.workflow.workflowId;
  }

  let runs = 0;

  function finished(): string {
    const workflowId = `research_${(++runs).toString(16).padStart(12, '0')}`;
    harness.application.append(workflowId, started, ...goodRun);
    return workflowId;
  }

  test('every method of both services has a handler', () => {
    const context = { clock: new RealClock(), logger: silentLogger, openCalls: new OpenCalls() };
    const { application } = harness;
    assert.deepEqual(
      Object.keys(workflowHandlers(application, context)).toSorted(),
      Object.keys(workflowService).toSorted(),
    );
    assert.deepEqual(
      Object.keys(catalogHandlers(application, context)).toSorted(),
      Object.keys(catalogService).toSorted(),
    );
  });

  test('row 2, row 13: StartResearch answers a pending workflow with its options and no times but the first', async () => {
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
    const { reply } = await ask(
      harness.workflows,
      'StartResearch',
      { task: '  What is known about tides?  ', numAgents: 3, enableCamina: false, requestId: 'row-13' },
      metadata,
    );
    const { workflow } = reply;
    assert.match(workflow?.workflowId ?? '', /^research_[0-9a-f]{12}$/);
    assert.equal(workflow?.orchestrator, 'research');
    assert.equal(workflow.task, 'What is known about tides?');
    assert.equal(workflow.state, 'STATE_PENDING');
    assert.ok(workflow.createTime);
    assert.deepEqual([workflow.startTime, workflow.endTime, workflow.error], [null, null, null]);
    assert.equal(workflow.options?.providerName, 'xai');
    assert.equal(workflow.input?.fields['numAgents']?.numberValue, 3);
    assert.equal(workflow.input.fields['enableDrummer']?.boolValue, true);
    assert.equal(workflow.input.fields['enableCamina']?.boolValue, false);
    assert.equal(reply.alreadyStarted, false);
    const request = harness.application.starts.at(-1);
    assert.equal(request?.traceparent, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
    assert.deepEqual(request.options, {});
  });

  test('row 98: the id of the call that started a workflow is in its log and its details', async () => {
    const { workflows } = harness;
    const metadata = new Metadata();
    metadata.set('x-request-id', 'call-1');
    const task = 'What is known about tides?';
    const input = { fields: { task: { stringValue: task } } };
    for (const { reply } of [
      await ask(workflows, 'StartResearch', { task }, metadata),
      await ask(workflows, 'StartWorkflow', { orchestrator: 'research', input }, metadata),
    ]) {
      assert.equal(reply.workflow?.callerRequestId, 'call-1');
      const { workflowId } = reply.workflow;
      const listed = await ask(workflows, 'ListWorkflowEvents', { workflowId });
      assert.equal(listed.reply.events[0]?.workflowStarted?.callerRequestId, 'call-1');
    }
    const made = await ask(workflows, 'StartResearch', { task });
    assert.equal(made.reply.workflow?.callerRequestId, made.metadata.get('x-request-id')[0]);
  });

  test('a request id makes the start idempotent', async () => {
    const request = { task: 'What is known about tides?', requestId: 'same' };
    const first = await ask(harness.workflows, 'StartResearch', request);
    const second = await ask(harness.workflows, 'StartResearch', request);
    assert.equal(second.reply.workflow?.workflowId, first.reply.workflow?.workflowId);
    assert.equal(second.reply.alreadyStarted, true);
  });

  test('set options reach the application as plain values, unset ones are left out', async () => {
    await ask(harness.workflows, 'StartResearch', {
      task: 'What is known about tides?',
      title: 'Tides',
      options: {
        providerName: 'xai',
        model: 'a',
        workerModel: 'b',
        synthesisModel: 'c',
        generateDocuments: false,
        documentFormats: ['pdf'],
        workflowTimeout: { seconds: 90, nanos: 500_000_000 },
        agentTimeout: { seconds: 0, nanos: 0 },
        maxRetries: 0,
        maxConcurrentAgents: 4,
        maxCostUsd: 1.25,
        maxTokens: 9_000_000_000,
        minSuccessfulAgents: 2,
        labels: { team: 'sea' },
        priority: -3,
        documents: [{ name: 'a.md', text: 'A' }],
        maxOutputTokens: 100,
      },
    });
    const request = harness.application.starts.at(-1);
    assert.equal(request?.title, 'Tides');
    assert.deepEqual(request.options, {
      providerName: 'xai',
      model: 'a',
      workerModel: 'b',
      synthesisModel: 'c',
      generateDocuments: false,
      documentFormats: ['pdf'],
      workflowTimeoutMs: 90_500,
      maxRetries: 0,
      maxConcurrentAgents: 4,
      maxCostUsd: 1.25,
      maxTokens: 9_000_000_000,
      minSuccessfulAgents: 2,
      labels: { team: 'sea' },
      priority: -3,
      documents: [{ name: 'a.md', text: 'A' }],
      maxOutputTokens: 100,
    });
  });

  test('StartWorkflow takes the input of any orchestrator as a Struct', async () => {
    const { reply } = await ask(harness.workflows, 'StartWorkflow', {
      orchestrator: 'research',
      input: {
        fields: { task: { stringValue: 'What is known about tides?' }, numAgents: { numberValue: 2 } },
      },
    });
    assert.equal(reply.workflow?.input?.fields['numAgents']?.numberValue, 2);
    const refusal = await refused(harness.workflows, 'StartWorkflow', {
      orchestrator: 'research',
      input: { fields: { task: { stringValue: 'x' }, numAgents: { numberValue: 99 } } },
    });
    assert.deepEqual(refusal.fields.map(({ field }) => field).toSorted(), ['input.numAgents', 'input.task']);
  });

  test('GetWorkflow shows the details of a workflow, agents and documents included', async () => {
    const workflowId = finished();
    const { reply } = await ask(harness.workflows, 'GetWorkflow', { workflowId });
    const { workflow } = reply;
    assert.equal(workflow?.state, 'STATE_COMPLETED');
    assert.equal(workflow.completeness, 0.5);
    assert.deepEqual(
      workflow.agents.map(({ agentId, state, role }) => [agentId, state, role]),
      [
        ['planner', 'STATE_COMPLETED', 'planner'],
        ['researcher/0', 'STATE_COMPLETED', 'researcher'],
        ['final', 'STATE_COMPLETED', 'final'],
      ],
    );
    assert.equal(workflow.costNanoUsd, '3000');
    assert.equal(workflow.costUsd, 3e-6);
    assert.deepEqual(workflow.usage, { inputTokens: '33', outputTokens: '21' });
    assert.deepEqual(
      workflow.documents.map(({ format, state }) => [format, state]),
      [
        ['markdown', 'STATE_COMPLETED'],
        ['pdf', 'STATE_FAILED'],
      ],
    );
    assert.equal(workflow.options?.workerModel, 'w');
    assert.equal(workflow.options.maxCostUsd, 2.5);
    assert.equal(workflow.input?.fields['enableCamina']?.boolValue, false);
    assert.ok(workflow.endTime);
    const pending = await ask(harness.workflows, 'GetWorkflow', {
      workflowId: await start(),
    });
    assert.equal(pending.reply.workflow?.blockedReason, 'waits for a slot');
  });

  test('ListWorkflows pages through everything that meets the conditions', async () => {
    const other = await serve();
    try {
      for (let index = 0; index < 5; index++) {
        other.application.append(
          `research_00000000000${index}`,
          started,
          ...(index % 2 === 0 ? goodRun : []),
        );
      }
      const { workflows } = other;
      const first = await ask(workflows, 'ListWorkflows', { pageSize: 2 });
      assert.deepEqual(
        first.reply.workflows.map(({ workflowId }) => workflowId.at(-1)),
        ['4', '3'],
      );
      const next = { pageSize: 2, pageToken: first.reply.nextPageToken };
      const second = await ask(workflows, 'ListWorkflows', next);
      assert.deepEqual(
        second.reply.workflows.map(({ workflowId }) => workflowId.at(-1)),
        ['2', '1'],
      );
      const done = await ask(workflows, 'ListWorkflows', {
        states: ['STATE_COMPLETED', 'STATE_FAILED'],
        labels: { team: 'sea' },
        orchestrator: 'research',
        createTimeFrom: { seconds: 0 },
        createTimeBefore: { seconds: 253_402_300_799 },
      });
      assert.equal(done.reply.workflows.length, 3);
      assert.equal(done.reply.nextPageToken, '');
      assert.deepEqual(done.reply.workflows[0]?.agents, []);
      const mixed = await refused(workflows, 'ListWorkflows', { ...next, orchestrator: 'research' });
      assert.equal(mixed.code, Code.INVALID_ARGUMENT);
      assert.deepEqual(
        mixed.fields.map(({ field }) => field),
        ['page_token'],
      );
    } finally {
      await other.close();
    }
  });

  test('ListWorkflows pages hold about 1 MiB and lose and repeat nothing', async () => {
    const other = await serve();
    try {
      const ids = Array.from(
        { length: 100 },
        (_, index) => `research_${index.toString(16).padStart(12, '0')}`,
      );
      const labels = Object.fromEntries(
        Array.from({ length: 64 }, (_, index) => [`label-${index}`, '潮'.repeat(255)]),
      );
      const large = {
        ...started,
        task: '海'.repeat(5_000),
        options: { ...started.options, labels },
      };
      for (const workflowId of ids) other.application.append(workflowId, large);
      const found: string[] = [];
      let pageToken = '';
      let pages = 0;
      do {
        const { reply } = await ask(other.workflows, 'ListWorkflows', { pageSize: 1_000, pageToken });
        const bytes = workflowService.ListWorkflows.responseSerialize(reply).length;
        assert.ok(bytes <= limits.listPageBytesMax + 100, `${bytes} bytes`);
        found.push(...reply.workflows.map(({ workflowId }) => workflowId));
        pageToken = reply.nextPageToken;
        pages++;
      } while (pageToken !== '');
      assert.deepEqual(found, ids.toReversed());
      assert.ok(pages > 2 && pages < 20, `${pages} pages`);
    } finally {
      await other.close();
    }
  });

  test('row 20, row 61: every method that names a workflow refuses a bad id and does not find an unknown one', async () => {
    const { workflows } = harness;
    const methods = [
      'GetWorkflow',
      'WaitWorkflow',
      'ListWorkflowEvents',
      'CancelWorkflow',
      'PauseWorkflow',
      'ResumeWorkflow',
      'GetWorkflowResult',
      'ListDocuments',
    ] as const;
    for (const method of methods) {
      const bad = await refused(workflows, method, { workflowId: 'research_abc123' });
      assert.equal(bad.code, Code.INVALID_ARGUMENT);
      assert.equal(bad.fields[0]?.field, 'workflow_id');
      const unknown = await refused(workflows, method, { workflowId: unknownId });
      assert.equal(unknown.code, Code.NOT_FOUND);
      assert.equal(unknown.reason, 'WORKFLOW_NOT_FOUND');
      assert.deepEqual(unknown.metadata, { workflow_id: unknownId });
      assert.ok(unknown.types.includes('ResourceInfo'));
    }
  });

  test('row 7, row 10: cancelling answers the receipt, again the same, and false for what ended otherwise', async () => {
    const { workflows } = harness;
    const workflowId = await start();
    const first = await ask(workflows, 'CancelWorkflow', { workflowId, reason: 'enough' });
    assert.equal(first.reply.cancelled, true);
    assert.equal(first.reply.workflow?.state, 'STATE_CANCELLED');
    assert.equal(first.reply.receipt?.costNanoUsd, '1500000000');
    assert.equal(first.reply.receipt.costUsd, 1.5);
    assert.deepEqual(first.reply.receipt.quiescence, { seconds: '0', nanos: 12_500_000 });
    const second = await ask(workflows, 'CancelWorkflow', { workflowId });
    assert.deepEqual(second.reply.receipt, first.reply.receipt);
    const { reply } = await ask(workflows, 'GetWorkflow', { workflowId });
    assert.equal(reply.workflow?.state, 'STATE_CANCELLED');
    assert.ok(reply.workflow.endTime);
    const ended = await ask(workflows, 'CancelWorkflow', { workflowId: finished() });
    assert.equal(ended.reply.cancelled, false);
    assert.equal(ended.reply.workflow?.state, 'STATE_COMPLETED');
    assert.equal(ended.reply.receipt, null);
    const long = await refused(workflows, 'CancelWorkflow', {
      workflowId,
      reason: 'x'.repeat(1_001),
    });
    assert.equal(long.fields[0]?.field, 'reason');
  });

  test('pausing and resuming move the workflow, and are refused in other states', async () => {
    const { workflows } = harness;
    const workflowId = await start();
    const paused = await ask(workflows, 'PauseWorkflow', { workflowId });
    assert.equal(paused.reply.workflow?.state, 'STATE_PAUSED');
    assert.ok(paused.reply.workflow.pauseDeadlineTime);
    const again = await refused(workflows, 'PauseWorkflow', { workflowId });
    assert.equal(again.code, Code.FAILED_PRECONDITION);
    assert.ok(again.types.includes('PreconditionFailure'));
    const resumed = await ask(workflows, 'ResumeWorkflow', { workflowId });
    assert.equal(resumed.reply.workflow?.state, 'STATE_PENDING');
  });

  test('WaitWorkflow answers at the end, or at its timeout with the state as it is', async () => {
    const { workflows, application } = harness;
    const workflowId = await start();
    const early = await ask(workflows, 'WaitWorkflow', {
      workflowId,
      timeout: { seconds: 0, nanos: 1_000_000 },
    });
    assert.equal(early.reply.done, false);
    const waiting = ask(workflows, 'WaitWorkflow', { workflowId });
    application.append(workflowId, ...goodRun);
    const { reply } = await waiting;
    assert.equal(reply.done, true);
    assert.equal(reply.workflow?.state, 'STATE_COMPLETED');
    const tooLong = await refused(workflows, 'WaitWorkflow', {
      workflowId,
      timeout: { seconds: 86_401 },
    });
    assert.equal(tooLong.fields[0]?.field, 'timeout');
  });

  test('ListWorkflowEvents pages through the log and ends without a token', async () => {
    const { workflows } = harness;
    const workflowId = finished();
    const sequences: number[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const { reply } = await ask(workflows, 'ListWorkflowEvents', {
        workflowId,
        pageSize: 10,
        pageToken,
      });
      sequences.push(...reply.events.map(({ sequence }) => Number(sequence)));
      pageToken = reply.nextPageToken;
      pages++;
    } while (pageToken !== '');
    assert.equal(pages, 3);
    assert.deepEqual(
      sequences,
      [started, ...goodRun].map((_, index) => index + 1),
    );
    const rest = await ask(workflows, 'ListWorkflowEvents', { workflowId, afterSequence: 20 });
    assert.equal(rest.reply.events[0]?.sequence, '21');
    const beyond = await refused(workflows, 'ListWorkflowEvents', { workflowId, afterSequence: 99 });
    assert.equal(beyond.code, Code.OUT_OF_RANGE);
  });

  test('GetWorkflowResult hands out contents, sources and what is missing, and only after the end', async () => {
    const { workflows } = harness;
    const early = await refused(workflows, 'GetWorkflowResult', { workflowId: await start() });
    assert.equal(early.code, Code.FAILED_PRECONDITION);
    assert.equal(early.reason, 'WORKFLOW_NOT_FINISHED');
    const { reply } = await ask(workflows, 'GetWorkflowResult', { workflowId: finished() });
    const { result } = reply;
    assert.equal(result?.content, 'It is the moon [D1.1].');
    assert.equal(result.finalAgentId, 'final');
    assert.deepEqual(
      result.agentResults.map(({ agentId, content, outputSequence }) => [agentId, content, outputSequence]),
      [
        ['researcher/0', 'The moon does it [D1.1].', '11'],
        ['final', 'It is the moon [D1.1].', '16'],
      ],
    );
    assert.equal(result.sources[0]?.passage?.documentName, 'moon.md');
    assert.equal(result.details?.fields['branch']?.stringValue, 'a');
    assert.equal(result.documents.length, 2);
  });

  test('documents are listed, and downloaded by hash or format, whole or from an offset', async () => {
    const { workflows, application } = harness;
    const workflowId = finished();
    const bytes = Buffer.alloc(150_000, 'tide ');
    const sha256 = 'ab'.repeat(32);
    application.renderedDocuments.set(workflowId, [
      { format: 'markdown', fileName: 'tides.md', mediaType: 'text/markdown', sha256, bytes },
    ]);
    const listed = await ask(workflows, 'ListDocuments', { workflowId });
    assert.equal(listed.reply.documents[0]?.sha256, sha256);
    assert.equal(listed.reply.documents[0]?.fileName, 'tides.md');
    for (const [request, offset] of [
      [{ sha256 }, 0],
      [{ format: 'markdown' }, 0],
      [{ sha256, offset: 70_000 }, 70_000],
      [{ sha256, offset: 150_000 }, 150_000],
    ] as const) {
      const { messages, error } = await collect(workflows.DownloadDocument({ workflowId, ...request }));
      assert.equal(error, undefined);
      const [head, ...chunks] = messages;
      assert.deepEqual([head?.metadata?.sizeBytes, head?.metadata?.sha256], ['150000', sha256]);
      assert.ok(chunks.every(({ chunk }) => chunk && chunk.length <= 65_536));
      assert.ok(
        Buffer.concat(chunks.map(({ chunk }) => chunk ?? Buffer.alloc(0))).equals(bytes.subarray(offset)),
      );
    }
    for (const [request, code] of [
      [{ workflowId, format: 'docx' }, Code.NOT_FOUND],
      [{ workflowId }, Code.INVALID_ARGUMENT],
      [{ workflowId, sha256: 'xyz' }, Code.INVALID_ARGUMENT],
      [{ workflowId, sha256, offset: 150_001 }, Code.OUT_OF_RANGE],
      [{ workflowId, sha256, offset: -1 }, Code.INVALID_ARGUMENT],
      [{ workflowId: unknownId, sha256 }, Code.NOT_FOUND],
    ] as const) {
      const { error } = await collect(workflows.DownloadDocument(request));
      assert.equal(error?.code, code, JSON.stringify(request));
    }
    const { error } = await collect(workflows.DownloadDocument({ workflowId, format: 'PDF' }));
    assert.ok(error);
    const [violation] = refusalOf(error).fields;
    assert.deepEqual([violation?.field, violation?.reason], ['format', 'INVALID_FORMAT']);
    assert.match(violation?.description ?? '', /lower case/);
  });

  test('ListOrchestrators describes the input as JSON Schema', async () => {
    const { reply } = await ask(harness.catalog, 'ListOrchestrators', {});
    const [research] = reply.orchestrators;
    assert.equal(research?.name, 'research');
    assert.equal(research.inputSchema?.fields['type']?.stringValue, 'object');
    const properties = research.inputSchema.fields['properties']?.structValue?.fields ?? {};
    assert.deepEqual(Object.keys(properties).toSorted(), [
      'enableCamina',
      'enableDrummer',
      'maxExtraResearchers',
      'numAgents',
      'task',
    ]);
    assert.equal(properties['task']?.structValue?.fields['minLength']?.numberValue, 10);
  });

  test('ListProviders says which variables would hold a missing key', async () => {
    const { reply } = await ask(harness.catalog, 'ListProviders', {});
    assert.deepEqual(reply.providers[0]?.keyVariables, ['XAI_API_KEY', 'GROK_API_KEY']);
    assert.deepEqual(reply.providers[0]?.averageLatency, { seconds: '0', nanos: 250_000_000 });
  });

  test('row 99: ListProviders shows breakers, rate limits and what stands in, GetStats their sums', async () => {
    const { reply } = await ask(harness.catalog, 'ListProviders', {});
    const [provider] = reply.providers;
    const seconds = (time: number): string => String(time / 1_000);
    assert.deepEqual(provider?.fallbackProviders, ['openai']);
    assert.deepEqual(provider.breakers, [
      {
        model: 'm',
        state: 'STATE_OPEN',
        sinceTime: { seconds: seconds(Date.UTC(2026, 0, 1)), nanos: 0 },
        retryTime: { seconds: seconds(Date.UTC(2026, 0, 2)), nanos: 0 },
        consecutiveFailures: 5,
      },
    ]);
    assert.deepEqual(provider.rateLimit, {
      requestsPerMinute: 600,
      tokensPerMinute: '0',
      concurrentCalls: 0,
      waitingWorkflows: 2,
      pausedUntilTime: { seconds: seconds(Date.UTC(2026, 0, 3)), nanos: 0 },
      throttledCalls: '7',
    });
    const { reply: stats } = await ask(harness.catalog, 'GetStats', {});
    assert.deepEqual([stats.openBreakers, stats.rateLimitedWorkflows, stats.throttledCalls], [1, 2, '3']);
  });

  test('DescribeLifecycle hands out the chart as data and as a picture', async () => {
    const { reply } = await ask(harness.catalog, 'DescribeLifecycle', {});
    assert.deepEqual(
      reply.states.map(({ name, terminal }) => [name, terminal]),
      [
        ['pending', false],
        ['completed', true],
      ],
    );
    assert.deepEqual(reply.transitions, [
      { source: 'pending', event: 'workflow_completed', target: 'completed' },
    ]);
    assert.match(reply.mermaid, /^stateDiagram-v2/);
  });

  test('row 77–84: GetStats sums, rounds to 2 decimals and names orchestrators as requests do', async () => {
    const { reply } = await ask(harness.catalog, 'GetStats', {});
    assert.deepEqual(reply.uptime, { seconds: '12', nanos: 500_000_000 });
    assert.deepEqual(
      [
        reply.totalWorkflows,
        reply.totalErrors,
        reply.totalCancelled,
        reply.activeWorkflows,
        reply.pendingWorkflows,
      ],
      ['3', '1', '1', '1', '2'],
    );
    assert.equal(reply.totalCostUsd, 1.23);
    assert.equal(reply.totalCostNanoUsd, '1234567890');
    const [research] = reply.byOrchestrator;
    assert.deepEqual(
      [
        research?.orchestrator,
        research?.minDurationSeconds,
        research?.avgDurationSeconds,
        research?.maxDurationSeconds,
      ],
      ['research', 1, 2.01, 3],
    );
    assert.equal(research?.durationBuckets.at(-1)?.upperBoundSeconds, Number.POSITIVE_INFINITY);
    assert.equal(reply.activeStreams, '0');
    assert.equal(reply.registeredWebhooks, '0');
  });
});
