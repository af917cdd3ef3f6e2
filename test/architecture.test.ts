import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** What one folder of src/ may import besides itself. */
interface Layer {
  /** Folders of src/, or single files of them such as `workflow/limits.ts`. */
  readonly folders: readonly string[];
  /** npm packages and `node:` modules; a trailing `*` stands for the rest of the name. */
  readonly packages: readonly string[];
  /** Packages it may not even reach through what it imports: it knows the port, not the adapter. */
  readonly unreachable?: readonly string[];
}

const anyPackage = ['*'];
const adapters = ['node:sqlite', 'openai', 'node:http', 'node:https', 'node:http2', 'node:net', '@grpc/*'];

const layers: Readonly<Record<string, Layer>> = {
  workflow: { folders: [], packages: ['zod'] },
  orchestrator: { folders: ['workflow'], packages: ['zod'] },
  clock: { folders: [], packages: ['node:*'] },
  store: { folders: ['workflow', 'clock'], packages: anyPackage },
  provider: { folders: ['workflow', 'clock'], packages: anyPackage },
  tool: { folders: ['workflow', 'clock'], packages: anyPackage },
  document: { folders: ['workflow', 'clock'], packages: anyPackage },
  engine: {
    folders: ['store', 'provider', 'tool', 'document', 'orchestrator', 'workflow', 'clock'],
    packages: ['xstate', 'zod', '@opentelemetry/api', 'node:*'],
    unreachable: adapters,
  },
  subscriber: {
    folders: ['workflow', 'store', 'clock'],
    packages: anyPackage,
    unreachable: ['node:sqlite', 'openai', 'xstate', '@grpc/*'],
  },
  grpc: {
    folders: ['engine', 'workflow', 'clock', 'gen'],
    packages: anyPackage,
    unreachable: ['node:sqlite', 'openai'],
  },
  http: {
    folders: ['engine', 'workflow', 'clock', 'gen'],
    packages: anyPackage,
    unreachable: ['node:sqlite', 'openai'],
  },
  client: {
    folders: ['gen', 'workflow', 'clock'],
    packages: anyPackage,
    unreachable: ['node:sqlite', 'openai', 'xstate'],
  },
  cli: {
    folders: ['client', 'workflow', 'gen', 'clock', 'config'],
    packages: anyPackage,
    unreachable: ['node:sqlite', 'openai', 'xstate'],
  },
  // Of the core only leaves that import nothing but limits: configuration is read before there is anything else.
  config: {
    folders: [
      'workflow/limits.ts',
      'workflow/loopback.ts',
      'workflow/provider-override.ts',
      'workflow/redaction.ts',
      'workflow/role.ts',
      'workflow/tool-server.ts',
    ],
    packages: anyPackage,
  },
  telemetry: { folders: ['config', 'workflow', 'clock'], packages: anyPackage },
  gen: { folders: [], packages: anyPackage },
};

/** Packages that only these folders (and main.ts) may import, whatever the table says. The first match counts. */
const packageOwners: readonly (readonly [name: string, folders: readonly string[]])[] = [
  ['@opentelemetry/api', ['engine', 'grpc', 'provider', 'subscriber', 'telemetry']],
  ['@opentelemetry/*', ['telemetry']],
  // It is a global already, and its named export `env` would slip through.
  ['node:process', ['config']],
];

const composition = 'main.ts';

