import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { ConfigError, type ConfigProblem } from '../../src/config/config-error.ts';
import { settingNames, settings } from '../../src/config/config-schema.ts';
import { type Config, type ConfigSources, loadConfig } from '../../src/config/config.ts';
import { describeConfig } from '../../src/config/describe-config.ts';
import { secretsOf } from '../../src/config/provider-environment.ts';
import { resolveProviders } from '../../src/provider/provider-config.ts';
import { isLoopback } from '../../src/workflow/loopback.ts';
import { certificate, key, otherKey } from './tls-files.ts';

const canary = 'canary-9f2c77d1e0b84a';

/** Loads from files that exist only here. */
function load(
  env: Record<string, string> = {},
  files: Record<string, string> = {},
  rest: Partial<ConfigSources> = {},
): Config {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return text;
  };
  return loadConfig({ env, cwd: '/srv', readFile, isFolder: () => true, ...rest });
}

function problemsOf(run: () => unknown): readonly ConfigProblem[] {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return assert.fail('the configuration was accepted');
}

const namesOf = (problems: readonly ConfigProblem[]): string[] => problems.map(({ name }) => name).toSorted();

test('starts with the documented defaults and binds loopback (row 71)', () => {
  const config = load();
  assert.equal(config.grpcHost, '127.0.0.1');
  assert.equal(config.grpcPort, 50_051);
  assert.equal(config.httpPort, 5_060);
  assert.equal(config.dataDir, '/srv/.orchestrator');
  assert.equal(config.logLevel, 'info');
  assert.equal(config.logFormat, 'auto');
  assert.equal(config.maxLiveWorkflows, 50);
  assert.equal(config.maxPendingWorkflows, 10_000);
  assert.equal(config.retainTerminal, 100);
  assert.equal(config.retainAtLeastMs, 3_600_000);
  assert.equal(config.retainForMs, 7 * 86_400_000);
  assert.equal(config.shutdownGraceMs, 30_000);
  assert.equal(config.shutdownPolicy, 'drain');
  assert.equal(config.provider, 'xai');
  assert.equal(config.store, 'sqlite');
  assert.equal(config.insecureRemote, false);
  assert.equal(config.tracingEndpoint, undefined);
  assert.equal(config.configPath, undefined);
});

test('reads every start option from its variable (row 71)', () => {
  const config = load({
    ORCHESTRATOR_GRPC_HOST: '127.0.0.2',
    ORCHESTRATOR_GRPC_PORT: '0',
    ORCHESTRATOR_HTTP_PORT: '8080',
    ORCHESTRATOR_DATA_DIR: 'data',
    ORCHESTRATOR_LOG_LEVEL: 'DEBUG',
    ORCHESTRATOR_SHUTDOWN_GRACE: '250ms',
    ORCHESTRATOR_SHUTDOWN_POLICY: 'cancel',
    ORCHESTRATOR_RETAIN_AT_LEAST: '0',
  });
  assert.equal(config.grpcHost, '127.0.0.2');
  assert.equal(config.grpcPort, 0);
  assert.equal(config.httpPort, 8_080);
  assert.equal(config.dataDir, '/srv/data');
  assert.equal(config.logLevel, 'debug');
  assert.equal(config.shutdownGraceMs, 250);
  assert.equal(config.shutdownPolicy, 'cancel');
  assert.equal(config.retainAtLeastMs, 0);
});

test('prefers a flag to the environment, the environment to the file, the file to the default', () => {
  const files = { '/srv/orchestrator.yaml': 'grpc_port: 1\nmax_live_workflows: 1\nretain_terminal: 1\n' };
  const env = { ORCHESTRATOR_GRPC_PORT: '2', ORCHESTRATOR_MAX_LIVE_WORKFLOWS: '2', ORCHESTRATOR_STORE: '' };
  const config = load(env, files, { overrides: { grpcPort: 3 } });
  assert.deepEqual([config.grpcPort, config.origins.grpcPort], [3, 'flag']);
  assert.deepEqual([config.maxLiveWorkflows, config.origins.maxLiveWorkflows], [2, 'environment']);
  assert.deepEqual([config.retainTerminal, config.origins.retainTerminal], [1, 'file']);
  assert.deepEqual([config.store, config.origins.store], ['sqlite', 'default']);
});

