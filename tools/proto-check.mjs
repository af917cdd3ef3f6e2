// Checks proto/: style, format, compatibility with the last release, and that the generated files are current.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorFile, generate, root, run, typesDir } from './proto-generate.mjs';

const released = 'proto/released.binpb';
const failures = [];

function check(name, passed) {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!passed) failures.push(name);
}

check('lint', run('buf', ['lint']));
check('format', run('buf', ['format', '-d', '--exit-code', '--path', 'proto/orchestrator']));
if (existsSync(join(root, released))) {
  check('compatible with the last release', run('buf', ['breaking', '--against', released]));
} else {
  console.log(`skip compatible with the last release (no ${released} yet)`);
}

const fresh = mkdtempSync(join(tmpdir(), 'proto-check-'));
try {
  const freshTypes = join(fresh, 'gen');
  const freshDescriptor = join(fresh, 'descriptor.binpb');
  generate(freshTypes, freshDescriptor);
  const stale = [
    ...differingFiles(freshTypes, typesDir).map((name) => `src/gen/${name}`),
    ...(sameContent(freshDescriptor, descriptorFile) ? [] : ['proto/descriptor.binpb']),
  ];
  for (const name of stale) console.log(`  out of date: ${name} (run: npm run proto:generate)`);
  check('generated files are current', stale.length === 0);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

if (failures.length > 0) {
  console.error(`proto:check failed: ${failures.join(', ')}`);
  process.exitCode = 1;
}

function differingFiles(expectedDir, actualDir) {
  const names = new Set([expectedDir, actualDir].flatMap((cwd) => globSync('**/*.ts', { cwd })));
  return [...names].filter((name) => !sameContent(join(expectedDir, name), join(actualDir, name)));
}

function sameContent(expected, actual) {
  return existsSync(expected) && existsSync(actual) && readFileSync(expected).equals(readFileSync(actual));
}
