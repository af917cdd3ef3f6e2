import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gatherDemoCorpus } from '../../src/cli/demo-corpus.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestrator-demo-'));
});

after(() => {
  rmSync(folder, { recursive: true });
});

/** The program as a process of its own; rejects when it fails or takes longer than a demo may. */
async function orchestrator(...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    timeout: 30_000,
  });
  return stdout;
}

describe('the demo', () => {
  test('gathers Markdown of installed packages into an emptied folder', () => {
    const corpus = join(folder, 'corpus');
    mkdirSync(corpus);
    writeFileSync(join(corpus, 'stale.md'), 'old');
    const count = gatherDemoCorpus(corpus);
    const files = readdirSync(corpus);
    assert.equal(files.length, count);
    assert.ok(count >= 8, `${count} documents`);
    for (const name of ['xstate-README.md', 'zod-README.md', 'grpc-grpc-js-README.md'])
      assert.ok(files.includes(name), name);
    assert.ok(files.every((name) => name.toLowerCase().endsWith('.md') && !name.includes('CHANGELOG')));
  });

  test('runs a research without key or network, writes the report and says how to look at it', async () => {
    const output = await orchestrator('demo', '--json', '--data-dir', 'data');
    const { workflow, paths, grpcurl } = JSON.parse(output) as {
      workflow: { workflowId: string; state: string; agentsCompleted: number; providerName: string };
      paths: string[];
      grpcurl: string;
    };
    assert.equal(workflow.state, 'STATE_COMPLETED');
    assert.equal(workflow.providerName, 'offline');
    assert.ok(workflow.agentsCompleted >= 10, 'a planner, eight researchers and syntheses');
    assert.equal(paths.length, 1);
    const [path = ''] = paths;
    assert.ok(path.startsWith(join(folder, 'data', 'reports')), path);
    assert.match(readFileSync(path, 'utf8'), /^# /m);
    assert.equal(
      grpcurl,
      `grpcurl -plaintext -d '{"workflow_id":"${workflow.workflowId}"}' 127.0.0.1:50051 orchestrator.v1.WorkflowService/GetWorkflow`,
    );
    // Another process on the same data directory knows the run.
    const again = await orchestrator(
      'get',
      workflow.workflowId,
      '--json',
      '--embedded',
      '--data-dir',
      'data',
    );
    assert.equal((JSON.parse(again) as { state: string }).state, 'STATE_COMPLETED');
    // It rejects unless the store is sound.
    assert.match(await orchestrator('verify', '--data-dir', 'data'), /^problems +0$/m);
  });

  test('works on a folder of the user', async () => {
    const docs = join(folder, 'mine');
    mkdirSync(docs);
    writeFileSync(
      join(docs, 'tides.md'),
      '# Tides\n\nThe moon pulls the sea, and so there are tides twice a day.\n',
    );
    const task = 'What makes the tides of the sea?';
    const output = await orchestrator('demo', task, '--docs', docs, '--agents', '2', '--output', 'out');
    const [, path = ''] = /^report: (.*)$/m.exec(output) ?? [];
    assert.ok(existsSync(path), output);
    assert.match(readFileSync(path, 'utf8'), /The moon pulls the sea/);
  });
});