test('reads the named file, and paths in it begin at the file', () => {
  const text = `
data_dir: ./state
insecure_remote: false
corpora: { handbook: ./handbook }
providers:
  local:
    base_url: http://localhost:8000/v1/
    key_variable: LOCAL_CREDENTIAL
    models: { plan: big, work: small }
    prices: { small: { input_usd_per_million: 0.2, output_usd_per_million: 1 } }
`;
  const env = { ORCHESTRATOR_CONFIG: '../etc/o.yaml', LOCAL_CREDENTIAL: canary };
  const config = load(env, { '/etc/o.yaml': text });
  assert.equal(config.configPath, '/etc/o.yaml');
  assert.equal(config.dataDir, '/etc/state');
  assert.deepEqual(config.corpora, { handbook: '/etc/handbook' });
  assert.deepEqual(config.providers['local'], {
    baseUrl: 'http://localhost:8000/v1',
    keyVariable: 'LOCAL_CREDENTIAL',
    models: { plan: 'big', work: 'small' },
    prices: { small: { inputUsdPerMillion: 0.2, outputUsdPerMillion: 1 } },
  });
  assert.equal(config.providerEnvironment['LOCAL_CREDENTIAL'], canary);
});

test('refuses a named file that is not there, and only a named one', () => {
  const [problem] = problemsOf(() => load({ ORCHESTRATOR_CONFIG: '/nowhere.yaml' }));
  assert.match(`${problem?.name} ${problem?.message}`, /ORCHESTRATOR_CONFIG .*nowhere\.yaml: ENOENT/);
});

test('reports every problem at once, each with its name and an example', () => {
  const problems = problemsOf(() =>
    load(
      {
        ORCHESTRATOR_GRPC_PORT: '99999',
        ORCHESTRATOR_LOG_LEVEL: 'loud',
        ORCHESTRATOR_SHUTDOWN_GRACE: '30',
        ORCHESTRATOR_GRPC_PROT: '1',
        ORCHESTRATOR_TLS_CERT: '/c.pem',
      },
      {
        '/srv/orchestrator.yaml':
          'max_live_workflow: 3\nstore: [a]\nprovider:\nproviders: { a1: {}, b: { url: x } }\n',
        '/c.pem': certificate,
      },
    ),
  );
  assert.deepEqual(namesOf(problems), [
    'ORCHESTRATOR_GRPC_PORT',
    'ORCHESTRATOR_GRPC_PROT',
    'ORCHESTRATOR_LOG_LEVEL',
    'ORCHESTRATOR_SHUTDOWN_GRACE',
    'ORCHESTRATOR_TLS_KEY',
    'max_live_workflow',
    'provider',
    'providers.a1',
    'providers.b.url',
    'store',
  ]);
  for (const problem of problems) assert.notEqual(problem.example, '', problem.name);
  const message = new ConfigError(problems).message;
  assert.match(message, /ORCHESTRATOR_GRPC_PROT: .*did you mean ORCHESTRATOR_GRPC_PORT\?/);
  assert.match(message, /max_live_workflow: .*did you mean max_live_workflows\?/);
  assert.match(message, /must be at most 65535, found "99999"/);
  assert.match(message, /duration with its unit/);
});

test('accepts variables of the prefix that others are said to read', () => {
  const env = { ORCHESTRATOR_ADDRESS: 'localhost:1' };
  assert.deepEqual(namesOf(problemsOf(() => load(env))), ['ORCHESTRATOR_ADDRESS']);
  assert.equal(load(env, {}, { otherVariables: ['ORCHESTRATOR_ADDRESS'] }).grpcPort, 50_051);
});

