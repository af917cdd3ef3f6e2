import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { status as Code } from '@grpc/grpc-js';
import { OrchestratorClient } from '../../src/client/orchestrator-client.ts';
import { RpcError } from '../../src/client/rpc-error.ts';
import { durationMessage } from '../../src/client/time-message.ts';
import { RealClock } from '../../src/clock/real-clock.ts';
import { ApplicationError } from '../../src/engine/application-error.ts';
import { goodRun } from '../grpc/sample-events.ts';
import { RestartableServer, task } from './restartable-server.ts';

async function withServer(
  work: (server: RestartableServer, client: OrchestratorClient) => Promise<void>,
): Promise<void> {
  const server = new RestartableServer();
  await server.start();
  const client = server.client();
  try {
    await work(server, client);
  } finally {
    client.close();
    await server.stop();
  }
}

async function refusal(call: Promise<unknown>): Promise<RpcError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof RpcError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the call was accepted' });
}

describe('the client against a server', () => {
  test('starts, shows, lists, steers and waits', () =>
    withServer(async (_server, client) => {
      const { workflow, alreadyStarted } = await client.startResearch({ task, requestId: 'r' });
      const id = workflow.workflowId;
      assert.match(id, /^research_[0-9a-f]{12}$/);
      assert.equal(alreadyStarted, false);
      assert.equal((await client.startResearch({ task, requestId: 'r' })).alreadyStarted, true);
      assert.equal((await client.getWorkflow(id)).state, 'STATE_PENDING');
      assert.deepEqual(
        (await client.listWorkflows({ states: ['STATE_PENDING'] })).workflows.map((each) => each.workflowId),
        [id],
      );
      assert.equal((await client.pauseWorkflow({ workflowId: id })).state, 'STATE_PAUSED');
      assert.equal((await client.resumeWorkflow(id)).state, 'STATE_PENDING');
      assert.equal((await client.waitWorkflow(id, 0)).done, false);
      assert.equal((await client.listWorkflowEvents({ workflowId: id })).events.length, 3);
      const cancelled = await client.cancelWorkflow({ workflowId: id, reason: 'enough' });
      assert.equal(cancelled.cancelled, true);
      assert.equal(cancelled.receipt?.costUsd, 1.5);
      assert.equal((await client.getWorkflowResult(id)).state, 'STATE_CANCELLED');
      const other = await client.startWorkflow({
        orchestrator: 'research',
        input: { fields: { task: { stringValue: task } } },
      });
      assert.notEqual(other.workflow.workflowId, id);
    }));

  test('reads the catalog', () =>
    withServer(async (_server, client) => {
      assert.deepEqual(
        (await client.listOrchestrators()).map(({ name }) => name),
        ['research'],
      );
      assert.deepEqual(
        (await client.listProviders()).map(({ name }) => name),
        ['xai'],
      );
      assert.match((await client.describeLifecycle()).mermaid, /^stateDiagram/);
      assert.equal((await client.getStats()).totalWorkflows, '3');
    }));

  test('downloads a document and checks its hash', () =>
    withServer(async ({ application }, client) => {
      const { workflow } = await client.startResearch({ task });
      const bytes = Buffer.alloc(200_000, 'tide ');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const document = { format: 'markdown', fileName: 'tides.md', mediaType: 'text/markdown', bytes };
      application.renderedDocuments.set(workflow.workflowId, [{ ...document, sha256 }]);
      const request = { workflowId: workflow.workflowId, format: 'markdown' };
      const downloaded = await client.downloadDocument(request);
      assert.deepEqual(downloaded.bytes, bytes);
      assert.equal(downloaded.document.fileName, 'tides.md');

      application.renderedDocuments.set(workflow.workflowId, [{ ...document, sha256: 'ab'.repeat(32) }]);
      assert.equal((await refusal(client.downloadDocument(request))).code, Code.DATA_LOSS);
    }));

  test('downloads the whole document, for a part of it has another hash', () =>
    withServer(async ({ application }, client) => {
      const { workflow } = await client.startResearch({ task });
      const bytes = Buffer.from('tides and moons');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const document = {
        format: 'markdown',
        fileName: 'tides.md',
        mediaType: 'text/markdown',
        bytes,
        sha256,
      };
      application.renderedDocuments.set(workflow.workflowId, [document]);
      // What a caller without types, or with a request of the generated type, may still say.
      const request = { workflowId: workflow.workflowId, format: 'markdown', offset: 5 };
      assert.deepEqual((await client.downloadDocument(request)).bytes, bytes);
    }));

  test('a wait longer than the server allows is the longest one, one below 0 none', () =>
    withServer(async ({ application }, client) => {
      const { workflow } = await client.startResearch({ task });
      const id = workflow.workflowId;
      assert.equal((await client.waitWorkflow(id, -1)).done, false);
      const waits = [25 * 3_600_000, Number.POSITIVE_INFINITY].map((ms) => client.waitWorkflow(id, ms));
      application.append(id, ...goodRun);
      for (const reply of await Promise.all(waits)) assert.equal(reply.done, true);
    }));

  test('a duration just below a second has no billion of nanos', () => {
    assert.deepEqual(durationMessage(999.999_999_9), { seconds: 1, nanos: 0 });
    assert.deepEqual(durationMessage(1_500.25), { seconds: 1, nanos: 500_250_000 });
  });

  test('decodes violations, reasons, metadata and retry delays of errors', () =>
    withServer(async ({ application }, client) => {
      const invalid = await refusal(client.startResearch({ task: 'x', numAgents: 99 }));
      assert.equal(invalid.codeName, 'INVALID_ARGUMENT');
      assert.deepEqual(invalid.violations.map(({ field }) => field).toSorted(), ['num_agents', 'task']);
      assert.ok(invalid.violations.every(({ description, reason }) => description !== '' && reason !== ''));

      const missing = await refusal(client.getWorkflow('research_000000000000'));
      assert.equal(missing.code, Code.NOT_FOUND);
      assert.equal(missing.reason, 'WORKFLOW_NOT_FOUND');
      assert.equal(missing.metadata['workflow_id'], 'research_000000000000');

      application.failing = new ApplicationError('exhausted', 'too many wait', {
        reason: 'PENDING_QUEUE_FULL',
        retryDelayMs: 2_500,
      });
      const full = await refusal(client.startResearch({ task }));
      assert.equal(full.retryDelayMs, 2_500);
      assert.equal(full.reason, 'PENDING_QUEUE_FULL');
    }));

  test('says that a server cannot be reached, without a reason of the server', async () => {
    const client = new OrchestratorClient({ address: '127.0.0.1:1', clock: new RealClock() });
    try {
      const error = await refusal(client.getStats());
      assert.equal(error.code, Code.UNAVAILABLE);
      assert.equal(error.reason, '');
    } finally {
      client.close();
    }
  });

  test('ends a call at its deadline and with its signal', () =>
    withServer(async (_server, client) => {
      const { workflow } = await client.startResearch({ task });
      const reason = new Error('enough');
      const controller = new AbortController();
      const waiting = client.waitWorkflow(workflow.workflowId, 60_000, { signal: controller.signal });
      controller.abort(reason);
      await assert.rejects(waiting, reason);
      await assert.rejects(client.getStats({ signal: controller.signal }), reason);
      assert.equal((await refusal(client.getStats({ timeoutMs: -1 }))).code, Code.DEADLINE_EXCEEDED);
    }));
});

