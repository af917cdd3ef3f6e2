import type { FallbackChoice, ModelPrice, ProviderOverride } from '../workflow/provider-override.ts';
import type { RateLimits } from './pacer.ts';
import { knownProviders, plainCapabilities, type ProviderSettings, sameModel } from './provider-settings.ts';
import { Secret } from './secret.ts';

/** A provider as this server will use it. Prints without its key. */
export interface ProviderConfig extends ProviderSettings {
  /** Absent although `keyVariables` names some: the provider cannot be used. */
  readonly apiKey?: Secret | undefined;
  /** The operator's prices by model; before every other price list. */
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  /** By model: tokens an answer may have where the request says nothing. */
  readonly maxOutputTokens?: Readonly<Record<string, number>> | undefined;
  /** Providers that stand in for it, in order. */
  readonly fallback?: readonly FallbackChoice[] | undefined;
  /** What it allows for one key. */
  readonly rateLimits?: RateLimits | undefined;
}

/** What is wrong with one variable or entry; never holds a secret. */
export interface ProviderProblem {
  readonly name: string;
  readonly message: string;
  readonly example: string;
}

export interface ResolvedProviders {
  /** Known providers first, in the product's order, then the configuration's own. Without those that have a problem. */
  readonly configs: readonly ProviderConfig[];
  /** All of them at once; empty: everything is well. */
  readonly problems: readonly ProviderProblem[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const namePattern = /^[a-z_]+$/;
const ollamaPort = '11434';
/** The provider that is built in and answers without a model. */
export const offlineName = 'offline';

/**
 * The providers of a server from its environment and the `providers` section of its configuration. An address comes
 * from `<NAME>_BASE_URL` (or OLLAMA_HOST), else from the configuration, else from the product; a key from the first of
 * the provider's variables that is not empty. Pure: reads nothing else and never throws.
 */
export function resolveProviders(
  env: Environment,
  overrides: Readonly<Record<string, ProviderOverride>> = {},
): ResolvedProviders {
  const problems: ProviderProblem[] = [];
  const known = new Set(knownProviders.map((settings) => settings.name));
  const entries: ProviderSettings[] = [...knownProviders];
  for (const [name, override] of Object.entries(overrides)) {
    if (known.has(name)) continue;
    const settings = extraProvider(name, override, env, problems);
    if (settings) entries.push(settings);
  }
  const configs = entries.flatMap((settings) => {
    const override = Object.hasOwn(overrides, settings.name) ? overrides[settings.name] : undefined;
    return resolved(settings, override ?? {}, env, problems) ?? [];
  });
  problems.push(...fallbackProblems(overrides, [...entries.map(({ name }) => name), offlineName]));
  return { configs, problems };
}

/** Fallbacks that name nothing, the provider itself, or one twice. */
function fallbackProblems(
  overrides: Readonly<Record<string, ProviderOverride>>,
  known: readonly string[],
): readonly ProviderProblem[] {
  return Object.entries(overrides).flatMap(([name, { fallback = [] }]) =>
    fallback.flatMap(({ provider }, place): readonly ProviderProblem[] => {
      const message = !known.includes(provider)
        ? `there is no provider ${JSON.stringify(provider)}; known: ${known.join(', ')}`
        : provider === name
          ? 'a provider cannot stand in for itself'
          : fallback.findIndex((other) => other.provider === provider) < place
            ? `${provider} stands there twice`
            : undefined;
      const example = known.find((other) => other !== name) ?? offlineName;
      return message === undefined ? [] : [{ name: `providers.${name}.fallback`, message, example }];
    }),
  );
}

/**
 * What is wrong with the provider of runs whose request names none, or undefined when there is one of that name. It may
 * still lack its key: a server without keys starts.
 */
export function checkDefaultProvider(
  name: string,
  configs: readonly ProviderConfig[],
): ProviderProblem | undefined {
  const known = [...configs.map((config) => config.name), offlineName];
  if (known.includes(name)) return undefined;
  return {
    name: 'ORCHESTRATOR_PROVIDER',
    message: `there is no provider ${JSON.stringify(name)}; known: ${known.join(', ')}`,
    example: known[0] ?? offlineName,
  };
}

/** Settings of a provider that only the configuration knows. Without a key variable it needs no key. */
function extraProvider(
  name: string,
  override: ProviderOverride,
  env: Environment,
  problems: ProviderProblem[],
): ProviderSettings | undefined {
  const path = `providers.${name}`;
  if (!namePattern.test(name)) {
    problems.push({
      name: path,
      message: 'a provider name has only lower-case letters and _',
      example: 'my_model',
    });
    return undefined;
  }
  if (name === offlineName) {
    problems.push({ name: path, message: 'offline is built in and has no settings', example: 'my_model' });
    return undefined;
  }
  const baseUrl = env[addressVariable(name)]?.trim() || override.baseUrl;
  if (baseUrl === undefined) {
    problems.push({
      name: path,
      message: `is not a provider the product knows, so it needs an address: set base_url or ${addressVariable(name)}`,
      example: 'http://localhost:8000/v1',
    });
    return undefined;
  }
  const { plan, work, synthesis } = override.models ?? {};
  const model = work ?? synthesis ?? plan;
  if (model === undefined) {
    problems.push({ name: `${path}.models`, message: 'name at least one model', example: '{ work: small }' });
    return undefined;
  }
  return {
    name,
    keyVariables: [],
    baseUrl,
    capabilities: plainCapabilities,
    defaultModels: sameModel(model),
    free: false,
    priceListId: undefined,
  };
}

function resolved(
  settings: ProviderSettings,
  override: ProviderOverride,
  env: Environment,
  problems: ProviderProblem[],
): ProviderConfig | undefined {
  const baseUrl = address(settings, override, env, problems);
  const keyVariables = override.keyVariable === undefined ? settings.keyVariables : [override.keyVariable];
  const variable = keyVariables.find((name) => (env[name]?.trim() ?? '') !== '');
  const key = variable === undefined ? undefined : env[variable]?.trim();
  // Anything else cannot stand in a header, and the error of the HTTP library would quote it.
  if (variable !== undefined && key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    problems.push({
      name: variable,
      message: 'holds blanks, line breaks or signs outside of ASCII, so it is not a key',
      example: 'the key alone, without quotes',
    });
    return undefined;
  }
  if (baseUrl === undefined) return undefined;
  const models = override.models ?? {};
  const { requestsPerMinute, tokensPerMinute, concurrentCalls, structuredOutput } = override;
  return {
    ...settings,
    capabilities: {
      ...settings.capabilities,
      ...(structuredOutput !== undefined && { structuredOutput }),
    },
    rateLimits: { requestsPerMinute, tokensPerMinute, concurrentCalls },
    fallback: override.fallback ?? [],
    baseUrl,
    keyVariables,
    defaultModels: {
      plan: models.plan ?? settings.defaultModels.plan,
      work: models.work ?? settings.defaultModels.work,
      synthesis: models.synthesis ?? settings.defaultModels.synthesis,
    },
    ...(key === undefined ? {} : { apiKey: new Secret(key) }),
    ...(override.prices === undefined ? {} : { prices: override.prices }),
    ...(override.maxOutputTokens === undefined ? {} : { maxOutputTokens: override.maxOutputTokens }),
  };
}

function addressVariable(name: string): string {
  return `${name.toUpperCase()}_BASE_URL`;
}

function address(
  settings: ProviderSettings,
  override: ProviderOverride,
  env: Environment,
  problems: ProviderProblem[],
): string | undefined {
  const variable = addressVariable(settings.name);
  const fromVariable = env[variable]?.trim();
  if (fromVariable) return checkedAddress(fromVariable, variable, problems);
  const host = settings.name === 'ollama' ? env['OLLAMA_HOST']?.trim() : undefined;
  if (host) return ollamaAddress(host, problems);
  const path = `providers.${settings.name}.base_url`;
  return checkedAddress(override.baseUrl ?? settings.baseUrl, path, problems);
}

/** OLLAMA_HOST is also the address the Ollama server listens on: a host or host:port, with or without scheme and path. */
function ollamaAddress(host: string, problems: ProviderProblem[]): string | undefined {
  const withScheme = /^[a-z]+:\/\//i.test(host) ? host : `http://${host}`;
  const checked = checkedAddress(withScheme, 'OLLAMA_HOST', problems);
  if (checked === undefined) return undefined;
  const url = new URL(checked);
  // Any address to listen on is no address to call.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  if (url.port === '' && url.protocol === 'http:' && !/:80(?:\/|$)/.test(withScheme)) url.port = ollamaPort;
  if (url.pathname === '/') url.pathname = '/v1';
  return url.href;
}

function checkedAddress(text: string, name: string, problems: ProviderProblem[]): string | undefined {
  const example = 'https://api.example.com/v1';
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    problems.push({ name, message: 'is not an http or https address', example });
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    problems.push({ name, message: 'must not hold a user name or password', example });
    return undefined;
  }
  // Paths are added to it, and a secret in it would be shown with it.
  if (/[?#]/.test(text)) {
    problems.push({ name, message: 'must not have a query or a fragment', example });
    return undefined;
  }
  return text;
}