test('binds beyond loopback only with TLS or when told so (row 71)', () => {
  for (const host of ['0.0.0.0', '::', 'example.org', '127.evil.example']) {
    assert.deepEqual(namesOf(problemsOf(() => load({ ORCHESTRATOR_GRPC_HOST: host }))), [
      'ORCHESTRATOR_GRPC_HOST',
    ]);
    assert.equal(load({ ORCHESTRATOR_GRPC_HOST: host, ORCHESTRATOR_INSECURE_REMOTE: 'true' }).grpcHost, host);
  }
  const written = {
    '[::1]': '::1',
    LOCALHOST: 'localhost',
    localhost: 'localhost',
    '127.0.0.9': '127.0.0.9',
  };
  for (const [host, bound] of Object.entries(written)) {
    assert.equal(load({ ORCHESTRATOR_GRPC_HOST: host }).grpcHost, bound);
    assert.equal(load({}, { '/srv/orchestrator.yaml': `grpc_host: "${host}"` }).grpcHost, bound);
    assert.ok(isLoopback(host), host);
  }
  for (const host of ['127.0.0.256', '127.1', '1127.0.0.1', '::', '[::]', 'localhost.example', ''])
    assert.ok(!isLoopback(host), host);
  const tls = { ORCHESTRATOR_GRPC_HOST: '0.0.0.0', ORCHESTRATOR_TLS_CERT: '/c', ORCHESTRATOR_TLS_KEY: '/k' };
  assert.equal(load(tls, { '/c': certificate, '/k': key }).tlsKey, '/k');
  assert.deepEqual(namesOf(problemsOf(() => load(tls, { '/c': certificate }))), ['ORCHESTRATOR_TLS_KEY']);
});

test('refuses TLS files that a server cannot use, and quotes none of them', () => {
  const env = {
    ORCHESTRATOR_TLS_CERT: '/c',
    ORCHESTRATOR_TLS_KEY: '/k',
    ORCHESTRATOR_TLS_CA: '/ca',
  };
  const good = { '/c': certificate, '/k': key, '/ca': certificate };
  assert.equal(load(env, good).tlsCa, '/ca');
  const bad: readonly (readonly [name: string, files: Record<string, string>])[] = [
    ['ORCHESTRATOR_TLS_CERT', { '/c': '' }],
    ['ORCHESTRATOR_TLS_CERT', { '/c': canary }],
    ['ORCHESTRATOR_TLS_CERT', { '/c': key }],
    ['ORCHESTRATOR_TLS_CERT', { '/c': certificate.slice(0, 200) }],
    ['ORCHESTRATOR_TLS_KEY', { '/k': '' }],
    ['ORCHESTRATOR_TLS_KEY', { '/k': canary }],
    ['ORCHESTRATOR_TLS_KEY', { '/k': certificate }],
    ['ORCHESTRATOR_TLS_KEY', { '/k': otherKey }],
    ['ORCHESTRATOR_TLS_CA', { '/ca': '' }],
    ['ORCHESTRATOR_TLS_CA', { '/ca': canary }],
    ['ORCHESTRATOR_TLS_CA', { '/ca': certificate.slice(0, 200) }],
  ];
  for (const [name, files] of bad) {
    const problems = problemsOf(() => load(env, { ...good, ...files }));
    assert.deepEqual(namesOf(problems), [name], JSON.stringify(files));
    assert.ok(!JSON.stringify(problems).includes(canary));
  }
});

test('refuses an address with a query, a fragment or a password, and shows none of it', () => {
  for (const address of [
    `http://h.example/v1?key=${canary}`,
    `http://h.example/v1#${canary}`,
    `http://me:${canary}@h.example/v1`,
    `http://${canary}@h.example/v1`,
  ]) {
    const yaml = {
      '/srv/orchestrator.yaml': `providers: { local: { base_url: "${address}", models: { work: a } } }`,
    };
    const inFile = problemsOf(() => load({}, yaml));
    assert.deepEqual(namesOf(inFile), ['providers.local.base_url'], address);
    const inVariable = problemsOf(() => load({ OTEL_EXPORTER_OTLP_ENDPOINT: address }));
    assert.deepEqual(namesOf(inVariable), ['OTEL_EXPORTER_OTLP_ENDPOINT'], address);
    const { problems } = resolveProviders({ XAI_BASE_URL: address });
    assert.deepEqual(
      problems.map(({ name }) => name),
      ['XAI_BASE_URL'],
      address,
    );
    assert.ok(!JSON.stringify([inFile, inVariable, problems]).includes(canary), address);
  }
});

