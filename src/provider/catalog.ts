import { inspect } from 'node:util';
import type { Clock } from '../clock/clock.ts';
import type { Usage } from '../workflow/event.ts';
import { type Failure, failure } from '../workflow/failure.ts';
import { MeteredProvider, ProviderMeter } from './metered-provider.ts';
import {
  ModelCallError,
  type ModelProvider,
  type PricedCost,
  type ProviderCatalog,
  type ProviderInfo,
} from './model-provider.ts';
import { LazyOpenAiProvider } from './lazy-openai-provider.ts';
import { priceOf } from './pricing.ts';
import { offlineName, type ProviderConfig } from './provider-config.ts';
import { type DefaultModels, plainCapabilities, sameModel } from './provider-settings.ts';
import { safeCause, withoutSecrets } from './secret.ts';

/** Makes the adapter for one model. Called once per provider and model. */
export type ProviderFactory = (model: string) => ModelProvider;

export type CatalogEvent =
  | 'provider_initialisation_started'
  | 'provider_initialised'
  | 'provider_initialisation_failed';

export interface CatalogDependencies {
  readonly offline: ModelProvider;
  readonly clock: Clock;
  /** Called for the process log. Fields never hold a key. */
  readonly log?: ((event: CatalogEvent, fields: Readonly<Record<string, unknown>>) => void) | undefined;
  /** How a configured provider is made; default: the OpenAI-compatible adapter. */
  readonly create?: ((config: ProviderConfig, model: string) => ModelProvider) | undefined;
}

/** What is said about an adapter that is registered by code. */
export interface RegisteredProvider {
  /** Where its requests go, for traces; default `in process`. */
  readonly baseUrl?: string | undefined;
  /** Default: one model called `default`. */
  readonly defaultModels?: DefaultModels | undefined;
  readonly prices?: ProviderConfig['prices'];
}

interface Entry {
  readonly config: ProviderConfig;
  readonly meter: ProviderMeter;
  readonly make: ProviderFactory;
  /** By model. */
  readonly clients: Map<string, ModelProvider>;
}

const namePattern = /^[a-z_]+$/;
const inProcess = 'in process';
/** Clients are small, but their number must not follow what callers name. The oldest goes first. */
const clientsPerProviderMax = 100;

/** The providers of one server: which there are, one client for each provider and model, prices and counters. */
export class Catalog implements ProviderCatalog {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #log: NonNullable<CatalogDependencies['log']>;

  constructor(configs: readonly ProviderConfig[], dependencies: CatalogDependencies) {
    this.#clock = dependencies.clock;
    this.#log = dependencies.log ?? (() => {});
    const create =
      dependencies.create ?? ((config, model) => new LazyOpenAiProvider(config, model, this.#clock));
    for (const config of configs) this.#add(config, (model) => create(config, model));
    this.#add(
      codeConfig(offlineName, { defaultModels: sameModel(offlineName) }, true),
      () => dependencies.offline,
    );
  }

  /**
   * Adds an adapter under a new name. Its default instance is made at once, so that an adapter without a `call`
   * function is refused here and not by the first run. Throws ModelCallError `unconfigured`.
   */
  register(name: string, factory: ProviderFactory, about: RegisteredProvider = {}): void {
    if (!namePattern.test(name)) throw refused(`provider name ${JSON.stringify(name)} must match ^[a-z_]+$`);
    if (this.#entries.has(name)) throw refused(`there is already a provider ${name}`);
    const config = codeConfig(name, about, false);
    const entry = {
      config,
      meter: new ProviderMeter(),
      make: factory,
      clients: new Map<string, ModelProvider>(),
    };
    this.#client(entry, '');
    this.#entries.set(name, entry);
  }

  list(): readonly ProviderInfo[] {
    return [...this.#entries.values()].map(({ config, meter }) => ({
      name: config.name,
      configured: isConfigured(config),
      keyVariables: config.keyVariables,
      baseUrl: config.baseUrl,
      defaultModels: config.defaultModels,
      calls: meter.calls,
      failures: meter.failures,
      inputTokens: meter.inputTokens,
      outputTokens: meter.outputTokens,
      latencyMsTotal: meter.latencyMsTotal,
      latencyMsMax: meter.latencyMsMax,
    }));
  }