/** Time and chance are injected, so that the whole engine runs in a seeded simulation. */
const strayClocks: Readonly<Record<string, RegExp>> = {
  'Date.now': /\bDate\s*\.\s*now\b/,
  'new Date()': /\bnew\s+Date\b\s*(?:\(\s*\)|(?!\s*\())/,
  setTimeout: /(?:(?<![.\w$])|\b(?:global|globalThis|timers)\s*\.\s*)setTimeout\b(?!\s*:)/,
  setInterval: /(?:(?<![.\w$])|\b(?:global|globalThis|timers)\s*\.\s*)setInterval\b(?!\s*:)/,
  'scheduler.wait': /\bscheduler\s*\.\s*wait\b/,
  'Math.random': /\bMath\s*\.\s*random\b/,
  randomUUID: /\brandomUUID\b/,
  randomBytes: /\brandomBytes\b/,
  getRandomValues: /\bgetRandomValues\b/,
  'performance.now': /\bperformance\s*\.\s*now\b/,
  'process.hrtime': /\bprocess\s*\.\s*hrtime\b/,
  'AbortSignal.timeout': /\bAbortSignal\s*\.\s*timeout\b/,
};

const environment: Readonly<Record<string, RegExp>> = {
  'process.env': /\bprocess\s*(?:\.\s*env\b|\[)/,
  'env of process': /\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/,
  loadEnvFile: /\bloadEnvFile\b/,
};

const sleeps: Readonly<Record<string, RegExp>> = {
  'setTimeout(': /(?<![\w$])setTimeout\s*(?:\(|as\b)/,
  // clock.sleep() of the simulated clock takes no time.
  'sleep(': /(?<![.\w$])sleep\s*\(/,
};

/** Test files that may wait in real time, each with its reason. */
const sleepingTests: Readonly<Record<string, string>> = {};

/** Paths from src/ to their text. */
type Sources = ReadonlyMap<string, string>;

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = read('src', '**/*.ts');
const tests = read('test', '**/*.test.ts');

function read(folder: string, pattern: string): Sources {
  const cwd = posix.join(root, folder);
  const paths = existsSync(cwd) ? globSync(pattern, { cwd }) : [];
  return new Map(
    paths
      .map((path) => path.replaceAll('\\', '/'))
      .toSorted()
      .map((path) => [path, readFileSync(posix.join(cwd, path), 'utf8')]),
  );
}

// Template literals stay, for code may stand in them. A slash after an operator or a bracket begins a regular expression.
const token = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")`,
    '(?<template>`(?:\\\\[\\s\\S]|[^`\\\\])*`)',
    String.raw`(?<regex>(?<=(?:[=(,:;!&|?{}[+*%~^<>]|^|\breturn)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*)`,
  ].join('|'),
  'gm',
);

/** Comments become blanks; everything keeps its line. */
function withoutComments(source: string): string {
  return source.replace(token, (match, ...rest) => {
    const groups: Record<string, string | undefined> = rest.at(-1);
    return groups['comment'] === undefined ? match : blank(match);
  });
}

/** Comments, plain strings and regular expressions become blanks: what is left is code. */
function codeOnly(source: string): string {
  return source.replace(token, (match, ...rest) => {
    const groups: Record<string, string | undefined> = rest.at(-1);
    return groups['template'] === undefined ? blank(match) : match;
  });
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

interface Import {
  /** What stands in the quotes, or undefined when it is computed. */
  readonly specifier: string | undefined;
  readonly line: number;
}

const importForms: readonly RegExp[] = [
  // import x from, import type { x } from, export * from, export type { x } from
  /(?<![.\w$])(?:import|export)\b(?<clause>[^'"`;()=]*?)\bfrom\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g,
  // import 'x'
  /(?<![.\w$])import\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g,
  // import('x') as a value or as a type, require('x')
  /(?<![.\w$])(?:import|require)\s*\(\s*(?:(?<quote>['"`])(?<specifier>[^'"`\n$]+)\k<quote>)?/g,
  // new Worker(new URL('./x.ts', import.meta.url))
  /\bnew\s+URL\s*\(\s*(?<quote>['"`])(?<specifier>\.[^'"`\n$]+\.[cm]?[jt]s)\k<quote>/g,
];

function importsOf(source: string): Import[] {
  const text = withoutComments(source);
  const code = codeOnly(source);
  return importForms
    .flatMap((form) => [...text.matchAll(form)])
    .filter((match) => code[match.index] !== ' ') // A sentence about an import is not one.
    .toSorted((a, b) => a.index - b.index)
    .map((match) => ({
      specifier: match.groups?.['specifier'],
      line: lineAt(text, match.index + match[0].length),
    }));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** `store/sqlite.ts` is in `store`; files directly in src/ are their own folder. */
function folderOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** The path in src/ that a relative import means, or undefined for a package. */
function target(from: string, specifier: string): string | undefined {
  return /^\.{0,2}\//.test(specifier) ? posix.join(posix.dirname(from), specifier) : undefined;
}

function importOffences(files: Sources): string[] {
  return [...files].flatMap(([path, source]) => {
    const folder = folderOf(path);
    if (path !== composition && !(path.includes('/') && folder in layers)) {
      return [`src/${path}: ${folder} is not in the layer table`];
    }
    return importsOf(source).flatMap(({ specifier, line }) => {
      const reason = refusal(path, specifier);
      return reason === undefined
        ? []
        : [`src/${path}:${line} imports ${specifier ?? '(computed)'}: ${reason}`];
    });
  });
}

function refusal(path: string, specifier: string | undefined): string | undefined {
  if (path === composition) return undefined;
  if (specifier === undefined) return 'the name must be a literal';
  const folder = folderOf(path);
  const layer = layers[folder];
  if (layer === undefined) return `${folder} is not in the layer table`;

  const file = target(path, specifier);
  if (file === undefined) {
    const owners = packageOwners.find(([name]) => matches(withNodePrefix(specifier), name))?.[1];
    if (owners !== undefined && !owners.includes(folder)) return `only ${owners.join(', ')} may`;
    const refused = layer.unreachable?.some((pattern) => matches(withNodePrefix(specifier), pattern));
    const allowed = layer.packages.some((pattern) => matches(withNodePrefix(specifier), pattern));
    return allowed && refused !== true ? undefined : `${folder} may not use this package`;
  }
  if (file.startsWith('..')) return 'it is outside src/';
  if (file === composition) return 'nobody imports main.ts';
  if (folderOf(file) === folder) return undefined;
  const allowed = layer.folders.some((entry) => file === entry || file.startsWith(`${entry}/`));
  return allowed ? undefined : `${folder} may import ${layer.folders.join(', ') || 'nothing of ours'}`;
}

/** `http` and `node:http` are the same module. */
function withNodePrefix(specifier: string): string {
  return isBuiltin(specifier) && !specifier.startsWith('node:') ? `node:${specifier}` : specifier;
}

/** Paths of imports by which a layer reaches a package that only an adapter below it may know. */
function reachOffences(files: Sources): string[] {
  return [...files.keys()].flatMap((start) => {
    const patterns = layers[folderOf(start)]?.unreachable ?? [];
    if (patterns.length === 0) return [];
    const offences: string[] = [];
    const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
    for (const path of cameFrom.keys()) {
      for (const { specifier } of importsOf(files.get(path) ?? '')) {
        if (specifier === undefined) continue;
        const file = target(path, specifier);
        if (file !== undefined) {
          // A folder with rules of its own answers for what it reaches.
          const answersItself = layers[folderOf(file)]?.unreachable !== undefined;
          if (!answersItself && !cameFrom.has(file)) cameFrom.set(file, path);
        } else if (
          path !== start &&
          patterns.some((pattern) => matches(withNodePrefix(specifier), pattern))
        ) {
          offences.push([...chain(cameFrom, path), specifier].join(' -> '));
        }
      }
    }
    return offences;
  });
}

function chain(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const previous = cameFrom.get(end);
  return [...(previous === undefined ? [] : chain(cameFrom, previous)), `src/${end}`];
}

function nameOffences(paths: Iterable<string>): string[] {
  return [...paths].filter((path) =>
    path.split('/').some((name) => /^(?:utils?|common|types?|helpers?)(?:\.|$)/i.test(name)),
  );
}

function find(bans: Readonly<Record<string, RegExp>>, path: string, source: string): string[] {
  const code = codeOnly(source);
  return Object.entries(bans).flatMap(([name, ban]) =>
    [...code.matchAll(new RegExp(ban, 'g'))].map(
      (match) => `${path}:${lineAt(code, match.index)} uses ${name}`,
    ),
  );
}

function clockOffences(files: Sources): string[] {
  return [...files]
    .filter(([path]) => !['clock', 'gen'].includes(folderOf(path)))
    .flatMap(([path, source]) => find(strayClocks, `src/${path}`, source));
}

function environmentOffences(files: Sources): string[] {
  return [...files]
    .filter(([path]) => !['config', 'gen', composition].includes(folderOf(path)))
    .flatMap(([path, source]) => find(environment, `src/${path}`, source));
}

function sleepOffences(files: Sources): string[] {
  return [...files]
    .filter(([path]) => !(path in sleepingTests))
    .flatMap(([path, source]) => find(sleeps, `test/${path}`, source));
}

describe('architecture', () => {
  test('every import points down the layer table', () => {
    assert.deepEqual(importOffences(sources), []);
  });

  test('no layer reaches an adapter through a port', () => {
    assert.deepEqual(reachOffences(sources), []);
  });

  test('no file or folder is named after what it is in TypeScript', () => {
    const ours = [...sources.keys()].filter((path) => folderOf(path) !== 'gen');
    assert.deepEqual(nameOffences([...ours, ...tests.keys()]), []);
  });

  test('only src/clock reads the clock or rolls dice', () => {
    assert.deepEqual(clockOffences(sources), []);
  });

  test('only src/config and src/main.ts read the environment', () => {
    assert.deepEqual(environmentOffences(sources), []);
  });

  test('no test sleeps', () => {
    assert.deepEqual(sleepOffences(tests), []);
    assert.deepEqual(
      Object.keys(sleepingTests).filter((path) => !tests.has(path)),
      [],
      'the allow-list names files that are gone',
    );
  });
});

describe('the architecture rules find planted violations', () => {
  const refused: readonly (readonly [path: string, code: string])[] = [
    ['workflow/state.ts', "import { Store } from '../store/event-store.ts';"],
    ['workflow/state.ts', "import type { Clock } from '../clock/clock.ts';"],
    ['workflow/state.ts', "import { createHash } from 'node:crypto';"],
    ['orchestrator/research.ts', "import { Clock } from '../clock/clock.ts';"],
    ['orchestrator/research.ts', "import { createActor } from 'xstate';"],
    ['clock/clock.ts', "import { Status } from '../workflow/status.ts';"],
    ['store/memory.ts', "import type { Journal } from '../engine/journal.ts';"],
    ['store/memory.ts', "import { trace } from '@opentelemetry/api';"],
    ['provider/openai.ts', "export { price } from '../tool/mcp.ts';"],
    ['provider/openai.ts', "export * from '../config/config.ts';"],
    ['tool/mcp.ts', "const { x } = await import('../engine/journal.ts');"],
    ['document/pdf.ts', "new Worker(new URL('../engine/worker.ts', import.meta.url));"],
    ['engine/journal.ts', "import {\n  DatabaseSync,\n} from 'node:sqlite';"],
    ['engine/journal.ts', "import { createServer } from 'http';"],
    ['engine/journal.ts', "import * as grpc from '@grpc/grpc-js';"],
    ['engine/journal.ts', "import OpenAI from 'openai';"],
    ['engine/journal.ts', "import { config } from '../config/config.ts';"],
    ['engine/journal.ts', "import '../telemetry/logger.ts';"],
    ['engine/journal.ts', "type Sdk = import('../telemetry/sdk.ts').Sdk;"],
    ['engine/journal.ts', 'await import(name);'],
    ['engine/journal.ts', "import { NodeSDK } from '@opentelemetry/sdk-node';"],
    ['grpc/server.ts', "import { SqliteStore } from '../store/sqlite.ts';"],
    ['http/server.ts', "import { server } from '../grpc/server.ts';"],
    ['client/client.ts', "import { supervisor } from '../engine/supervisor.ts';"],
    ['cli/run.ts', "import { serve } from '../grpc/server.ts';"],
    ['cli/run.ts', "import { main } from '../main.ts';"],
    ['cli/run.ts', "import { version } from '../../package.json';"],
    ['subscriber/webhook.ts', "import { Supervisor } from '../engine/supervisor.ts';"],
    ['config/config.ts', "import { evolve } from '../workflow/state.ts';"],
    ['gen/workflow.ts', "import type { State } from '../workflow/state.ts';"],
    ['tool/mcp.ts', "import { env } from 'node:process';"],
    ['manager/manager.ts', ''],
    ['version.ts', ''],
  ];
  for (const [path, code] of refused) {
    test(`refuses in src/${path}: ${code.replaceAll('\n', ' ') || '(the file)'}`, () => {
      assert.equal(importOffences(new Map([[path, code]])).length, 1);
    });
  }

  test('names the file, the line and the import', () => {
    const code = "// import { a } from '../store/a.ts';\n\nimport { b } from '../store/b.ts';\n";
    assert.deepEqual(importOffences(new Map([['workflow/state.ts', code]])), [
      'src/workflow/state.ts:3 imports ../store/b.ts: workflow may import nothing of ours',
    ]);
  });

  test('leaves allowed imports alone', () => {
    const allowed = new Map([
      ['workflow/state.ts', "import { z } from 'zod';\nimport type { Status } from './status.ts';"],
      ['workflow/failure.ts', 'throw new Error(\'import it from "node:fs"\');'],
      ['engine/journal.ts', "import { setup } from 'xstate';\nimport { trace } from '@opentelemetry/api';"],
      ['store/sqlite.ts', "import { DatabaseSync } from 'node:sqlite';"],
      ['config/config.ts', "import { agentsMax } from '../workflow/limits.ts';"],
      ['config/logger.ts', "import { redact } from '../workflow/redaction.ts';"],
      ['main.ts', "import { NodeSDK } from '@opentelemetry/sdk-node';\nimport './grpc/server.ts';"],
    ]);
    assert.deepEqual(importOffences(allowed), []);
  });

  test('follows imports to the adapter behind a port', () => {
    const files = new Map([
      ['engine/journal.ts', "import type { EventStore } from '../store/event-store.ts';"],
      ['store/event-store.ts', "import { open } from './sqlite.ts';"],
      ['store/sqlite.ts', "import { DatabaseSync } from 'node:sqlite';"],
    ]);
    assert.deepEqual(reachOffences(files), [
      'src/engine/journal.ts -> src/store/event-store.ts -> src/store/sqlite.ts -> node:sqlite',
    ]);
  });

  test('refuses names that say nothing', () => {
    const names = ['grpc/utils.ts', 'common/id.ts', 'store/types.d.ts', 'helpers/log.ts'];
    assert.deepEqual(nameOffences([...names, 'store/event-store.ts']), names);
  });

  const clocks = [
    'const now = Date.now();',
    'const now = new Date();',
    'const now = new Date;',
    'setTimeout(fire, 10);',
    'globalThis.setTimeout(fire, 10);',
    'const later = { setTimeout };',
    "import { setTimeout as delay } from 'node:timers/promises';",
    "import * as timers from 'node:timers'; timers.setTimeout(fire, 10);",
    "import { scheduler } from 'node:timers/promises'; await scheduler.wait(10);",
    'setInterval(fire, 10);',
    'const x = Math.random();',
    "import { randomUUID } from 'node:crypto';",
    'crypto.randomUUID();',
    'randomBytes(8);',
    'performance.now();',
    'fetch(url, { signal: AbortSignal.timeout(5) });',
    'const text = `it is ${Date.now()}`;',
    "const url = 'http://localhost'; Date.now();",
    "const quote = /['\"]/; Date.now(); // '",
  ];
  for (const code of clocks) {
    test(`refuses the stray clock or dice in: ${code}`, () => {
      assert.ok(clockOffences(new Map([['engine/agent.ts', code]])).length > 0);
      assert.deepEqual(clockOffences(new Map([['clock/real-clock.ts', code]])), []);
    });
  }

  test('leaves given times, comments and prose alone', () => {
    const code = [
      'const date = new Date(timeMs);',
      '// Date.now() is banned',
      '/* setTimeout( */',
      "throw new Error('no Math.random here');",
      'socket.setTimeout(timeoutMs);',
      "import { setImmediate as nextTurn } from 'node:timers/promises';",
    ].join('\n');
    assert.deepEqual(clockOffences(new Map([['engine/agent.ts', code]])), []);
  });

  test('refuses the environment outside config and main', () => {
    const code = "const key = process.env['KEY'];";
    assert.equal(environmentOffences(new Map([['provider/openai.ts', code]])).length, 1);
    const destructured = 'const { env } = process;';
    assert.equal(environmentOffences(new Map([['provider/openai.ts', destructured]])).length, 1);
    const allowed = new Map([
      ['config/config.ts', code],
      ['main.ts', code],
    ]);
    assert.deepEqual(environmentOffences(allowed), []);
  });

  test('refuses sleeping tests', () => {
    const codes = [
      'await new Promise((done) => setTimeout(done, 50));',
      'await sleep(50);',
      "import { setTimeout as delay } from 'node:timers/promises';",
    ];
    for (const code of codes) {
      assert.equal(sleepOffences(new Map([['engine/agent.test.ts', code]])).length, 1, code);
    }
    assert.deepEqual(sleepOffences(new Map([['a.test.ts', 'const done = clock.sleep(50);']])), []);
  });
});
