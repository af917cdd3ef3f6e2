import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { emptiedFolder, licensesFile } from '../../tools/bundle-folder.ts';
import { temporaryFolder } from './daemon.ts';

const run = promisify(execFile);

/** A repository with one source, in a folder of its own. */
async function repository(use: (root: string) => void): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const root = join(folder.path, 'repository');
    mkdirSync(join(root, 'src'), { recursive: true });
    writeFileSync(join(root, 'src/main.ts'), 'source');
    use(root);
  } finally {
    await folder.remove();
  }
}

describe('the folder of a bundle', () => {
  test('is dist, whatever is in it, or one that is new or empty or was made for a bundle', () =>
    repository((root) => {
      mkdirSync(join(root, 'dist'));
      writeFileSync(join(root, 'dist/main.js'), 'old');
      assert.equal(emptiedFolder(root), join(root, 'dist'));
      assert.deepEqual(readdirSync(join(root, 'dist')), [licensesFile]);
      mkdirSync(join(root, 'empty'));
      for (const named of ['new/deep', 'empty']) {
        const folder = emptiedFolder(root, named);
        assert.equal(folder, join(root, named));
        writeFileSync(join(folder, 'main.js'), 'of a bundle that failed half-way');
        emptiedFolder(root, named);
        assert.deepEqual(readdirSync(folder), [licensesFile]);
      }
    }));

  test('is refused and left alone when it is the repository, around it or beside it', () =>
    repository((root) => {
      const beside = `${root}-beside`;
      mkdirSync(beside);
      for (const named of ['.', '..', '../..', '/', '../repository-beside', beside, 'src/../..'])
        assert.throws(() => emptiedFolder(root, named), /cannot bundle into .*: it is not a folder inside/);
      assert.deepEqual(readdirSync(beside), []);
      assert.equal(readFileSync(join(root, 'src/main.ts'), 'utf8'), 'source');
    }));

  test('is refused and left alone when it holds something else, is a file or leads elsewhere', () =>
    repository((root) => {
      symlinkSync(join(root, 'src'), join(root, 'link'));
      for (const named of ['src', 'src/main.ts', 'link'])
        assert.throws(() => emptiedFolder(root, named), /cannot bundle into .*: it would be emptied, but/);
      assert.equal(readFileSync(join(root, 'src/main.ts'), 'utf8'), 'source');
      assert.ok(existsSync(join(root, 'link')));
    }));

  test('is looked at before anything is bundled', async (t) => {
    const folder = await temporaryFolder();
    t.after(() => folder.remove());
    writeFileSync(join(folder.path, 'kept'), '');
    const program = fileURLToPath(new URL('../../tools/bundle.ts', import.meta.url));
    await assert.rejects(run(process.execPath, [program, folder.path]), /it is not a folder inside/);
    assert.deepEqual(readdirSync(folder.path), ['kept']);
  });
});
