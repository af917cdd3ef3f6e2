import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../examples/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const modules = readdirSync(folder).filter((file) => file.endsWith('.ts'));
const linesMax = 60;

test('the README of the examples shows code that is run, and names every example with its length', () => {
  const readme = read('README.md');
  const [shown] = /(?<=```ts\n)[\s\S]*?(?=```)/.exec(readme) ?? [];
  assert.equal(shown, read('map-reduce.ts'));
  assert.ok(modules.length >= 2);
  for (const file of modules) {
    const lines = read(file).split('\n').length - 1;
    assert.ok(lines < linesMax, `${file} has ${lines} lines`);
    assert.match(readme, new RegExp(`\\[\`${file}\`\\]\\(${file}\\).*\\(${lines} lines\\)`));
  }
});

test('an example imports nothing but what every custom orchestrator has', () => {
  for (const file of modules) {
    const imports = [...read(file).matchAll(/from '([^']+)'/g)].map((match) => match[1]);
    assert.deepEqual([...new Set(imports)], ['mcp-orchestrator/orchestrator'], file);
  }
});
