import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { limits } from '../workflow/limits.ts';
import type { ConfigProblem } from './config-error.ts';

/** The YAML file as read: its top level, and what is wrong with it. */
export interface ConfigFile {
  /** Absolute path; undefined: there is none. */
  readonly path: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly ConfigProblem[];
}

export const noConfigFile: ConfigFile = { path: undefined, values: {}, problems: [] };

/** `ENOENT`, `EACCES`, ... of an error of the file system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unreadable';
}

/** Why a file cannot be read, without its contents: `ENOENT`, `EACCES`, ... */
export function readProblem(name: string, path: string, error: unknown, example: string): ConfigProblem {
  return { name, message: `cannot read ${path}: ${codeOf(error)}`, example };
}

/**
 * Reads the configuration file. `required`: the caller named it, so a missing one is a problem. Parser messages may
 * quote the file, which may hold a secret by mistake, so only their code and position are reported.
 */
export function readConfigFile(
  path: string,
  required: boolean,
  readFile: (path: string) => string,
): ConfigFile {
  const broken = (message: string, example: string): ConfigFile => ({
    path,
    values: {},
    problems: [{ name: path, message, example }],
  });
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    if (!required && codeOf(error) === 'ENOENT') return noConfigFile;
    return {
      path,
      values: {},
      problems: [readProblem('ORCHESTRATOR_CONFIG', path, error, './orchestrator.yaml')],
    };
  }
  if (Buffer.byteLength(text) > limits.configFileBytesMax) {
    return broken(`is larger than ${limits.configFileBytesMax} bytes`, 'grpc_port: 50051');
  }
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return {
        name: `${path}:${line}:${col}`,
        message: `is not YAML (${error.code})`,
        example: 'grpc_port: 50051',
      };
    });
    return { path, values: {}, problems };
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    // Aliases that resolve to nothing or multiply without end are found only here.
    return broken('has an alias that cannot be resolved', 'grpc_port: 50051');
  }
  if (value === null) return { path, values: {}, problems: [] };
  if (typeof value !== 'object' || Array.isArray(value))
    return broken('must be a mapping of settings', 'grpc_port: 50051');
  return { path, values: Object.fromEntries(Object.entries(value)), problems: [] };
}

/** Loaded where there is a file: most servers have none, and every start would wait for it. */
function yaml(): typeof Yaml {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package's own types
  return createRequire(import.meta.url)('yaml') as typeof Yaml;
}
