import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import { bareHost } from '../workflow/loopback.ts';
import { formatDuration, parseDuration } from './duration.ts';

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const usd = z
  .string()
  .regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'must be an amount of US dollars, for example 25.00')
  .transform(Number)
  .pipe(
    z
      .number()
      .positive('must be greater than 0; leave it out for no cap')
      .max(limits.costUsdMax, `must be at most ${limits.costUsdMax}`),
  );

const duration = (minMs: number, maxMs: number) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    const range = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
    context.addIssue({
      code: 'custom',
      message: `must be a duration with its unit (ms, s, m, h, d), ${range}`,
    });
    return z.NEVER;
  });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(values, `must be one of ${values.join(', ')}`));

const yesOrNo = oneOf(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const path = z.string().min(1, 'must be a path');
const port = whole(0, 65_535);
const host = z
  .string()
  .max(253, 'must be a host name or an address')
  .regex(/^(?:[A-Za-z0-9.-]+|\[?[0-9A-Fa-f:.]+\]?)$/, 'must be a host name or an address, without a port')
  .transform(bareHost);
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  // Paths are added to it, and a secret in it would be shown with it.
  .refine((url) => !/[?#]/.test(url), 'must not have a query or a fragment')
  .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must not hold a user name or password')
  .transform((url) => url.replace(/\/+$/, ''));
const providerName = z
  .string()
  .regex(/^[a-z_]+$/, 'must be lower-case letters and underscores')
  .max(63, 'must be at most 63 characters');

/** One scalar setting: its name in each source, how its text is read, and what it is without one. */
export interface SettingDefinition<T> {
  readonly variable: string;
  /** Name in the YAML file. The flag is the same with dashes. */
  readonly key: string;
  readonly schema: z.ZodType<T, string>;
  /** As it would be written; absent: unset. */
  readonly default?: string;
  readonly example: string;
  /** One sentence for people. */
  readonly about: string;
}

type Defaulted<T> = SettingDefinition<T> & { readonly default: string };

// Two names, so that the types know which settings always have a value.
const define = <T>(definition: Defaulted<T>): Defaulted<T> => definition;
const optional = <T>(definition: SettingDefinition<T>): SettingDefinition<T> => definition;

/** Every scalar setting. */
export const settings = {
  grpcHost: define({
    variable: 'ORCHESTRATOR_GRPC_HOST',
    key: 'grpc_host',
    schema: host,
    default: '127.0.0.1',
    example: '127.0.0.1',
    about: 'Address the gRPC server binds; anything but loopback needs TLS or insecure_remote',
  }),
  grpcPort: define({
    variable: 'ORCHESTRATOR_GRPC_PORT',
    key: 'grpc_port',
    schema: port,
    default: '50051',
    example: '50051',
    about: 'Port of the gRPC server; 0 picks a free one',
  }),
  httpPort: define({
    variable: 'ORCHESTRATOR_HTTP_PORT',
    key: 'http_port',
    schema: port,
    default: '5060',
    example: '5060',
    about: 'Reserved for the HTTP port; nothing listens on it yet',
  }),
  dataDir: define({
    variable: 'ORCHESTRATOR_DATA_DIR',
    key: 'data_dir',
    schema: path,
    default: '.orchestrator',
    example: './.orchestrator',
    about: 'Folder of the event log; relative to the working directory, in the YAML file to the file',
  }),
  store: define({
    variable: 'ORCHESTRATOR_STORE',
    key: 'store',
    schema: oneOf(['sqlite', 'memory']),
    default: 'sqlite',
    example: 'sqlite',
    about: 'Where events are kept; memory forgets everything when the process ends',
  }),
  logLevel: define({
    variable: 'ORCHESTRATOR_LOG_LEVEL',
    key: 'log_level',
    schema: oneOf(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    example: 'info',
    about: 'Least severe level that is written',
  }),
  logFormat: define({
    variable: 'ORCHESTRATOR_LOG_FORMAT',
    key: 'log_format',
    schema: oneOf(['json', 'pretty', 'auto']),
    default: 'auto',
    example: 'json',
    about: 'Form of the log lines; auto is pretty in a terminal and json elsewhere',
  }),
  maxLiveWorkflows: define({
    variable: 'ORCHESTRATOR_MAX_LIVE_WORKFLOWS',
    key: 'max_live_workflows',
    schema: whole(1, limits.liveWorkflowsMax),
    default: String(limits.liveWorkflowsDefault),
    example: '50',
    about: 'Workflows that run at once',
  }),
  maxPendingWorkflows: define({
    variable: 'ORCHESTRATOR_MAX_PENDING_WORKFLOWS',
    key: 'max_pending_workflows',
    schema: whole(0, limits.pendingWorkflowsMax),
    default: String(limits.pendingWorkflowsDefault),
    example: '10000',
    about: 'Workflows that may wait for a slot; beyond it a start is refused',
  }),
  turnsPerAgent: define({
    variable: 'ORCHESTRATOR_TURNS_PER_AGENT',
    key: 'turns_per_agent',
    schema: whole(1, limits.turnsPerAgentMax),
    default: String(limits.turnsPerAgentDefault),
    example: '8',
    about: 'Answers an agent may give until one is acceptable; after the last it has failed',
  }),
  dailyMaxCostUsd: optional({
    variable: 'ORCHESTRATOR_DAILY_MAX_COST_USD',
    key: 'daily_max_cost_usd',
    schema: usd,
    example: '25.00',
    about:
      'Most that all workflows together may cost on one day (UTC), US dollars; models without a price are refused then',
  }),
  dailyMaxTokens: optional({
    variable: 'ORCHESTRATOR_DAILY_MAX_TOKENS',
    key: 'daily_max_tokens',
    schema: whole(1, limits.tokensMax),
    example: '50000000',
    about: 'Most tokens, input and output, that all workflows together may use on one day (UTC)',
  }),
  retainTerminal: define({
    variable: 'ORCHESTRATOR_RETAIN_TERMINAL',
    key: 'retain_terminal',
    schema: whole(0, limits.retainTerminalMax),
    default: String(limits.retainTerminalDefault),
    example: '100',
    about: 'Finished workflows that are kept in any case until retain_for',
  }),
  retainAtLeastMs: define({
    variable: 'ORCHESTRATOR_RETAIN_AT_LEAST',
    key: 'retain_at_least',
    schema: duration(0, limits.retainForMsMax),
    default: formatDuration(limits.retainAtLeastMs),
    example: '1h',
    about: 'Time every finished workflow is kept, however many there are',
  }),
  retainForMs: define({
    variable: 'ORCHESTRATOR_RETAIN_FOR',
    key: 'retain_for',
    schema: duration(1, limits.retainForMsMax),
    default: formatDuration(limits.retainForMs),
    example: '7d',
    about: 'Time after which every finished workflow goes',
  }),
  shutdownGraceMs: define({
    variable: 'ORCHESTRATOR_SHUTDOWN_GRACE',
    key: 'shutdown_grace',
    schema: duration(0, limits.shutdownGraceMsMax),
    default: formatDuration(limits.shutdownGraceMs),
    example: '30s',
    about: 'Longest wait for running attempts before a shutdown aborts them',
  }),
  shutdownPolicy: define({
    variable: 'ORCHESTRATOR_SHUTDOWN_POLICY',
    key: 'shutdown_policy',
    schema: oneOf(['drain', 'cancel']),
    default: 'drain',
    example: 'drain',
    about: 'What a shutdown does with live workflows: leave them resumable, or cancel them',
  }),
  tlsCert: optional({
    variable: 'ORCHESTRATOR_TLS_CERT',
    key: 'tls_cert',
    schema: path,
    example: '/etc/orchestrator/server.crt',
    about: 'PEM file with the certificate chain of the server',
  }),
  tlsKey: optional({
    variable: 'ORCHESTRATOR_TLS_KEY',
    key: 'tls_key',
    schema: path,
    example: '/etc/orchestrator/server.key',
    about: 'PEM file with the private key of the certificate',
  }),
  tlsCa: optional({
    variable: 'ORCHESTRATOR_TLS_CA',
    key: 'tls_ca',
    schema: path,
    example: '/etc/orchestrator/clients-ca.crt',
    about: 'PEM file of the authority client certificates must come from; set, it makes them mandatory',
  }),
  insecureRemote: define({
    variable: 'ORCHESTRATOR_INSECURE_REMOTE',
    key: 'insecure_remote',
    schema: yesOrNo,
    default: 'false',
    example: 'true',
    about: 'Allows an address other than loopback without TLS',
  }),
  provider: define({
    variable: 'ORCHESTRATOR_PROVIDER',
    key: 'provider',
    schema: providerName,
    default: 'xai',
    example: 'openai',
    about: 'Provider of a run whose request names none',
  }),
  breakerWaitMs: define({
    variable: 'ORCHESTRATOR_BREAKER_WAIT',
    key: 'breaker_wait',
    schema: duration(limits.breakerWaitMsMin, limits.breakerWaitMsMax),
    default: formatDuration(limits.breakerWaitMs),
    example: '30s',
    about: 'How long a provider that failed is left alone before it is tried again; doubles while that fails',
  }),
  traces: optional({
    variable: 'ORCHESTRATOR_TRACES',
    key: 'traces',
    schema: oneOf(['otlp', 'none']),
    example: 'otlp',
    about: 'Whether spans are exported; unset: exactly when otlp_endpoint is set',
  }),
  otlpEndpoint: optional({
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    key: 'otlp_endpoint',
    schema: httpUrl,
    example: 'http://localhost:4318',
    about: 'Base address of the OTLP collector; spans go to /v1/traces below it',
  }),
} as const;

export type SettingName = keyof typeof settings;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant object are its names
export const settingNames = Object.keys(settings) as readonly SettingName[];

type ValueOf<D> =
  D extends Defaulted<infer T> ? T : D extends SettingDefinition<infer T> ? T | undefined : never;

/** The value of every setting; only those without a default can be undefined. */
export type SettingValues = { readonly [N in SettingName]: ValueOf<(typeof settings)[N]> };

/** The flag of a setting, for example `--grpc-port`. */
export function flagOf(name: SettingName): string {
  return `--${settings[name].key.replaceAll('_', '-')}`;
}

const modelName = z.string().min(1, 'must name a model').max(limits.modelNameCharsMax);
const usdPerMillion = z
  .number('must be a number of US dollars per million tokens')
  .nonnegative()
  .max(1_000_000);

/** Price of one model, as people publish it. */
const priceSchema = z.strictObject({
  input_usd_per_million: usdPerMillion,
  output_usd_per_million: usdPerMillion,
});

const rate = (max: number, what: string) =>
  z
    .number(`must be a number of ${what}`)
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(max, `must be at most ${max}`);

/** One entry of `providers` in the YAML file. Every member is optional for a provider the product knows. */
export const providerSchema = z.strictObject({
  base_url: httpUrl.optional(),
  /** Name of the variable that holds the key; the key itself never stands in the file. */
  key_variable: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable, not the key itself')
    .optional(),
  models: z
    .strictObject({
      plan: modelName.optional(),
      work: modelName.optional(),
      synthesis: modelName.optional(),
    })
    .optional(),
  prices: z.record(modelName, priceSchema).optional(),
  /** Tokens an answer of a model may have where the request says nothing. */
  max_output_tokens: z
    .record(
      modelName,
      z
        .number('must be a number of tokens')
        .int('must be a whole number')
        .min(1, 'must be at least 1')
        .max(limits.outputTokensMax, `must be at most ${limits.outputTokensMax}`),
    )
    .optional(),
  /** Providers called instead while a breaker of this one is open or its key is missing, in order. */
  fallback: z
    .array(
      z.union(
        [
          providerName.transform((provider) => ({ provider, models: {} })),
          z.strictObject({
            provider: providerName,
            /** Its model by model of this provider; others get its defaults. */
            models: z.record(modelName, modelName).default({}),
          }),
        ],
        'must be the name of a provider, or { provider: name, models: { this_model: its_model } }',
      ),
    )
    .max(limits.fallbacksMax, `must name at most ${limits.fallbacksMax} providers`)
    .optional(),
  /** What the provider allows for the key, all workflows together. */
  requests_per_minute: rate(limits.requestsPerMinuteMax, 'requests').optional(),
  tokens_per_minute: rate(limits.tokensPerMinuteMax, 'tokens').optional(),
  max_concurrent_calls: rate(limits.concurrentCallsMax, 'calls').optional(),
  structured_output: z
    .enum(['json_schema', 'json_object', 'none'], 'must be json_schema, json_object or none')
    .optional(),
});

export const providersSchema = z.record(providerName, providerSchema);

export const corporaSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, - and _'),
  z.string('must be the path of a folder').min(1, 'must be the path of a folder'),
);

/** Names of the YAML sections that are not scalar settings. */
export const sectionKeys = ['corpora', 'providers'] as const;
