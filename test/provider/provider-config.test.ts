import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  checkDefaultProvider,
  type ProviderConfig,
  resolveProviders,
} from '../../src/provider/provider-config.ts';
import { knownProviders } from '../../src/provider/provider-settings.ts';

type Env = Readonly<Record<string, string>>;

function resolved(
  name: string,
  env: Env,
  overrides: Parameters<typeof resolveProviders>[1] = {},
): ProviderConfig {
  const { configs, problems } = resolveProviders(env, overrides);
  assert.deepEqual(problems, []);
  const config = configs.find((one) => one.name === name);
  assert.ok(config, `there is no ${name}`);
  return config;
}

describe('the providers of a server', () => {
  test('row 48: xai is the first and every name is lower case letters and underscores', () => {
    assert.equal(knownProviders[0]?.name, 'xai');
    for (const { name } of knownProviders) assert.match(name, /^[a-z_]+$/);
    assert.equal(new Set(knownProviders.map(({ name }) => name)).size, 13);
  });

  test('row 49: every provider has a model for every kind of work, and each can be overridden', () => {
    for (const { name, defaultModels } of knownProviders) {
      assert.ok(defaultModels.plan && defaultModels.work && defaultModels.synthesis, name);
    }
    const config = resolved('xai', {}, { xai: { models: { work: 'grok-9' } } });
    assert.deepEqual(config.defaultModels, { plan: 'grok-4.3', work: 'grok-9', synthesis: 'grok-4.3' });
  });

  test('the first key variable that is not empty wins, and without any there is no key', () => {
    const env = { XAI_API_KEY: ' ', GROK_API_KEY: ' second ', OPENAI_API_KEY: 'other' };
    assert.equal(resolved('xai', env).apiKey?.reveal(), 'second');
    assert.equal(resolved('xai', { ...env, XAI_API_KEY: 'first' }).apiKey?.reveal(), 'first');
    assert.equal(resolved('xai', { OPENAI_API_KEY: 'other' }).apiKey, undefined);
    const named = resolved('xai', { ...env, HOUSE_KEY: 'house' }, { xai: { keyVariable: 'HOUSE_KEY' } });
    assert.equal(named.apiKey?.reveal(), 'house');
    assert.deepEqual(named.keyVariables, ['HOUSE_KEY']);
  });

  test('an address comes from its variable, else from the configuration, else from the product', () => {
    const overrides = { openai: { baseUrl: 'http://file.test/v1' } };
    const env = { OPENAI_BASE_URL: 'http://env.test/v1' };
    assert.equal(resolved('openai', env, overrides).baseUrl, 'http://env.test/v1');
    assert.equal(resolved('openai', {}, overrides).baseUrl, 'http://file.test/v1');
    assert.equal(resolved('openai', {}).baseUrl, 'https://api.openai.com/v1');
  });

  test('takes over what stands in for a provider and what it allows, and refuses stand-ins that are none', () => {
    const fallback = [{ provider: 'openai', models: {} }];
    const config = resolved(
      'xai',
      {},
      { xai: { fallback, requestsPerMinute: 60, structuredOutput: 'none' } },
    );
    assert.deepEqual(config.fallback, fallback);
    assert.equal(config.rateLimits?.requestsPerMinute, 60);
    assert.equal(config.capabilities.structuredOutput, 'none');
    const names = ['nobody', 'xai', 'openai', 'openai', 'offline'];
    const { problems } = resolveProviders(
      {},
      { xai: { fallback: names.map((provider) => ({ provider, models: {} })) } },
    );
    assert.deepEqual(
      problems.map(({ name, message }) => [name, message.split(';')[0]]),
      [
        ['providers.xai.fallback', 'there is no provider "nobody"'],
        ['providers.xai.fallback', 'a provider cannot stand in for itself'],
        ['providers.xai.fallback', 'openai stands there twice'],
      ],
    );
  });

  test('the default provider is one of them or offline; another is refused with the known names', () => {
    const { configs } = resolveProviders({}, { local: { baseUrl: 'http://h.test', models: { work: 'a' } } });
    for (const name of ['xai', 'openai', 'local', 'offline'])
      assert.equal(checkDefaultProvider(name, configs), undefined, name);
    const problem = checkDefaultProvider('opnai', configs);
    assert.equal(problem?.name, 'ORCHESTRATOR_PROVIDER');
    assert.match(problem.message, /"opnai"; known: xai, openai, .*local, offline$/);
  });

  const ollamaHosts: Readonly<Record<string, string>> = {
    'box.test': 'http://box.test:11434/v1',
    'box.test:8080': 'http://box.test:8080/v1',
    'http://box.test:8080': 'http://box.test:8080/v1',
    'http://box.test:80': 'http://box.test/v1',
    'https://box.test': 'https://box.test/v1',
    'https://box.test/ollama/v1': 'https://box.test/ollama/v1',
    '0.0.0.0': 'http://127.0.0.1:11434/v1',
    '[::]:9000': 'http://[::1]:9000/v1',
  };
  for (const [host, address] of Object.entries(ollamaHosts)) {
    test(`OLLAMA_HOST=${host} is called at ${address}, without a key`, () => {
      const config = resolved('ollama', { OLLAMA_HOST: host });
      assert.equal(config.baseUrl, address);
      assert.deepEqual(config.keyVariables, []);
    });
  }

  test('the configuration adds providers, with or without a key', () => {
    const overrides = {
      my_model: { baseUrl: 'http://localhost:8000/v1', models: { work: 'small' } },
      house: { baseUrl: 'https://house.test/v1', keyVariable: 'HOUSE_KEY', models: { plan: 'big' } },
    };
    const plain = resolved('my_model', {}, overrides);
    assert.deepEqual(plain.keyVariables, []);
    assert.deepEqual(plain.defaultModels, { plan: 'small', work: 'small', synthesis: 'small' });
    const house = resolved('house', { HOUSE_KEY: 'k', HOUSE_BASE_URL: 'http://moved.test' }, overrides);
    assert.equal(house.apiKey?.reveal(), 'k');
    assert.equal(house.baseUrl, 'http://moved.test');
  });

  test('names every problem at once and repeats no secret', () => {
    const { configs, problems } = resolveProviders(
      {
        XAI_API_KEY: 'two words',
        OPENAI_BASE_URL: 'ftp://files.test',
        GROQ_BASE_URL: 'https://me:hunter2@groq.test/v1',
        OLLAMA_HOST: 'http://',
      },
      { 'My-Model': {}, offline: {}, nameless: {}, modelless: { baseUrl: 'http://localhost:1/v1' } },
    );
    assert.deepEqual(
      problems.map(({ name }) => name),
      [
        'providers.My-Model',
        'providers.offline',
        'providers.nameless',
        'providers.modelless.models',
        'XAI_API_KEY',
        'OPENAI_BASE_URL',
        'GROQ_BASE_URL',
        'OLLAMA_HOST',
      ],
    );
    assert.doesNotMatch(JSON.stringify(problems), /two words|hunter2/);
    assert.deepEqual(
      configs.map(({ name }) => name),
      knownProviders
        .map(({ name }) => name)
        .filter((name) => !['xai', 'openai', 'groq', 'ollama'].includes(name)),
    );
  });
});
