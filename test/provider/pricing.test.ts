import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { nanoUsd, priceListVersion, priceOf } from '../../src/provider/pricing.ts';
import { resolveProviders } from '../../src/provider/provider-config.ts';
import type { ProviderOverride } from '../../src/workflow/provider-override.ts';

const now = Date.UTC(2026, 5, 1);
const usage = { inputTokens: 1_000, outputTokens: 10 };

function price(name: string, model: string, override?: ProviderOverride): ReturnType<typeof priceOf> {
  const { configs } = resolveProviders({}, override ? { [name]: override } : {});
  const config = configs.find((one) => one.name === name);
  assert.ok(config);
  return priceOf(config, model, usage, now);
}

describe('the price of a call', () => {
  test('is the one of the public list, with its version', () => {
    const cost = price('openai', 'gpt-5-mini');
    assert.deepEqual(cost, { costNanoUsd: 270_000, source: `genai-prices ${priceListVersion}` });
  });

  test('the version named is the one installed', async () => {
    const file = new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    assert.equal(version, priceListVersion);
  });

  test('is the one of the operator before any other, also where the provider is free', () => {
    const prices = {
      'gpt-5-mini': { inputUsdPerMillion: 0.075, outputUsdPerMillion: 0.3 },
      llama: { inputUsdPerMillion: 1, outputUsdPerMillion: 1 },
    };
    assert.deepEqual(price('openai', 'gpt-5-mini', { prices }), {
      costNanoUsd: 78_000,
      source: 'configuration',
    });
    assert.equal(price('ollama', 'llama', { prices })?.costNanoUsd, 1_010_000);
  });

  test('is nothing on the own machine and unknown where nobody says', () => {
    assert.deepEqual(price('ollama', 'llama3.2'), { costNanoUsd: 0, source: 'free' });
    assert.equal(price('openai', 'no-such-model'), undefined);
    assert.equal(price('huggingface', 'openai/gpt-oss-120b'), undefined);
    assert.equal(price('openai', 'constructor', { prices: {} }), undefined);
  });

  test('is an integer, rounded up, and not by the last bit of a binary fraction', () => {
    assert.equal(nanoUsd(0.000_000_000_1), 1);
    assert.equal(nanoUsd(0.1 + 0.2), 300_000_000);
    assert.equal(nanoUsd(0), 0);
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])
      assert.equal(nanoUsd(wrong), undefined);
  });
});
