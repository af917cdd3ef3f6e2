import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { catalogService } from '../../src/grpc/definition.ts';
import { ProviderSimulator } from '../simulator/provider-simulator.ts';
import { Daemon, temporaryFolder } from './daemon.ts';
import { problemsOf } from './verified.ts';
import { Session } from './session.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The package as it is published, its dependencies beside it. */
async function installed(folder: string): Promise<string> {
  for (const name of ['bin', 'proto', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // A bundle is made inside the repository only.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const bundle = mkdtempSync(join(cache, 'built-test-'));
  try {
    await run(process.execPath, [join(root, 'tools/bundle.ts'), bundle]);
    cpSync(bundle, join(folder, 'dist'), { recursive: true });
  } finally {
    rmSync(bundle, { recursive: true });
  }
  return join(folder, 'bin/orchestrator.js');
}

test('the built program runs a workflow over a kill, with an orchestrator of its user, and says what it is made of', async (t) => {
  const [program, data, simulator] = await Promise.all([
    temporaryFolder(),
    temporaryFolder(),
    ProviderSimulator.start(),
  ]);
  t.after(() => Promise.all([program.remove(), data.remove(), simulator.stop()]));
  const entry = await installed(program.path);
  const licenses = readFileSync(join(program.path, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  assert.match(licenses, /^zod \d/m);
  // Code that the client of a provider has taken in from others, under terms of its own.
  for (const taken of ['partial-json-parser', 'qs', 'zod-to-json-schema'])
    assert.match(licenses, new RegExp(`^src/.*/${taken}$`, 'm'));
  writeFileSync(
    join(data.path, 'orchestrator.yaml'),
    `orchestrators: ['${join(root, 'examples/debate.ts')}']\n`,
  );
  const options = {
    dataDir: data.path,
    entry,
    env: { XAI_BASE_URL: simulator.baseUrl, XAI_API_KEY: 'test-key' },
  };
  const hold = simulator.hold({ role: 'researcher' });
  const first = await Daemon.start(options);
  t.after(() => first.kill());
  const before = new Session(first.address);
  const { workflowId } = await before.start({
    task: 'How do durable workflows survive crashes?',
    numAgents: 2,
  });
  await hold.held(2);
  before.close();
  await first.kill();
  hold.release();
  const second = await Daemon.start(options);
  t.after(() => second.kill());
  const after = new Session(second.address);
  t.after(() => after.close());
  assert.equal((await after.ended(workflowId)).state, 'STATE_COMPLETED');
  const { orchestrators } = await after.ask(catalogService.ListOrchestrators, {});
  assert.ok(orchestrators.some(({ name }) => name === 'debate'));
  const { stdout } = await run(process.execPath, [
    entry,
    'get',
    workflowId,
    '--address',
    second.address,
    '--json',
  ]);
  assert.match(stdout, /STATE_COMPLETED/);
  assert.deepEqual(await second.stop(), { code: 0, signal: null });
  assert.deepEqual(problemsOf(data.path), []);
});
