import { calcPrice, type Provider } from '@pydantic/genai-prices';
import type { Usage } from '../workflow/event.ts';
import type { ModelPrice } from '../workflow/provider-override.ts';
import type { PricedCost } from './model-provider.ts';
import type { ProviderConfig } from './provider-config.ts';

/** Version of the bundled price list; the package does not export it, so a test compares it with the installed one. */
export const priceListVersion = '0.1.8';

const nanoPerUsd = 1_000_000_000;
const tokensPerMillion = 1_000_000;
/** Names of models whose price is at hand. */
const foundMax = 1_000;

/** Provider-reported or computed USD as integer nano-USD, rounded up; undefined when it is not an amount. */
export function nanoUsd(usd: number): number | undefined {
  // A binary fraction such as 0.1 + 0.2 must not cost one more for its last bit.
  const nano = Math.ceil(Number((usd * nanoPerUsd).toFixed(3)));
  return Number.isSafeInteger(nano) && nano >= 0 ? nano : undefined;
}

/**
 * What these tokens cost, or undefined when nobody says: the operator's table first, then nothing for a free provider,
 * then the bundled public list. `now` (ms since the epoch) picks the price where it changed over time.
 */
export function priceOf(
  config: ProviderConfig,
  model: string,
  usage: Usage,
  now: number,
): PricedCost | undefined {
  const own = config.prices && Object.hasOwn(config.prices, model) ? config.prices[model] : undefined;
  if (own) {
    const costNanoUsd = nanoUsd(usdOf(own, usage));
    return costNanoUsd === undefined ? undefined : { costNanoUsd, source: 'configuration' };
  }
  if (config.free) return { costNanoUsd: 0, source: 'free' };
  if (config.priceListId === undefined) return undefined;
  const timestamp = new Date(now);
  const provider = listOf(config.priceListId, model, timestamp);
  const tokens = { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens };
  const listed = provider && calcPrice(tokens, model, { provider, timestamp });
  const costNanoUsd = listed ? nanoUsd(listed.total_price) : undefined;
  return costNanoUsd === undefined ? undefined : { costNanoUsd, source: `genai-prices ${priceListVersion}` };
}

/**
 * What the list has of a provider, cut down to one model: to find a model among all takes several times as long as to
 * price it, and every call is priced twice. What is not listed is looked for each time, so names that callers make up
 * take no room.
 */
const found = new Map<string, Provider>();

function listOf(providerId: string, model: string, timestamp: Date): Provider | undefined {
  const key = `${providerId} ${model}`;
  const known = found.get(key);
  if (known) return known;
  const listed = calcPrice({}, model, { providerId, timestamp });
  if (!listed) return undefined;
  const provider = { ...listed.provider, models: [listed.model] };
  // One model can be meant by many names, which callers choose.
  if (found.size < foundMax) found.set(key, provider);
  return provider;
}

function usdOf(price: ModelPrice, usage: Usage): number {
  return (
    (usage.inputTokens * price.inputUsdPerMillion + usage.outputTokens * price.outputUsdPerMillion) /
    tokensPerMillion
  );
}
