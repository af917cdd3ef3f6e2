import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { isLoopback } from '../workflow/loopback.ts';
import type { ProviderOverride } from '../workflow/provider-override.ts';
import { redact } from '../workflow/redaction.ts';
import { closestName } from './closest-name.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { codeOf, type ConfigFile, noConfigFile, readConfigFile, readProblem } from './config-file.ts';
import {
  corporaSchema,
  flagOf,
  providersSchema,
  sectionKeys,
  type SettingDefinition,
  type SettingName,
  settingNames,
  settings,
  type SettingValues,
} from './config-schema.ts';
import { isSecretName, type ProviderEnvironment, providerEnvironment } from './provider-environment.ts';
import { type TlsFiles, tlsProblems } from './tls-check.ts';

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** The whole configuration, validated and frozen. Paths are absolute, times in milliseconds. */
export interface Config extends SettingValues {
  /** The YAML file that was read; undefined: none. */
  readonly configPath: string | undefined;
  /** Folders of documents by the name a request uses. */
  readonly corpora: Readonly<Record<string, string>>;
  readonly providers: Readonly<Record<string, ProviderOverride>>;
  /** Base address spans are exported to; undefined: tracing is off. */
  readonly tracingEndpoint: string | undefined;
  /** Variables with keys and addresses of providers. Prints redacted. */
  readonly providerEnvironment: ProviderEnvironment;
  readonly origins: Readonly<Record<SettingName, Origin>>;
}

/** Values given as flags, by setting name; `config` names the YAML file. */
export type ConfigOverrides = {
  readonly [N in SettingName | 'config']?: string | number | boolean | undefined;
};

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly overrides?: ConfigOverrides;
  /** Relative paths begin here, but those in the YAML file, which begin at the file. */
  readonly cwd: string;
  /** Throws as `fs.readFileSync` does. */
  readonly readFile?: (path: string) => string;
  /** Whether there is a folder. Default: asks the file system. */
  readonly isFolder?: (path: string) => boolean;
  /** ORCHESTRATOR_ variables that something else reads, for example the command-line client. */
  readonly otherVariables?: readonly string[];
}

interface Written {
  readonly origin: Origin;
  /** What the user knows it by. */
  readonly name: string;
  readonly text: string;
}

const defaultFile = 'orchestrator.yaml';
/** Where the OTLP specification puts a collector that nobody named. */
const defaultCollector = 'http://localhost:4318';
const shownCharsMax = 80;

/** What may be shown of something a user wrote: short and without credentials. */
const shown = (text: string): string => redact(text).slice(0, shownCharsMax).toWellFormed();

const pathSettings: ReadonlySet<SettingName> = new Set(['dataDir', 'tlsCert', 'tlsKey', 'tlsCa']);

/**
 * Reads the configuration: flag, then environment, then YAML file (`ORCHESTRATOR_CONFIG`, or `orchestrator.yaml` in
 * the working directory if there is one), then default. An empty variable counts as unset.
 * Throws ConfigError with every problem at once; unknown variables and keys are problems too.
 */