test('reports folders of documents that are not there with the other problems', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    mkdirSync(join(cwd, 'there'));
    writeFileSync(join(cwd, 'file'), '');
    const yaml = 'corpora: { a: ./there, b: ./gone, c: ./file, d: ./file/below }\ngrpc_port: x\n';
    writeFileSync(join(cwd, 'orchestrator.yaml'), yaml);
    const problems = problemsOf(() => loadConfig({ env: {}, cwd }));
    assert.deepEqual(namesOf(problems), ['corpora.b', 'corpora.c', 'corpora.d', 'grpc_port']);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('reads how many tokens an answer of a model may have', () => {
  const yaml = (limit: string) => ({
    '/srv/orchestrator.yaml': `providers: { xai: { max_output_tokens: { big: ${limit} } } }`,
  });
  assert.deepEqual(load({}, yaml('8000')).providers['xai'], { maxOutputTokens: { big: 8_000 } });
  for (const limit of ['0', '-1', '1.5', '1000001', '"8000"', 'lots']) {
    const problems = problemsOf(() => load({}, yaml(limit)));
    assert.deepEqual(namesOf(problems), ['providers.xai.max_output_tokens.big'], limit);
  }
});

test('reads how a provider may be called and what stands in for it', () => {
  const yaml = (entry: string) => ({ '/srv/orchestrator.yaml': `providers: { xai: { ${entry} } }` });
  const entry = [
    'fallback: [openai, { provider: groq, models: { big: small } }, { provider: ollama }]',
    'requests_per_minute: 600',
    'tokens_per_minute: 90000',
    'max_concurrent_calls: 20',
    'structured_output: none',
  ].join(', ');
  assert.deepEqual(load({}, yaml(entry)).providers['xai'], {
    fallback: [
      { provider: 'openai', models: {} },
      { provider: 'groq', models: { big: 'small' } },
      { provider: 'ollama', models: {} },
    ],
    requestsPerMinute: 600,
    tokensPerMinute: 90_000,
    concurrentCalls: 20,
    structuredOutput: 'none',
  });
  const bad = [
    'fallback: [OpenAI]',
    'fallback: [{ models: {} }]',
    'requests_per_minute: 0',
    'tokens_per_minute: 1.5',
    'max_concurrent_calls: many',
    'structured_output: prompt',
  ];
  for (const line of bad) {
    const problems = problemsOf(() => load({}, yaml(line)));
    assert.ok(namesOf(problems)[0]?.startsWith(`providers.xai.${line.split(':')[0] ?? ''}`), line);
  }
  assert.equal(load({ ORCHESTRATOR_BREAKER_WAIT: '2s' }).breakerWaitMs, 2_000);
  assert.equal(load({}).breakerWaitMs, 30_000);
});

test('refuses times that contradict each other', () => {
  const env = { ORCHESTRATOR_RETAIN_AT_LEAST: '2d', ORCHESTRATOR_RETAIN_FOR: '1d' };
  assert.deepEqual(namesOf(problemsOf(() => load(env))), ['ORCHESTRATOR_RETAIN_AT_LEAST']);
});

test('traces exactly when an endpoint is set or it is asked for', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
  assert.equal(load(endpoint).tracingEndpoint, 'http://collector:4318');
  assert.equal(load({ ...endpoint, ORCHESTRATOR_TRACES: 'none' }).tracingEndpoint, undefined);
  assert.equal(load({ ORCHESTRATOR_TRACES: 'otlp' }).tracingEndpoint, 'http://localhost:4318');
});

test('hands providers only their own variables and never prints them', () => {
  const config = load({
    XAI_API_KEY: canary,
    HF_TOKEN: canary,
    OLLAMA_HOST: 'gpu:1',
    HOME: '/root',
    PATH: '/bin',
  });
  assert.deepEqual(Object.keys(config.providerEnvironment), ['XAI_API_KEY', 'HF_TOKEN', 'OLLAMA_HOST']);
  assert.equal(config.providerEnvironment['XAI_API_KEY'], canary);
  assert.deepEqual(secretsOf(config.providerEnvironment), [canary, canary]);
  for (const text of [
    inspect(config, { depth: null }),
    JSON.stringify(config),
    describeConfig(config),
    format('%s', config.providerEnvironment),
  ]) {
    assert.ok(!text.includes(canary), text);
  }
});