describe('a watch against a server', () => {
  test('yields each event exactly once and in order while the server restarts under it', () =>
    withServer(async (server, client) => {
      const { workflow } = await client.startResearch({ task });
      const id = workflow.workflowId;
      let appended = 0;
      const append = (count: number): void => {
        server.application.append(id, ...goodRun.slice(appended, appended + count));
        appended += count;
      };
      append(4);
      const sequences: number[] = [];
      let restarts = 0;
      for await (const event of client.watch(id)) {
        sequences.push(Number(event.sequence));
        // The last event there is: nothing more comes until the server is gone and back.
        if (sequences.length === appended + 1 && restarts < 3) {
          restarts++;
          await server.stop();
          append(4);
          await server.start();
        } else if (sequences.length === appended + 1) append(goodRun.length);
      }
      assert.equal(restarts, 3);
      assert.deepEqual(
        sequences,
        Array.from({ length: goodRun.length + 1 }, (_, index) => index + 1),
      );
    }));

  test('ends its stream when its reader stops', () =>
    withServer(async ({ application }, client) => {
      const { workflow } = await client.startResearch({ task });
      const controller = new AbortController();
      for await (const event of client.watch(workflow.workflowId, { signal: controller.signal })) {
        assert.equal(event.type, 'workflow_started');
        assert.equal(application.openWatches, 1);
        break;
      }
      const again = client.watch(workflow.workflowId, { afterSequence: 1, signal: controller.signal });
      const next = again.next();
      controller.abort(new Error('enough'));
      await assert.rejects(next, /enough/);
      // The server notices a cancelled stream in its own time.
      while (application.openWatches > 0) await new Promise((resolve) => setImmediate(resolve));
    }));
});
