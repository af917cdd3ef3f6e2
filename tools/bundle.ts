import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { emptiedFolder, licensesFile } from './bundle-folder.ts';

// Writes dist/*.js, or the same into the folder named: the program in a few files. Half of a start went into finding,
// reading and linking some 600 small ones, and a restart is what running workflows wait for.

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Packages that go into the bundle: those of many files that every start or first call loads. All others are found in
 * node_modules as before: some read files of their own, and of the OpenTelemetry API there must be one.
 */
const bundled: ReadonlySet<string> = new Set([
  '@commander-js/extra-typings',
  '@pydantic/genai-prices',
  'cockatiel',
  'commander',
  'openai',
  'xstate',
  'zod',
]);

/** Modules that find a file of the package by where they lie themselves, and the folder they must be bundled into. */
const placed: Readonly<Record<string, string>> = {
  'src/main.ts': '.',
  // As deep as they lie in src/: proto/ is two folders up.
  'src/client/definition.ts': 'chunk',
  'src/grpc/definition.ts': 'chunk',
};

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- npm has checked it
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Files with terms in a package: its own, and those of what it has taken in from others. */
function licenseFilesOf(folder: string): readonly string[] {
  return globSync('**/*', { cwd: folder, exclude: (name) => basename(name) === 'node_modules' })
    .filter((path) => /^(?:licen[cs]e|notice)(?:\.(?:md|txt))?$/i.test(basename(path)))
    .toSorted((a, b) => a.split('/').length - b.split('/').length || a.localeCompare(b));
}

/** The terms of every package some of whose code is in the bundle, which each asks to be kept with it. */
function licensesOf(inputs: readonly string[]): string {
  const folders = inputs.flatMap(
    (path) => /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  return [...new Set(folders)]
    .toSorted()
    .map((folder) => {
      const { version, license } = manifestOf(join(root, folder));
      const files = licenseFilesOf(join(root, folder));
      if (files.length === 0) throw new Error(`${folder} has no file with its license`);
      const terms = files.map((file) => {
        const text = readFileSync(join(root, folder, file), 'utf8').trim();
        return dirname(file) === '.' ? text : `${dirname(file)}\n\n${text}`;
      });
      return `${folder.replace(/^.*node_modules\//, '')} ${version} (${license})\n\n${terms.join('\n\n')}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

const workers = globSync('src/*/*-worker.ts', { cwd: root });

const dist = emptiedFolder(root, process.argv[2]);
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'src/main.ts',
    // Found by name: what custom orchestrators import, and threads beside the modules that start them.
    'orchestrator/authoring': 'src/orchestrator/authoring.ts',
    ...Object.fromEntries(workers.map((path) => [basename(path, '.ts'), path])),
  },
  outdir: dist,
  chunkNames: 'chunk/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24.15',
  external: Object.keys(manifestOf(root).dependencies).filter((name) => !bundled.has(name)),
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
  const path = join(root, output);
  const folder = relative(dist, dirname(path)) || '.';
  for (const module of Object.keys(inputs)) {
    const wanted = placed[module] ?? folder;
    if (folder !== wanted)
      throw new Error(`${module} must be bundled into ${wanted}/, but went into ${folder}/`);
  }
  for (const [, worker = ''] of readFileSync(path, 'utf8').matchAll(/["']\.\/([\w-]+-worker\.js)["']/g)) {
    if (!existsSync(join(dirname(path), worker)))
      throw new Error(`${output} starts ${worker}, which is not beside it`);
  }
}
writeFileSync(join(dist, licensesFile), licensesOf(Object.keys(metafile.inputs)));
