import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { Catalog, type CatalogDependencies } from '../../src/provider/catalog.ts';
import { ModelCallError, type ModelAnswer, type ModelProvider } from '../../src/provider/model-provider.ts';
import { type ProviderConfig, resolveProviders } from '../../src/provider/provider-config.ts';
import { failure } from '../../src/workflow/failure.ts';
import { canaryKey, configFor, failureFrom, never, requestOf, simulated } from './fixture.ts';

const answer: ModelAnswer = { text: 'ok', finishReason: 'stop', usage: { inputTokens: 10, outputTokens: 4 } };

function answering(name: string): ModelProvider {
  return { name, call: () => Promise.resolve(answer) };
}

interface Logged {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function catalogOf(
  configs: readonly ProviderConfig[],
  more: Partial<CatalogDependencies> = {},
): { readonly catalog: Catalog; readonly logged: Logged[]; readonly clock: SimulatedClock } {
  const logged: Logged[] = [];
  const clock = new SimulatedClock();
  const catalog = new Catalog(configs, {
    offline: answering('offline'),
    clock,
    log: (event, fields) => void logged.push({ event, fields }),
    ...more,
  });
  return { catalog, logged, clock };
}

/** The ModelCallError that opening ends with. */
function refusalOf(open: () => unknown): ModelCallError {
  try {
    open();
  } catch (error) {
    assert.ok(error instanceof ModelCallError);
    return error;
  }
  return assert.fail('it was opened');
}

describe('the catalog of providers', () => {
  test('row 35: the same provider and model give the same instance, another model another one, none the default', () => {
    const { catalog } = catalogOf([configFor('http://127.0.0.1:1/v1')]);
    const first = catalog.open('simulated', 'small-1');
    assert.equal(catalog.open('simulated', 'small-1'), first);
    assert.notEqual(catalog.open('simulated', 'large-1'), first);
    const unnamed = catalog.open('simulated', '');
    assert.equal(catalog.open('simulated', ''), unnamed);
    assert.equal(catalog.open('simulated', 'default'), unnamed);
    assert.notEqual(unnamed, first);
  });

  test('the output limit of a model is what the configuration says, and nothing else', () => {
    const { configs } = resolveProviders(
      {},
      { xai: { models: { work: 'big' }, maxOutputTokens: { big: 8_000 } } },
    );
    const { catalog } = catalogOf(configs);
    assert.equal(catalog.outputLimit('xai', 'big'), 8_000);
    assert.equal(catalog.outputLimit('xai', ''), 8_000);
    for (const model of ['small', 'toString', '__proto__'])
      assert.equal(catalog.outputLimit('xai', model), undefined, model);
    assert.equal(catalog.outputLimit('openai', 'big'), undefined);
    assert.equal(catalog.outputLimit('offline', ''), undefined);
  });

  test('row 36: a missing key names the provider and every variable that may hold it', () => {
    const { catalog, logged } = catalogOf(resolveProviders({}).configs);
    const missing = (name: string): ModelCallError => refusalOf(() => catalog.open(name, 'any'));
    assert.equal(missing('xai').failure.code, 'authentication');
    assert.equal(missing('xai').message, 'provider xai has no API key: set XAI_API_KEY or GROK_API_KEY');
    assert.equal(
      missing('huggingface').message,
      'provider huggingface has no API key: set HF_TOKEN or HF_API_KEY or HUGGINGFACE_API_KEY',
    );
    assert.deepEqual(catalog.refusal('xai'), missing('xai').failure);
    assert.deepEqual(logged, []);
  });

  test('row 36: HF_API_KEY and GROK_API_KEY count', () => {
    const { configs } = resolveProviders({ HF_API_KEY: 'one', GROK_API_KEY: 'two' });
    const { catalog } = catalogOf(configs);
    assert.equal(catalog.refusal('huggingface'), undefined);
    assert.equal(catalog.refusal('xai'), undefined);
    assert.equal(catalog.open('xai', 'grok-4.3').name, 'xai');
  });

  test('row 37: an unknown provider is refused with the known and the configured ones', () => {
    const { catalog } = catalogOf(resolveProviders({ MISTRAL_API_KEY: 'k' }).configs);
    const { failure: reason } = refusalOf(() => catalog.open('mystral', 'any'));
    assert.equal(reason.code, 'unconfigured');
    assert.equal(
      reason.message,
      'unknown provider "mystral"; known: xai, openai, anthropic, mistral, gemini, groq, perplexity, cohere, ' +
        'huggingface, deepseek, openrouter, together, ollama, offline; configured: mistral, ollama, offline',
    );
    assert.throws(() => catalog.defaultModels('constructor'), /unknown provider "constructor"/);
  });

  test('row 38: an adapter without the chat operation is refused when it is registered', () => {
    const { catalog } = catalogOf([]);
    const broken = { name: 'house' } as unknown as ModelProvider;
    const { message } = refusalOf(() => catalog.register('house', () => broken));
    assert.match(message, /provider house is not a model provider: it has no function call/);
    assert.match(catalog.refusal('house')?.message ?? '', /unknown provider "house"/);
    assert.throws(() => catalog.register('House', () => answering('House')), /must match/);
    assert.throws(() => catalog.register('offline', () => answering('offline')), /already/);
  });

  test('row 38: an adapter with it is used like any other', async () => {
    const { catalog } = catalogOf([]);
    catalog.register('house', () => answering('house'), { baseUrl: 'http://house.test' });
    assert.equal((await catalog.open('house', 'm').call(requestOf('a/final/0/1'), never)).text, 'ok');
    assert.equal(catalog.address('house'), 'http://house.test');
    assert.equal(catalog.price('house', 'm', { inputTokens: 1, outputTokens: 1 }), undefined);
  });

  test('row 39: another failure is wrapped with its cause, logged, and not cached', () => {
    const cause = new RangeError('no room');
    let attempts = 0;
    const create = (): ModelProvider => {
      attempts++;
      if (attempts === 1) throw cause;
      return answering('simulated');
    };
    const { catalog, logged } = catalogOf([configFor('http://127.0.0.1:1/v1')], { create });
    const error = refusalOf(() => catalog.open('simulated', 'small-1'));
    assert.equal(error.message, 'initialisation failed (simulated): no room');
    assert.equal(error.cause, cause);
    assert.equal(error.failure.retryable, false);
    assert.deepEqual(
      logged.map(({ event }) => event),
      ['provider_initialisation_started', 'provider_initialisation_failed'],
    );
    assert.equal(logged[1]?.fields['error'], error.message);
    catalog.open('simulated', 'small-1');
    catalog.open('simulated', 'small-1');
    assert.equal(attempts, 2);
  });

  test('row 40: start and success of an initialisation are logged once, the key never', () => {
    const { catalog, logged } = catalogOf([configFor('http://127.0.0.1:1/v1')]);
    catalog.open('simulated', 'small-1');
    catalog.open('simulated', 'small-1');
    const fields = { provider: 'simulated', model: 'small-1', base_url: 'http://127.0.0.1:1/v1' };
    assert.deepEqual(logged, [
      { event: 'provider_initialisation_started', fields },
      { event: 'provider_initialised', fields },
    ]);
    assert.doesNotMatch(inspect([logged, catalog], { depth: 20, showHidden: true }), new RegExp(canaryKey));
  });

  test('row 40: the key is not logged either when the failure itself quotes it', () => {
    const create = (): never => {
      throw new Error('outer', { cause: new Error(`bad key ${canaryKey}`) });
    };
    const { catalog, logged } = catalogOf([configFor('http://127.0.0.1:1/v1')], { create });
    const error = refusalOf(() => catalog.open('simulated', 'small-1'));
    assert.match(inspect(error.cause), /bad key \[redacted\]/);
    assert.doesNotMatch(inspect([error, logged], { depth: 20 }), new RegExp(canaryKey));
  });

  test('offline is always there, free, and needs no key', async () => {
    const { catalog } = catalogOf([]);
    assert.equal(catalog.refusal('offline'), undefined);
    assert.equal((await catalog.open('offline', 'offline').call(requestOf('a/final/0/1'), never)).text, 'ok');
    assert.deepEqual(catalog.price('offline', 'offline', { inputTokens: 9, outputTokens: 9 }), {
      costNanoUsd: 0,
      source: 'free',
    });
    assert.equal(catalog.list()[0]?.configured, true);
  });

  test('counts calls, failures, tokens and latency per provider; a call we stopped is no failure', async () => {
    const results: (() => Promise<ModelAnswer>)[] = [
      () => Promise.resolve(answer),
      () =>
        clock.advance(25).then(() => Promise.reject(new ModelCallError(failure('overloaded', 'busy', true)))),
      () =>
        Promise.reject(
          new ModelCallError(failure('aborted', 'stopped'), { usage: { inputTokens: 1, outputTokens: 1 } }),
        ),
    ];
    const create = (): ModelProvider => ({
      name: 'simulated',
      call: () => results.shift()?.() ?? Promise.reject(new Error('no more results')),
    });
    const { catalog, clock } = catalogOf([configFor('http://127.0.0.1:1/v1')], { create });
    await catalog.open('simulated', 'a').call(requestOf('a/final/0/1'), never);
    await failureFrom(catalog.open('simulated', 'b').call(requestOf('a/final/0/2'), never));
    await failureFrom(catalog.open('simulated', 'b').call(requestOf('a/final/0/3'), never));
    const info = catalog.list().find(({ name }) => name === 'simulated');
    assert.deepEqual(
      [
        info?.calls,
        info?.failures,
        info?.inputTokens,
        info?.outputTokens,
        info?.latencyMsTotal,
        info?.latencyMsMax,
      ],
      [3, 1, 11, 5, 25, 25],
    );
    assert.equal(catalog.list().find(({ name }) => name === 'offline')?.calls, 0);
  });

  test('what it opens really calls the endpoint with the key and the model', async (t) => {
    const { simulator } = await simulated(t);
    const { catalog } = catalogOf([configFor(simulator.baseUrl)]);
    await catalog.open('simulated', 'large-1').call(requestOf('a/final/0/1', { model: '' }), never);
    assert.equal(simulator.ledger.entries[0]?.model, 'large-1');
    assert.equal(simulator.ledger.entries[0]?.headers['authorization'], `Bearer ${canaryKey}`);
  });
});
