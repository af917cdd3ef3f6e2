import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Harness, serve } from './harness.ts';
import { goodRun, started } from './sample-events.ts';

const buf = fileURLToPath(new URL('../../node_modules/@bufbuild/buf/bin/buf', import.meta.url));
const finishedId = 'research_0a1b2c3d4e5f';

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[]): Promise<Output> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr });
    });
  });
}

/** Methods, each with a request that succeeds. */
function requests(pendingId: () => string): readonly (readonly [method: string, request: object])[] {
  return [
    ['WorkflowService/StartResearch', { task: 'What is known about tides?' }],
    [
      'WorkflowService/StartWorkflow',
      { orchestrator: 'research', input: { task: 'What is known about tides?' } },
    ],
    ['WorkflowService/GetWorkflow', { workflowId: finishedId }],
    ['WorkflowService/ListWorkflows', { states: ['STATE_COMPLETED'] }],
    ['WorkflowService/WatchWorkflow', { workflowId: finishedId, afterSequence: '0' }],
    ['WorkflowService/WaitWorkflow', { workflowId: finishedId, timeout: '1s' }],
    ['WorkflowService/ListWorkflowEvents', { workflowId: finishedId }],
    ['WorkflowService/PauseWorkflow', { workflowId: pendingId() }],
    ['WorkflowService/ResumeWorkflow', { workflowId: pendingId() }],
    ['WorkflowService/CancelWorkflow', { workflowId: pendingId() }],
    ['WorkflowService/GetWorkflowResult', { workflowId: finishedId }],
    ['WorkflowService/ListDocuments', { workflowId: finishedId }],
    ['WorkflowService/DownloadDocument', { workflowId: finishedId, format: 'markdown' }],
    ['CatalogService/ListOrchestrators', {}],
    ['CatalogService/ListProviders', {}],
    ['CatalogService/DescribeLifecycle', {}],
    ['CatalogService/GetStats', {}],
  ];
}

const pendingId = 'research_111111111111';

describe('clients without the proto files', () => {
  let harness: Harness;
  before(async () => {
    harness = await serve();
    harness.application.append(finishedId, started, ...goodRun);
    harness.application.append(pendingId, started);
    harness.application.renderedDocuments.set(finishedId, [
      {
        format: 'markdown',
        fileName: 'tides.md',
        mediaType: 'text/markdown',
        sha256: 'ab'.repeat(32),
        bytes: Buffer.from('# Tides'),
      },
    ]);
  });
  after(() => harness.close());

  const bufCurl = (...args: string[]): Promise<Output> =>
    run(process.execPath, [buf, 'curl', '--http2-prior-knowledge', '--protocol', 'grpc', ...args]);

  for (const protocol of ['grpc-v1', 'grpc-v1alpha']) {
    test(`buf curl lists what is served, with reflection ${protocol}`, async () => {
      const reflect = ['--reflect-protocol', protocol];
      const services = await bufCurl(...reflect, '--list-services', `http://${harness.address}`);
      assert.equal(services.code, 0, services.stderr);
      for (const service of [
        'orchestrator.v1.WorkflowService',
        'orchestrator.v1.CatalogService',
        'grpc.health.v1.Health',
      ]) {
        assert.match(services.stdout, new RegExp(`^${RegExp.escape(service)}$`, 'm'));
      }
      const methods = await bufCurl(...reflect, '--list-methods', `http://${harness.address}`);
      assert.equal(methods.code, 0, methods.stderr);
      assert.match(methods.stdout, /orchestrator\.v1\.WorkflowService\/WatchWorkflow/);
    });
  }

  test('row 85, row 97: buf curl calls every method of orchestrator.v1 with JSON', async () => {
    for (const [method, request] of requests(() => pendingId)) {
      const url = `http://${harness.address}/orchestrator.v1.${method}`;
      const { code, stdout, stderr } = await bufCurl('--data', JSON.stringify(request), url);
      assert.equal(code, 0, `${method}: ${stderr}`);
      if (method.endsWith('/GetWorkflowResult')) assert.match(stdout, /It is the moon/);
      if (method.endsWith('/WatchWorkflow')) assert.match(stdout, /workflowCompleted/);
      if (method.endsWith('/CancelWorkflow')) assert.match(stdout, /"cancelled": ?true/);
    }
  });

  test('row 86: buf curl shows the details of a refused task', async () => {
    const url = `http://${harness.address}/orchestrator.v1.WorkflowService/StartResearch`;
    const { code, stderr } = await bufCurl('--data', '{"task":"x"}', url);
    assert.equal(code, 24, 'eight times INVALID_ARGUMENT');
    assert.match(stderr, /BadRequest/);
    assert.match(stderr, /too short/);
  });

  /** A user may not have grpcurl; a pipeline must. */
  function grpcurl(context: TestContext): string | undefined {
    const gopath = process.env['GOPATH'] ?? join(process.env['HOME'] ?? '', 'go');
    const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(gopath, 'bin')];
    const found = folders.map((folder) => join(folder, 'grpcurl')).find((path) => existsSync(path));
    if (found === undefined) {
      assert.notEqual(process.env['CI'], 'true', 'grpcurl must be installed where CI=true');
      context.skip(
        'grpcurl IS NOT INSTALLED, so nothing is known about it: go install github.com/fullstorydev/grpcurl/cmd/grpcurl@latest',
      );
    }
    return found;
  }

  test('row 85: grpcurl lists, describes and calls every method', async (context) => {
    const program = grpcurl(context);
    if (program === undefined) return;
    const list = await run(program, ['-plaintext', harness.address, 'list']);
    assert.equal(list.code, 0, list.stderr);
    assert.match(list.stdout, /orchestrator\.v1\.WorkflowService/);
    const described = await run(program, [
      '-plaintext',
      harness.address,
      'describe',
      'orchestrator.v1.WorkflowService.WatchWorkflow',
    ]);
    assert.match(described.stdout, /returns \( stream \.orchestrator\.v1\.WatchWorkflowResponse \)/);
    const otherId = 'research_222222222222';
    harness.application.append(otherId, started);
    for (const [method, request] of requests(() => otherId)) {
      const { code, stderr } = await run(program, [
        '-plaintext',
        '-d',
        JSON.stringify(request),
        harness.address,
        `orchestrator.v1.${method}`,
      ]);
      assert.equal(code, 0, `${method}: ${stderr}`);
    }
    const healthy = await run(program, ['-plaintext', harness.address, 'grpc.health.v1.Health/Check']);
    assert.match(healthy.stdout, /SERVING/);
  });

  test('row 86: grpcurl shows the details of a refused task', async (context) => {
    const program = grpcurl(context);
    if (program === undefined) return;
    const { code, stderr } = await run(program, [
      '-plaintext',
      '-d',
      '{"task":"x"}',
      harness.address,
      'orchestrator.v1.WorkflowService/StartResearch',
    ]);
    assert.notEqual(code, 0);
    assert.match(stderr, /InvalidArgument/);
    assert.match(stderr, /too short/);
  });
});