test('describes every setting with its origin', () => {
  const text = describeConfig(
    load({ ORCHESTRATOR_GRPC_PORT: '7', XAI_API_KEY: canary, ORCHESTRATOR_RETAIN_FOR: '3d' }),
  );
  assert.match(text, /^grpc_port = 7 {2}\(environment\)$/m);
  assert.match(text, /^grpc_host = 127\.0\.0\.1 {2}\(default\)$/m);
  assert.match(text, /^retain_for = 3d {2}\(environment\)$/m);
  assert.match(text, /^XAI_API_KEY = \[redacted\] {2}\(environment\)$/m);
  for (const name of settingNames) assert.ok(text.includes(`${settings[name].key} = `), name);
});

test('echoes no secret in a problem, wherever it was written by mistake', () => {
  const secret = 'sk-abcdefghijklmnop';
  const problems = problemsOf(() =>
    load(
      {
        ORCHESTRATOR_API_KEY: canary,
        ORCHESTRATOR_TLS_KEY: canary,
        ORCHESTRATOR_LOG_LEVEL: secret,
        ORCHESTRATOR_GRPC_PORT: '1',
      },
      {
        '/srv/orchestrator.yaml': `api_key: ${canary}\nproviders: { local: { key_variable: ${canary}, api_key: ${canary}, models: ${canary} } }\n`,
      },
    ),
  );
  const text = JSON.stringify(problems);
  assert.ok(!text.includes(canary), text);
  assert.ok(!text.includes(secret), text);
  const broken = problemsOf(() => load({}, { '/srv/orchestrator.yaml': `a: "${canary}\nb: *${canary}\n` }));
  assert.ok(!JSON.stringify(broken).includes(canary));
});

test('refuses a file that is not YAML, not a mapping, has a key twice or is too large', () => {
  const bad = ['a: [', '- 1', 'grpc_port: 1\ngrpc_port: 2', 'x: *y', '#'.repeat(1_048_577)];
  for (const text of bad) {
    const problems = problemsOf(() => load({}, { '/srv/orchestrator.yaml': text }));
    assert.match(problems[0]?.name ?? '', /^\/srv\/orchestrator\.yaml/, text.slice(0, 20));
  }
  assert.equal(load({}, { '/srv/orchestrator.yaml': '# nothing\n' }).grpcPort, 50_051);
});

test('cannot be changed after it was read', () => {
  const config = load({}, { '/srv/orchestrator.yaml': 'corpora: { a: ./a }' });
  assert.throws(() => Object.assign(config, { grpcPort: 1 }), TypeError);
  assert.throws(() => Object.assign(config.corpora, { a: '/' }), TypeError);
  assert.throws(() => Object.assign(config.providerEnvironment, { A_API_KEY: 'x' }), TypeError);
});

test('every default and every example is a good value', () => {
  for (const name of settingNames) {
    const { schema, example, ...rest } = settings[name];
    assert.ok(schema.safeParse(example).success, name);
    if ('default' in rest) assert.ok(schema.safeParse(rest.default).success, name);
  }
});

test('reads a real file from the working directory', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    writeFileSync(join(cwd, 'orchestrator.yaml'), 'grpc_port: 4711\n');
    assert.equal(loadConfig({ env: {}, cwd }).grpcPort, 4_711);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('gives the providers what they need to find their keys, addresses and models', () => {
  const env = { XAI_API_KEY: canary, XAI_BASE_URL: 'http://127.0.0.1:9/v1', LOCAL_CREDENTIAL: canary };
  const text =
    'providers: { local: { base_url: "http://h:1/v1", key_variable: LOCAL_CREDENTIAL, models: { plan: a, work: b, synthesis: c } } }';
  const config = load(env, { '/srv/orchestrator.yaml': text });
  const { configs, problems } = resolveProviders(config.providerEnvironment, config.providers);
  assert.deepEqual(problems, []);
  assert.deepEqual(secretsOf(config.providerEnvironment), [canary, canary]);
  const of = (name: string) => configs.find((entry) => entry.name === name);
  assert.deepEqual([of('xai')?.apiKey?.reveal(), of('xai')?.baseUrl], [canary, 'http://127.0.0.1:9/v1']);
  assert.deepEqual([of('local')?.apiKey?.reveal(), of('local')?.defaultModels.work], [canary, 'b']);
});
