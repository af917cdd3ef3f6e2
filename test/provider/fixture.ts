import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Clock, Timer } from '../../src/clock/clock.ts';
import { RealClock } from '../../src/clock/real-clock.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { ModelCallError, type ModelProvider, type ModelRequest } from '../../src/provider/model-provider.ts';
import { OpenAiProvider } from '../../src/provider/openai-provider.ts';
import type { ProviderConfig } from '../../src/provider/provider-config.ts';
import { plainCapabilities, sameModel } from '../../src/provider/provider-settings.ts';
import { Secret } from '../../src/provider/secret.ts';
import { ProviderSimulator } from '../simulator/provider-simulator.ts';

/** Looks like no known kind of key, so that only the knowledge of it can redact it. */
export const canaryKey = 'canary7Zq4Wv9Tn2Lx8';

export function configFor(baseUrl: string, changes: Partial<ProviderConfig> = {}): ProviderConfig {
  return {
    name: 'simulated',
    keyVariables: ['SIMULATED_API_KEY'],
    apiKey: new Secret(canaryKey),
    baseUrl,
    capabilities: { ...plainCapabilities, structuredOutput: 'json_schema' },
    defaultModels: sameModel('small-1'),
    free: false,
    priceListId: undefined,
    ...changes,
  };
}

export function requestOf(attemptId: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    attemptId,
    model: 'small-1',
    messages: [
      { role: 'system', content: 'You are a researcher.' },
      { role: 'user', content: '<passage handle="D1.2">Water boils at 100 degrees.</passage>' },
    ],
    brief: { kind: 'answer', task: 'boiling', question: 'When does water boil?', passages: [] },
    maxOutputTokens: 500,
    ...changes,
  };
}

/** A simulator that stops with the test, and a provider that calls it. */
export async function simulated(
  test: TestContext,
  options: { readonly clock?: Clock; readonly config?: Partial<ProviderConfig> } = {},
): Promise<{ readonly simulator: ProviderSimulator; readonly provider: ModelProvider }> {
  const simulator = await ProviderSimulator.start();
  test.after(() => simulator.stop());
  const config = configFor(simulator.baseUrl, options.config);
  return { simulator, provider: new OpenAiProvider(config, '', options.clock ?? new RealClock()) };
}

/** The ModelCallError a call ends with. */
export async function failureFrom(call: Promise<unknown>): Promise<ModelCallError> {
  const error: unknown = await call.then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ModelCallError, `expected a ModelCallError, found ${String(error)}`);
  return error;
}

export const never = new AbortController().signal;

/** A simulated clock that says when the code under test sets a timer, so that a test knows how far that code is. */
export class WatchedClock extends SimulatedClock {
  readonly #set = new Map<number, number>();
  #waiters: (() => void)[] = [];

  override after(ms: number, fire: () => void): Timer {
    this.#set.set(ms, this.count(ms) + 1);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
    return super.after(ms, fire);
  }

  /** How many timers were set that were due after `ms`. */
  count(ms: number): number {
    return this.#set.get(ms) ?? 0;
  }

  /** Resolves when `count` timers due after `ms` have been set. */
  async armed(ms: number, count: number): Promise<void> {
    while (this.count(ms) < count) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }
}
