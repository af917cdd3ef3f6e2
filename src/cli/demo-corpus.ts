import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Installed packages whose documentation is the material of the demo. */
const packages = [
  'xstate',
  'zod',
  'openai',
  'pino',
  'commander',
  '@grpc/grpc-js',
  '@opentelemetry/api',
  '@opentelemetry/sdk-node',
];

/** Says what was done, not how things work. */
const leftOut = /^(?:changelog|history|license|code_of_conduct|contributing|migration)/i;

/**
 * Copies the Markdown that ships in installed packages, and this product's own, into a folder, which is emptied
 * before: a corpus is one folder. Returns the number of documents.
 */
export function gatherDemoCorpus(folder: string): number {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = findPackageJSON(import.meta.url);
  const own = manifest === undefined ? undefined : dirname(manifest);
  return [['orchestrator', own] as const, ...packages.map((name) => [name, packageFolder(name)] as const)]
    .flatMap(([name, from]) => (from === undefined ? [] : markdownOf(name, from)))
    .map(({ path, name }) => copyFileSync(path, join(folder, name))).length;
}

function markdownOf(name: string, folder: string): { readonly path: string; readonly name: string }[] {
  const prefix = name.replace(/^@/, '').replaceAll('/', '-');
  const inside = (directory: string): { path: string; name: string }[] =>
    !existsSync(directory)
      ? []
      : readdirSync(directory, { withFileTypes: true })
          .filter((entry) => entry.isFile() && /\.md$/i.test(entry.name) && !leftOut.test(entry.name))
          .map((entry) => ({ path: join(directory, entry.name), name: `${prefix}-${entry.name}` }));
  return [...inside(folder), ...inside(join(folder, 'docs'))];
}

/** The folder of an installed package; undefined when it is not installed here. */
function packageFolder(name: string): string | undefined {
  let folder: string;
  try {
    folder = dirname(fileURLToPath(import.meta.resolve(name)));
  } catch {
    // The demo works with fewer documents.
    return undefined;
  }
  for (;;) {
    if (isPackage(join(folder, 'package.json'), name)) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Some packages hold nested package.json files that only set the module type. */
function isPackage(path: string, name: string): boolean {
  if (!existsSync(path)) return false;
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'name' in parsed && parsed.name === name;
}
