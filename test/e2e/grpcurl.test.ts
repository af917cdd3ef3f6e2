import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { World } from './world.ts';

// Clients that share no code with ours: what they can do, any client can.

const root = fileURLToPath(new URL('../../', import.meta.url));
const bufPath = join(root, 'node_modules/.bin/buf');

/** On the PATH or where `go install` puts it; undefined: not installed. */
function findGrpcurl(): string | undefined {
  return ['grpcurl', join(homedir(), 'go/bin/grpcurl')].find(
    (path) => spawnSync(path, ['--version']).error === undefined,
  );
}

const grpcurlPath = findGrpcurl();
const skip =
  grpcurlPath === undefined && process.env['CI'] !== 'true'
    ? 'grpcurl is not installed: go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3'
    : false;

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(path: string, args: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    execFile(path, args, { cwd: root, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

interface WorkflowJson {
  readonly workflowId: string;
  readonly state: string;
  readonly documents?: readonly { readonly format: string; readonly sha256: string }[];
}

describe('clients that are not ours', { skip }, () => {
  let world: World;
  before(async () => {
    assert.ok(grpcurlPath, 'CI=true, but grpcurl is not installed');
    world = await World.open();
  });
  after(() => world.close());

  const grpcurl = (...args: readonly string[]): Promise<Output> =>
    run(grpcurlPath ?? 'grpcurl', ['-plaintext', ...args]);

  /** Calls a method; the replies are one JSON document after the other. */
  const call = async <T>(method: string, request: unknown = {}): Promise<T> => {
    const output = await grpcurl(
      ...['-format-error', '-d', JSON.stringify(request)],
      ...[world.daemon.address, `orchestrator.v1.${method}`],
    );
    assert.equal(output.code, 0, `${method}: ${output.stderr}`);
    return JSON.parse(output.stdout) as T;
  };
  const callStream = async (method: string, request: unknown): Promise<string> => {
    const output = await grpcurl(
      '-d',
      JSON.stringify(request),
      world.daemon.address,
      `orchestrator.v1.${method}`,
    );
    assert.equal(output.code, 0, `${method}: ${output.stderr}`);
    return output.stdout;
  };
  interface ErrorJson {
    readonly code: number;
    readonly message: string;
    readonly details: readonly Record<string, unknown>[];
  }
  const refused = async (method: string, request: unknown): Promise<ErrorJson> => {
    const output = await grpcurl(
      ...['-format-error', '-d', JSON.stringify(request)],
      ...[world.daemon.address, `orchestrator.v1.${method}`],
    );
    assert.notEqual(output.code, 0, output.stdout);
    return JSON.parse(output.stderr) as ErrorJson;
  };

  const methods = {
    WorkflowService: [
      'CancelWorkflow',
      'ConcludeWorkflow',
      'DeleteWorkflow',
      'DownloadDocument',
      'GetWorkflow',
      'GetWorkflowResult',
      'ListDocuments',
      'ListWorkflowEvents',
      'ListWorkflows',
      'PauseWorkflow',
      'ResumeWorkflow',
      'StartResearch',
      'StartWorkflow',
      'WaitWorkflow',
      'WatchWorkflow',
    ],
    CatalogService: ['DescribeLifecycle', 'GetStats', 'ListOrchestrators', 'ListProviders'],
  };
  const task = 'What is known about durable logs?';

  test('grpcurl lists the services and methods, and describes them with their comments', async () => {
    const listed = await grpcurl(world.daemon.address, 'list');
    assert.equal(listed.code, 0, listed.stderr);
    for (const name of [
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      ...Object.keys(methods),
    ]) {
      assert.match(listed.stdout, new RegExp(`${name}$`, 'm'));
    }
    for (const [service, names] of Object.entries(methods)) {
      const { stdout } = await grpcurl(world.daemon.address, 'list', `orchestrator.v1.${service}`);
      assert.deepEqual(
        stdout.trim().split('\n').toSorted(),
        names.map((name) => `orchestrator.v1.${service}.${name}`),
      );
    }
    const described = await grpcurl(world.daemon.address, 'describe', 'orchestrator.v1.StartResearchRequest');
    assert.match(described.stdout, /10 to 5,000 characters/, 'comments of the proto files');
    const all = await grpcurl(world.daemon.address, 'describe');
    assert.equal(all.code, 0, all.stderr);
  });

  test('row 89: grpcurl finds the server healthy', async () => {
    const { stdout } = await grpcurl(world.daemon.address, 'grpc.health.v1.Health/Check');
    assert.deepEqual(JSON.parse(stdout), { status: 'SERVING' });
  });

  test('grpcurl calls every method of a run from its start to its document', async () => {
    const started = await call<{ workflow: WorkflowJson }>('WorkflowService.StartResearch', {
      task,
      numAgents: 2,
      options: { labels: { team: 'a' }, workflowTimeout: '60s' },
    });
    const { workflowId } = started.workflow;
    assert.match(workflowId, /^research_[a-f0-9]{12}$/);
    const waited = await call<{ workflow: WorkflowJson; done: boolean }>('WorkflowService.WaitWorkflow', {
      workflowId,
    });
    assert.deepEqual([waited.done, waited.workflow.state], [true, 'STATE_COMPLETED']);

    const watched = await callStream('WorkflowService.WatchWorkflow', { workflowId, afterSequence: 0 });
    assert.match(watched, /"type": "workflow_started"/);
    assert.match(watched, /"type": "workflow_completed"/);
    const listed = await call<{ events: { type: string }[] }>('WorkflowService.ListWorkflowEvents', {
      workflowId,
    });
    assert.equal(listed.events.at(-1)?.type, 'workflow_completed');

    const got = await call<{ workflow: WorkflowJson }>('WorkflowService.GetWorkflow', { workflowId });
    assert.equal(got.workflow.documents?.[0]?.format, 'markdown');
    const found = await call<{ workflows: WorkflowJson[] }>('WorkflowService.ListWorkflows', {
      labels: { team: 'a' },
      states: ['STATE_COMPLETED'],
    });
    assert.deepEqual(
      found.workflows.map((workflow) => workflow.workflowId),
      [workflowId],
    );
    const { result } = await call<{ result: { content: string } }>('WorkflowService.GetWorkflowResult', {
      workflowId,
    });
    assert.ok(result.content.length > 0);
    const { documents } = await call<{ documents: { sha256: string }[] }>('WorkflowService.ListDocuments', {
      workflowId,
    });
    assert.equal(documents.length, 1);
    const downloaded = await callStream('WorkflowService.DownloadDocument', {
      workflowId,
      format: 'markdown',
    });
    assert.match(downloaded, /"chunk"/);
  });

  test('row 85: grpcurl starts with a task of 26 characters, pauses, resumes and cancels', async (t) => {
    const hold = world.simulator.hold();
    t.after(() => hold.release());
    const started = await call<{ workflow: WorkflowJson }>('WorkflowService.StartWorkflow', {
      orchestrator: 'research',
      input: { task: 'abcdefghijklmnopqrstuvwxyz', numAgents: 1 },
    });
    const { workflowId } = started.workflow;
    const paused = await call<{ workflow: WorkflowJson }>('WorkflowService.PauseWorkflow', { workflowId });
    assert.equal(paused.workflow.state, 'STATE_PAUSED');
    const resumed = await call<{ workflow: WorkflowJson }>('WorkflowService.ResumeWorkflow', { workflowId });
    assert.match(resumed.workflow.state, /PENDING|RUNNING/);
    const cancelled = await call<{ cancelled: boolean; receipt: unknown; workflow: WorkflowJson }>(
      'WorkflowService.CancelWorkflow',
      { workflowId, reason: 'enough' },
    );
    assert.equal(cancelled.cancelled, true);
    assert.ok(cancelled.receipt);
    assert.equal(cancelled.workflow.state, 'STATE_CANCELLED');
  });

  test('grpcurl asks the catalog', async () => {
    const { orchestrators } = await call<{ orchestrators: { name: string; inputSchema: unknown }[] }>(
      'CatalogService.ListOrchestrators',
    );
    assert.equal(orchestrators[0]?.name, 'research');
    assert.ok(orchestrators[0].inputSchema);
    const { providers } = await call<{ providers: { name: string; configured?: boolean }[] }>(
      'CatalogService.ListProviders',
    );
    assert.equal(providers.find(({ name }) => name === 'xai')?.configured, true);
    const { mermaid } = await call<{ mermaid: string }>('CatalogService.DescribeLifecycle');
    assert.match(mermaid, /stateDiagram/);
    const stats = await call<{ uptime: string }>('CatalogService.GetStats');
    assert.match(stats.uptime, /s$/);
  });

  test('rows 62 and 86: grpcurl shows a refusal with its field, and an unknown id with its resource', async () => {
    const short = await refused('WorkflowService.StartResearch', { task: 'x' });
    assert.equal(short.code, 3);
    const text = JSON.stringify(short.details);
    assert.match(text, /google\.rpc\.BadRequest/);
    assert.match(text, /"field":"task"/);
    assert.match(text, /google\.rpc\.ErrorInfo/);
    const unknown = await refused('WorkflowService.GetWorkflow', { workflowId: 'research_000000000000' });
    assert.equal(unknown.code, 5);
    assert.match(JSON.stringify(unknown.details), /research_000000000000/);
    const running = await refused('WorkflowService.ResumeWorkflow', { workflowId: 'research_000000000000' });
    assert.equal(running.code, 5);
  });

  test('buf curl starts a run over reflection and shows errors with their details', async () => {
    const curl = (method: string, request: unknown): Promise<Output> =>
      run(bufPath, [
        ...['curl', '--protocol', 'grpc', '--http2-prior-knowledge', '--data', JSON.stringify(request)],
        `http://${world.daemon.address}/orchestrator.v1.${method}`,
      ]);
    const started = await curl('WorkflowService/StartResearch', { task, numAgents: 1 });
    assert.equal(started.code, 0, started.stderr);
    const { workflow } = JSON.parse(started.stdout) as { workflow: WorkflowJson };
    const waited = await curl('WorkflowService/WaitWorkflow', { workflowId: workflow.workflowId });
    assert.match(waited.stdout, /STATE_COMPLETED/, waited.stderr);
    const short = await curl('WorkflowService/StartResearch', { task: 'x' });
    assert.notEqual(short.code, 0);
    assert.match(short.stderr, /invalid_argument/);
    assert.match(short.stderr, /google\.rpc\.BadRequest/);
  });
});