  refusal(name: string): Failure | undefined {
    const entry = this.#entries.get(name);
    if (!entry) {
      const all = [...this.#entries.values()].map(({ config }) => config);
      const configured = all.filter(isConfigured).map((config) => config.name);
      const known = all.map((config) => config.name);
      return failure(
        'unconfigured',
        `unknown provider ${JSON.stringify(name)}; known: ${known.join(', ')}; configured: ${configured.join(', ')}`,
      );
    }
    if (isConfigured(entry.config)) return undefined;
    return failure(
      'authentication',
      `provider ${name} has no API key: set ${entry.config.keyVariables.join(' or ')}`,
    );
  }

  defaultModels(name: string): DefaultModels {
    return this.#entry(name).config.defaultModels;
  }

  open(name: string, model: string): ModelProvider {
    const reason = this.refusal(name);
    if (reason) throw new ModelCallError(reason);
    return this.#client(this.#entry(name), model);
  }

  price(name: string, model: string, usage: Usage): PricedCost | undefined {
    const { config } = this.#entry(name);
    return priceOf(config, model === '' ? config.defaultModels.work : model, usage, this.#clock.now());
  }

  outputLimit(name: string, model: string): number | undefined {
    const { maxOutputTokens, defaultModels } = this.#entry(name).config;
    const wanted = model === '' ? defaultModels.work : model;
    return maxOutputTokens && Object.hasOwn(maxOutputTokens, wanted) ? maxOutputTokens[wanted] : undefined;
  }

  address(name: string): string {
    return this.#entry(name).config.baseUrl;
  }

  #add(config: ProviderConfig, make: ProviderFactory): void {
    this.#entries.set(config.name, { config, meter: new ProviderMeter(), make, clients: new Map() });
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (!entry)
      throw new ModelCallError(this.refusal(name) ?? failure('unconfigured', `unknown provider ${name}`));
    return entry;
  }

  #client(entry: Entry, model: string): ModelProvider {
    const key = model === '' ? 'default' : model;
    const existing = entry.clients.get(key);
    if (existing) return existing;
    const client = this.#initialise(entry, model, key);
    const oldest =
      entry.clients.size >= clientsPerProviderMax ? entry.clients.keys().next().value : undefined;
    if (oldest !== undefined) entry.clients.delete(oldest);
    entry.clients.set(key, client);
    return client;
  }

  #initialise(entry: Entry, model: string, shownModel: string): ModelProvider {
    const { config, meter, make } = entry;
    const fields = { provider: config.name, model: shownModel, base_url: config.baseUrl };
    this.#log('provider_initialisation_started', fields);
    try {
      const instance = make(model);
      if (typeof instance?.call !== 'function') {
        throw refused(
          `provider ${config.name} is not a model provider: it has no function call(request, signal)`,
        );
      }
      const client = new MeteredProvider(instance, config.name, meter, this.#clock);
      this.#log('provider_initialised', fields);
      return client;
    } catch (error) {
      const wrapped = error instanceof ModelCallError ? error : initialisationError(config, error);
      this.#log('provider_initialisation_failed', { ...fields, error: wrapped.failure.message });
      throw wrapped;
    }
  }
}

function isConfigured(config: ProviderConfig): boolean {
  return config.keyVariables.length === 0 || config.apiKey !== undefined;
}

/** Nothing is cached after it; the next call tries again. */
function initialisationError(config: ProviderConfig, error: unknown): ModelCallError {
  const text = error instanceof Error ? error.message : String(error);
  const message = withoutSecrets(`initialisation failed (${config.name}): ${text}`, config.apiKey);
  return new ModelCallError(failure('unconfigured', message), { cause: originalOrSafe(error, config) });
}

/** The error itself, unless its text quotes the key. */
function originalOrSafe(error: unknown, config: ProviderConfig): unknown {
  const text = inspect(error, { depth: 8 });
  return withoutSecrets(text, config.apiKey) === text ? error : safeCause(error, config.apiKey);
}

function refused(message: string): ModelCallError {
  return new ModelCallError(failure('unconfigured', message));
}

function codeConfig(name: string, about: RegisteredProvider, free: boolean): ProviderConfig {
  return {
    name,
    keyVariables: [],
    baseUrl: about.baseUrl ?? inProcess,
    capabilities: plainCapabilities,
    defaultModels: about.defaultModels ?? sameModel('default'),
    free,
    priceListId: undefined,
    ...(about.prices === undefined ? {} : { prices: about.prices }),
  };
}