export function loadConfig(sources: ConfigSources): Config {
  const problems: ConfigProblem[] = [];
  const file = openFile(sources);
  problems.push(...file.problems, ...unknownVariables(sources), ...unknownKeys(file));

  const values: Partial<Record<SettingName, unknown>> = {};
  const origins: Partial<Record<SettingName, Origin>> = {};
  for (const name of settingNames) {
    const definition: SettingDefinition<unknown> = settings[name];
    const written = find(name, definition, sources, file, problems);
    origins[name] = written?.origin ?? 'default';
    if (written === undefined) continue;
    const parsed = definition.schema.safeParse(written.text);
    if (parsed.success) values[name] = absolute(name, parsed.data, written.origin, sources.cwd, file);
    else problems.push(badValue(written.name, written.text, parsed.error, definition.example));
  }
  const corpora = section('corpora', corporaSchema, file, problems) ?? {};
  const providers = section('providers', providersSchema, file, problems) ?? {};

  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value was parsed by its own schema
  checkTogether(values as Partial<SettingValues>, sources, problems);
  const begin = file.path === undefined ? sources.cwd : dirname(file.path);
  const folders = Object.entries(corpora).map(([name, path]) => [name, resolve(begin, path)] as const);
  problems.push(...missingFolders(folders, sources.isFolder ?? isFolder));
  if (problems.length > 0) throw new ConfigError(problems);

  const overrides = Object.entries(providers).map(([name, entry]) => [name, overrideOf(entry)] as const);
  const keyVariables = overrides.flatMap(([, { keyVariable }]) => keyVariable ?? []);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a problem every setting with a default has its parsed value
  const settled = values as SettingValues;
  return deepFreeze({
    ...Object.fromEntries(settingNames.map((name) => [name, undefined])),
    ...settled,
    configPath: file.path,
    corpora: Object.fromEntries(folders),
    providers: Object.fromEntries(overrides),
    tracingEndpoint: tracingEndpointOf(settled),
    providerEnvironment: providerEnvironment(sources.env, keyVariables),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- filled for every name above
    origins: origins as Record<SettingName, Origin>,
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function missingFolders(
  folders: readonly (readonly [name: string, path: string])[],
  exists: (path: string) => boolean,
): ConfigProblem[] {
  return folders.flatMap(([name, path]) => {
    const problem = (message: string): ConfigProblem => ({
      name: `corpora.${name}`,
      message: `${message}: ${shown(path)}`,
      example: './handbook',
    });
    try {
      return exists(path) ? [] : [problem('there is no such folder')];
    } catch (error) {
      // A folder above it may not be entered, or is a file.
      return [problem(`cannot be looked at, ${codeOf(error)}`)];
    }
  });
}

function tracingEndpointOf({ traces, otlpEndpoint }: SettingValues): string | undefined {
  return traces === 'otlp'
    ? (otlpEndpoint ?? defaultCollector)
    : traces === 'none'
      ? undefined
      : otlpEndpoint;
}

function openFile({ env, overrides, cwd, readFile }: ConfigSources): ConfigFile {
  const read = readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const named = overrides?.config ?? env['ORCHESTRATOR_CONFIG'];
  if (named === undefined || named === '') return readConfigFile(resolve(cwd, defaultFile), false, read);
  if (typeof named !== 'string') {
    return {
      ...noConfigFile,
      problems: [{ name: '--config', message: 'must be a path', example: './orchestrator.yaml' }],
    };
  }
  return readConfigFile(resolve(cwd, named), true, read);
}

function find(
  name: SettingName,
  definition: SettingDefinition<unknown>,
  sources: ConfigSources,
  file: ConfigFile,
  problems: ConfigProblem[],
): Written | undefined {
  const flag = sources.overrides?.[name];
  if (flag !== undefined) return { origin: 'flag', name: flagOf(name), text: String(flag) };
  const variable = sources.env[definition.variable];
  if (variable !== undefined && variable !== '') {
    return { origin: 'environment', name: definition.variable, text: variable.trim() };
  }
  if (Object.hasOwn(file.values, definition.key)) {
    const value = file.values[definition.key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { origin: 'file', name: definition.key, text: String(value) };
    }
    const message = value === null ? 'has no value' : 'must be a single value';
    problems.push({ name: definition.key, message, example: `${definition.key}: ${definition.example}` });
    return undefined;
  }
  return definition.default === undefined
    ? undefined
    : { origin: 'default', name: definition.variable, text: definition.default };
}

function absolute(name: SettingName, value: unknown, origin: Origin, cwd: string, file: ConfigFile): unknown {
  if (!pathSettings.has(name) || typeof value !== 'string') return value;
  return resolve(origin === 'file' && file.path !== undefined ? dirname(file.path) : cwd, value);
}

function unknownVariables({ env, otherVariables = [] }: ConfigSources): ConfigProblem[] {
  const known = [
    'ORCHESTRATOR_CONFIG',
    ...settingNames.map((name) => settings[name].variable),
    ...otherVariables,
  ];
  return Object.keys(env)
    .filter((name) => name.startsWith('ORCHESTRATOR_') && env[name] !== undefined && !known.includes(name))
    .map((name) => unknownName(name, 'is not a variable of this product', known, 'ORCHESTRATOR_GRPC_PORT'));
}

function unknownKeys(file: ConfigFile): ConfigProblem[] {
  const known = [...settingNames.map((name) => settings[name].key), ...sectionKeys];
  return Object.keys(file.values)
    .filter((key) => !known.includes(key))
    .map((key) => unknownName(key, `is not a setting (in ${file.path})`, known, 'grpc_port'));
}

function unknownName(name: string, what: string, known: readonly string[], fallback: string): ConfigProblem {
  const closest = closestName(name, known);
  const message = closest === undefined ? what : `${what}; did you mean ${closest}?`;
  // A name is not a value, but a key may have been pasted where a name belongs.
  return { name: shown(name), message, example: closest ?? fallback };
}

function badValue(name: string, text: string, error: z.ZodError, example: string): ConfigProblem {
  const what = error.issues.map((issue) => issue.message).join('; ');
  // An address may carry a secret in ways that no shape tells.
  const found =
    isSecretName(name) || /:\/\/.*[?#@]/.test(text) ? '' : `, found ${JSON.stringify(shown(text))}`;
  return { name, message: `${what}${found}`, example };
}

const sectionExamples: Readonly<Record<string, string>> = {
  corpora: 'corpora: { handbook: ./handbook }',
  providers: 'providers: { local: { base_url: "http://localhost:8000/v1", models: { work: small } } }',
};

/** A part of the file that has no other source. zod messages here never quote the value. */
function section<T>(
  key: (typeof sectionKeys)[number],
  schema: z.ZodType<T>,
  file: ConfigFile,
  problems: ConfigProblem[],
): T | undefined {
  if (!Object.hasOwn(file.values, key)) return undefined;
  const parsed = schema.safeParse(file.values[key]);
  if (parsed.success) return parsed.data;
  const example = sectionExamples[key] ?? key;
  for (const issue of parsed.error.issues) {
    const path = [key, ...issue.path].map((part) => shown(String(part))).join('.');
    if (issue.code === 'unrecognized_keys') {
      const known = knownMembers[issue.path.length] ?? [];
      for (const name of issue.keys) {
        const problem = unknownName(name, 'is not a setting here', known, known[0] ?? key);
        problems.push({ ...problem, name: `${path}.${problem.name}` });
      }
    } else if (issue.code === 'invalid_key') {
      const what = issue.issues.map(({ message }) => message).join('; ');
      problems.push({ name: path, message: `the name ${what}`, example });
    } else problems.push({ name: path, message: issue.message, example });
  }
  return undefined;
}

/** Members of a provider by depth: of the entry, of `models` or of a price. */
const knownMembers: Readonly<Record<number, readonly string[]>> = {
  1: [
    'base_url',
    'key_variable',
    'models',
    'prices',
    'max_output_tokens',
    'fallback',
    'requests_per_minute',
    'tokens_per_minute',
    'max_concurrent_calls',
    'structured_output',
  ],
  2: ['plan', 'work', 'synthesis'],
  3: ['input_usd_per_million', 'output_usd_per_million'],
};

/** What no setting can say alone. A member that has its own problem is undefined here and is not judged again. */
function checkTogether(
  values: Partial<SettingValues>,
  { readFile, env }: ConfigSources,
  problems: ConfigProblem[],
): void {
  const { tlsCa, grpcHost, retainAtLeastMs, retainForMs } = values;
  const given = (name: SettingName): boolean =>
    values[name] !== undefined || Boolean(env[settings[name].variable]);
  if (given('tlsCert') !== given('tlsKey')) {
    const missing = given('tlsCert') ? settings.tlsKey : settings.tlsCert;
    const present = given('tlsCert') ? settings.tlsCert : settings.tlsKey;
    problems.push({
      name: missing.variable,
      message: `must be set together with ${present.variable}`,
      example: missing.example,
    });
  }
  if (tlsCa !== undefined && !given('tlsCert')) {
    const { variable, example } = settings.tlsCert;
    problems.push({ name: variable, message: `must be set when ${settings.tlsCa.variable} is`, example });
  }
  const read = readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const files: { -readonly [N in keyof TlsFiles]: TlsFiles[N] } = {};
  for (const name of ['tlsCert', 'tlsKey', 'tlsCa'] as const) {
    const path = values[name];
    if (path === undefined) continue;
    try {
      files[name] = read(path);
    } catch (error) {
      const { variable, example } = settings[name];
      // The key itself may have been pasted where its path belongs.
      problems.push(readProblem(variable, isSecretName(variable) ? 'its file' : path, error, example));
    }
  }
  for (const [name, message] of tlsProblems(files)) {
    const { variable, example } = settings[name];
    problems.push({ name: variable, message, example });
  }
  if (
    grpcHost !== undefined &&
    !isLoopback(grpcHost) &&
    !given('tlsCert') &&
    values.insecureRemote === false
  ) {
    const message =
      'binds other addresses than loopback without TLS; set ORCHESTRATOR_TLS_CERT and ORCHESTRATOR_TLS_KEY, or ORCHESTRATOR_INSECURE_REMOTE=true';
    problems.push({ name: settings.grpcHost.variable, message, example: settings.grpcHost.example });
  }
  if (retainAtLeastMs !== undefined && retainForMs !== undefined && retainAtLeastMs > retainForMs) {
    problems.push({
      name: settings.retainAtLeastMs.variable,
      message: `must not be longer than ${settings.retainForMs.variable}`,
      example: settings.retainAtLeastMs.example,
    });
  }
}

function overrideOf(entry: z.output<typeof providersSchema>[string]): ProviderOverride {
  const { models, prices, max_output_tokens: maxOutputTokens } = entry;
  return {
    ...(entry.base_url === undefined ? {} : { baseUrl: entry.base_url }),
    ...(entry.key_variable === undefined ? {} : { keyVariable: entry.key_variable }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(entry.fallback !== undefined && { fallback: entry.fallback }),
    ...(entry.requests_per_minute !== undefined && { requestsPerMinute: entry.requests_per_minute }),
    ...(entry.tokens_per_minute !== undefined && { tokensPerMinute: entry.tokens_per_minute }),
    ...(entry.max_concurrent_calls !== undefined && { concurrentCalls: entry.max_concurrent_calls }),
    ...(entry.structured_output !== undefined && { structuredOutput: entry.structured_output }),
    ...(models === undefined
      ? {}
      : {
          models: {
            ...(models.plan === undefined ? {} : { plan: models.plan }),
            ...(models.work === undefined ? {} : { work: models.work }),
            ...(models.synthesis === undefined ? {} : { synthesis: models.synthesis }),
          },
        }),
    ...(prices === undefined
      ? {}
      : {
          prices: Object.fromEntries(
            Object.entries(prices).map(([model, price]) => [
              model,
              {
                inputUsdPerMillion: price.input_usd_per_million,
                outputUsdPerMillion: price.output_usd_per_million,
              },
            ]),
          ),
        }),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
