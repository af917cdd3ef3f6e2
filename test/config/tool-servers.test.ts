import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig, type Config } from '../../src/config/config.ts';
import { describeConfig } from '../../src/config/describe-config.ts';

const canary = 'canary-0123456789';

function load(yaml: string, env: Record<string, string> = {}): Config {
  return loadConfig({
    env: { ORCHESTRATOR_CONFIG: '/srv/orchestrator.yaml', ...env },
    cwd: '/srv',
    readFile: () => yaml,
  });
}

function problemsOf(yaml: string, env: Record<string, string> = {}): readonly string[] {
  try {
    load(yaml, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ name, message }) => `${name}: ${message}`);
  }
  return [];
}

const good = `
tool_servers:
  files:
    command: ./bin/files
    args: [--root, /srv/papers]
    env: { FILES_TOKEN: "\${FILES_TOKEN}", MODE: read }
    timeout: 20s
    tools:
      write_file: { idempotent: false, timeout: 5s, max_output: 2048 }
  news:
    url: http://127.0.0.1:8080/mcp
    headers: { Authorization: "Bearer \${NEWS_KEY}" }
    idempotent: true
agent_tools:
  researcher: [documents.*, files.read_file, news.*]
`;
const variables = { FILES_TOKEN: canary, NEWS_KEY: `${canary}-2` };

test('reads servers of tools with their terms, and who may use which tool', () => {
  const { toolServers, agentTools } = load(good, variables);
  assert.deepEqual(
    { ...toolServers['files']?.reach, env: undefined },
    {
      command: '/srv/bin/files',
      args: ['--root', '/srv/papers'],
      env: undefined,
    },
  );
  const { reach } = toolServers['files'] ?? assert.fail();
  assert.ok('env' in reach);
  assert.deepEqual({ ...reach.env }, { FILES_TOKEN: canary, MODE: 'read' });
  assert.equal(toolServers['files']?.terms.timeoutMs, 20_000);
  assert.deepEqual(toolServers['files']?.tools['write_file'], {
    idempotent: false,
    timeoutMs: 5_000,
    outputBytesMax: 2_048,
  });
  const news = toolServers['news']?.reach ?? assert.fail();
  assert.ok('headers' in news);
  assert.deepEqual({ ...news.headers }, { Authorization: `Bearer ${canary}-2` });
  assert.deepEqual(agentTools, { researcher: ['documents.*', 'files.read_file', 'news.*'] });
});

test('prints no secret that a server of tools is given', () => {
  const config = load(good, variables);
  for (const text of [
    inspect(config, { depth: null }),
    JSON.stringify(config),
    describeConfig(config),
    format('%s', config.toolServers),
  ]) {
    assert.ok(!text.includes(canary), text);
  }
  assert.deepEqual(new Set(Object.values(config.toolSecrets)), new Set([canary, `${canary}-2`]));
});

test('refuses servers of tools that cannot be meant, each with its reason', () => {
  const server = (text: string): readonly string[] => problemsOf(`tool_servers: { files: { ${text} } }\n`);
  const cases: readonly (readonly [RegExp, readonly string[]])[] = [
    [/either a command or a url/, server('timeout: 3s')],
    [/either a command or a url/, server('command: a, url: "http://h/mcp"')],
    [/only a command can have/, server('url: "http://h/mcp", args: [a]')],
    [/only a url can have/, server('command: a, headers: { X-A: b }')],
    [/not set/, server('command: a, env: { TOKEN: "${NOBODY_SET_IT}" }')],
    [/no secret stands in the file/, server(`command: a, env: { API_KEY: ${canary} }`)],
    [/no secret stands in the file/, server(`url: "http://h/mcp", headers: { Authorization: ${canary} }`)],
    [/user name or password/, server(`url: "http://me:${canary}@h/mcp"`)],
    [/did you mean command/, server('comand: a')],
    [/did you mean timeout/, server('command: a, tools: { b: { timout: 3s } }')],
    [/at least 1024/, server('command: a, max_output: 3')],
    [/duration/, server('command: a, timeout: 3')],
    [/built in/, problemsOf('tool_servers: { documents: { command: a } }')],
    [/must be lower-case/, problemsOf('tool_servers: { "Files.A": { command: a } }')],
    [/no such role; did you mean researcher/, problemsOf('agent_tools: { reseracher: [documents.*] }')],
    [/no tool server news; known are documents/, problemsOf('agent_tools: { researcher: [news.*] }')],
    [/server\.tool/, problemsOf('agent_tools: { researcher: ["*"] }')],
  ];
  for (const [reason, problems] of cases) {
    assert.match(problems.join('\n'), reason);
    assert.ok(!problems.join('\n').includes(canary), problems.join('\n'));
  }
});

test('gives agents no tools unless the configuration does', () => {
  const config = load('grpc_port: 1');
  assert.deepEqual([config.toolServers, config.agentTools], [{}, {}]);
});
