import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.ts';

test('every mutant still changes exactly one place of the product', () => {
  for (const { name, patches } of mutants) {
    for (const { file, find } of patches) {
      const source = readFileSync(fileURLToPath(new URL(`../../src/${file}`, import.meta.url)), 'utf8');
      assert.equal(source.split(find).length - 1, 1, `${name}: ${JSON.stringify(find)} in src/${file}`);
    }
  }
});
