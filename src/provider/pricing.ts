import { calcPrice } from '@pydantic/genai-prices';
import type { Usage } from '../workflow/event.ts';
import type { ModelPrice } from '../workflow/provider-override.ts';
import type { PricedCost } from './model-provider.ts';
import type { ProviderConfig } from './provider-config.ts';

/** Version of the bundled price list; the package does not export it, so a test compares it with the installed one. */
export const priceListVersion = '0.1.8';

const nanoPerUsd = 1_000_000_000;
const tokensPerMillion = 1_000_000;

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
  const listed = calcPrice({ input_tokens: usage.inputTokens, output_tokens: usage.outputTokens }, model, {
    providerId: config.priceListId,
    timestamp: new Date(now),
  });
  const costNanoUsd = listed ? nanoUsd(listed.total_price) : undefined;
  return costNanoUsd === undefined ? undefined : { costNanoUsd, source: `genai-prices ${priceListVersion}` };
}

function usdOf(price: ModelPrice, usage: Usage): number {
  return (
    (usage.inputTokens * price.inputUsdPerMillion + usage.outputTokens * price.outputUsdPerMillion) /
    tokensPerMillion
  );
}
