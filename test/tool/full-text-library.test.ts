import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { CorpusError, type SourceDocument } from '../../src/tool/document-library.ts';
import { FullTextLibrary } from '../../src/tool/full-text-library.ts';
import { limits } from '../../src/workflow/limits.ts';

const wide = { passagesMax: 24, bytesMax: 24 * 1024 };

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const document = (name: string, text: string): SourceDocument => ({ name, text, sha256: sha256(text) });

function setOf(t: TestContext, ...documents: SourceDocument[]) {
  const set = new FullTextLibrary({}).index(documents);
  t.after(() => set.close());
  return set;
}

async function folder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'corpus-'));
  t.after(() => rm(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return path;
}

const caching = document(
  'caching.md',
  '# Caching\n\nA cache keeps answers near the reader. Stale entries are evicted by age.',
);
const locking = document(
  'locking.md',
  '# Locking\n\nA lease expires when its owner stops renewing it. Fencing tokens stop old owners.',
);
const chinese = document('研究.txt', '人工智能研究正在改变医疗行业。深度学习模型需要大量数据。');

describe('full-text search over documents', () => {
  test('ranks the passage that answers first and numbers handles by document and passage', (t) => {
    const set = setOf(t, caching, locking);
    const found = set.search('What do fencing tokens stop?', wide);
    assert.deepEqual(found, [
      {
        handle: 'D2.1',
        documentName: 'locking.md',
        sha256: locking.sha256,
        start: 0,
        end: locking.text.length,
      },
    ]);
  });

  test('numbers the passages of one document from 1', (t) => {
    const text = Array.from(
      { length: 9 },
      (_, index) => `Section ${index} zebra${index}. ${'word '.repeat(150)}`,
    ).join('\n\n');
    const set = setOf(t, caching, document('long.txt', text));
    const [found] = set.search('zebra8', wide);
    assert.equal(found?.handle, 'D2.9');
    assert.match(text.slice(found?.start, found?.end), /^Section 8 zebra8/u);
  });

  test('finds other forms of a word, accents aside, and words in a heading or a document name', (t) => {
    const set = setOf(
      t,
      document('a.txt', 'The cafés were renewed.'),
      document('quorum.txt', 'Three of five.'),
    );
    assert.equal(set.search('cafe renewing', wide)[0]?.handle, 'D1.1');
    assert.equal(set.search('quorum', wide)[0]?.handle, 'D2.1');
  });

  test('finds Chinese, Japanese, Korean and Thai text by any stretch of two characters, and by one', (t) => {
    const set = setOf(
      t,
      chinese,
      document('ja.txt', '東京都の人口は増加しています。'),
      document('ko.txt', '서울특별시의 인구는 감소하고 있다.'),
      document('th.txt', 'กรุงเทพมหานครเป็นเมืองหลวง'),
    );
    for (const [query, handle] of [
      ['医疗', 'D1.1'],
      ['深度学习', 'D1.1'],
      ['疗', 'D1.1'],
      ['人口は', 'D2.1'],
      ['인구', 'D3.1'],
      ['เมืองหลวง', 'D4.1'],
    ] as const) {
      assert.equal(set.search(query, wide)[0]?.handle, handle, query);
    }
  });

  test('finds nothing for a subject that no document mentions', (t) => {
    assert.deepEqual(setOf(t, caching, locking).search('photosynthesis of ferns', wide), []);
  });

  test("answers a question without a subject with the documents' openings", (t) => {
    const set = setOf(t, caching, locking);
    for (const query of ['', 'Summarise the documents.', 'What is this about?']) {
      assert.deepEqual(
        set
          .search(query, wide)
          .map(({ handle }) => handle)
          .toSorted(),
        ['D1.1', 'D2.1'],
      );
    }
  });

  test('returns passages that nearly repeat each other once', (t) => {
    const text = `Replication lag is measured in seconds. ${'The replica reads the log and applies it in order. '.repeat(4)}`;
    const set = setOf(
      t,
      document('one.txt', text),
      document('two.txt', `${text} Indeed.`),
      document('three.txt', text.toUpperCase()),
    );
    assert.equal(set.search('replication lag', wide).length, 1);
  });

  test('keeps within the number and the bytes asked for, counting UTF-8', (t) => {
    const documents = Array.from({ length: 30 }, (_, index) =>
      document(`${index}.txt`, `数据 apple ${'漢'.repeat(90)}${index} ${index * 7} ${index * 13}`),
    );
    const set = setOf(t, ...documents);
    assert.equal(set.search('数据 apple', { passagesMax: 3, bytesMax: 100_000 }).length <= 3, true);
    const found = set.search('数据 apple', { passagesMax: 24, bytesMax: 700 });
    const bytes = found.map(({ start, end, documentName }) =>
      Buffer.byteLength(documents.find(({ name }) => name === documentName)?.text.slice(start, end) ?? ''),
    );
    assert.ok(found.length >= 1);
    assert.ok(bytes.reduce((sum, size) => sum + size, 0) <= 700);
    assert.deepEqual(set.search('apple', { passagesMax: 24, bytesMax: 10 }), []);
  });

  test('never throws for any query, returns valid passages, and the same ones every time', (t) => {
    const set = setOf(t, caching, locking, chinese);
    const again = setOf(t, caching, locking, chinese);
    const texts = new Map(set.documents.map(({ sha256: hash, text }) => [hash, text]));
    const query = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom(
          '"',
          "'",
          '*',
          '^',
          '(',
          ')',
          ':',
          '-',
          '+',
          '\0',
          ' ',
          'AND',
          'NEAR',
          'cache',
          '研',
          '🙂',
          '\ud800',
          '́',
        ),
      }),
      fc.constantFrom(
        'a AND',
        'C++',
        "o'neil",
        'body:lease',
        '{name body}: cache',
        'lease*',
        '"',
        '\ud800cache',
        'x'.repeat(100_000),
      ),
      fc.array(fc.constantFrom('lease', 'owner', 'NOT', 'OR', 'cache')).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(query, (text) => {
        const found = set.search(text, wide);
        for (const { sha256: hash, start, end, handle } of found) {
          assert.match(handle, /^D[1-3]\.[1-9]\d*$/u);
          assert.ok(start < end && end <= (texts.get(hash)?.length ?? 0));
        }
        assert.deepEqual(again.search(text, wide), found);
      }),
      { numRuns: 400 },
    );
  });

  test('reads a broken surrogate as the replacement character and keeps offsets and hash', (t) => {
    const text = 'lease \ud800 renewal';
    const set = setOf(t, document('broken.txt', text));
    assert.equal(set.documents[0]?.text, 'lease � renewal');
    assert.equal(set.documents[0]?.sha256, sha256('lease � renewal'));
    assert.equal(set.search('lease', wide)[0]?.end, text.length);
  });

  test('may be closed twice and then refuses to search', () => {
    const set = new FullTextLibrary({}).index([caching]);
    set.close();
    set.close();
    assert.throws(() => set.search('cache', wide), /closed/u);
  });
});

describe('configured corpora', () => {
  test('reads documents below the folder in order of path, and no other file', async (t) => {
    const path = await folder(t, {
      'b.md': 'beta',
      'a/z.txt': 'zeta',
      'a/y.RST': 'ypsilon',
      'a/deep/x.markdown': 'xi',
      'image.png': 'no text',
      '.hidden/h.md': 'hidden',
      '.env.md': 'hidden',
    });
    const set = await new FullTextLibrary({ docs: path }).corpus('docs');
    assert.deepEqual(
      set.documents.map(({ name, text }) => [name, text]),
      [
        ['a/deep/x.markdown', 'xi'],
        ['a/y.RST', 'ypsilon'],
        ['a/z.txt', 'zeta'],
        ['b.md', 'beta'],
      ],
    );
    assert.equal(set.documents[3]?.sha256, sha256('beta'));
    assert.equal(set.search('zeta', wide)[0]?.handle, 'D3.1');
  });

  test('lists the corpora sorted and names them when another is asked for', async () => {
    const library = new FullTextLibrary({ notes: '/nowhere', docs: '/nowhere' });
    assert.deepEqual(library.corpora, ['docs', 'notes']);
    await assert.rejects(library.corpus('secret'), (error) => {
      assert.ok(error instanceof CorpusError);
      assert.match(error.message, /"secret" is not configured; known are docs, notes/u);
      return true;
    });
  });

  test('does not follow symbolic links out of the folder, to files or to folders', async (t) => {
    const outside = await folder(t, { 'secret.md': 'the secret launch code' });
    const path = await folder(t, { 'a.md': 'public' });
    await symlink(join(outside, 'secret.md'), join(path, 'link.md'));
    await symlink(outside, join(path, 'linked'));
    await symlink(path, join(path, 'loop'));
    const set = await new FullTextLibrary({ docs: path }).corpus('docs');
    assert.deepEqual(
      set.documents.map(({ name }) => name),
      ['a.md'],
    );
    assert.deepEqual(set.search('secret launch', wide), []);
  });

  test("does not wait for a pipe with a document's name", {
    skip: process.platform === 'win32',
  }, async (t) => {
    const path = await folder(t, { 'a.md': 'public' });
    execFileSync('mkfifo', [join(path, 'pipe.md')]);
    const set = await new FullTextLibrary({ docs: path }).corpus('docs');
    assert.deepEqual(
      set.documents.map(({ name }) => name),
      ['a.md'],
    );
  });

  test('replaces invalid UTF-8 and hashes the text that it serves', async (t) => {
    const path = await folder(t, { 'latin.txt': Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20, 0x6f, 0x6b) });
    const set = await new FullTextLibrary({ docs: path }).corpus('docs');
    assert.equal(set.documents[0]?.text, 'caf� ok');
    assert.equal(set.documents[0]?.sha256, sha256('caf� ok'));
  });

  test('is read and indexed once for all who share it, whoever closes it', async (t) => {
    const path = await folder(t, { 'a.md': 'apple' });
    const library = new FullTextLibrary({ docs: path });
    const [one, two] = await Promise.all([library.corpus('docs'), library.corpus('docs')]);
    assert.equal(one.documents, two.documents);
    one.close();
    await writeFile(join(path, 'a.md'), 'pear');
    const three = await library.corpus('docs');
    assert.equal(two.search('apple', wide).length, 1);
    assert.equal(three.documents, two.documents);
    const renewed = await new FullTextLibrary({ docs: path }).corpus('docs');
    assert.equal(renewed.documents[0]?.text, 'pear');
  });

  test('is tried again after a failed load, which names the corpus and no path of the server', async (t) => {
    const parent = await folder(t, {});
    const path = join(parent, 'later');
    const library = new FullTextLibrary({ docs: path });
    await assert.rejects(library.corpus('docs'), (error) => {
      assert.ok(error instanceof CorpusError);
      assert.equal(error.message, 'corpus "docs": its folder cannot be opened (ENOENT)');
      assert.ok(!JSON.stringify([error.message, error.stack, error.cause]).includes(parent));
      return true;
    });
    await mkdir(path);
    await writeFile(join(path, 'a.md'), 'apple');
    assert.equal((await library.corpus('docs')).documents.length, 1);
  });

  test('refuses a document over its limit by name', async (t) => {
    const path = await folder(t, { 'sub/huge.txt': Buffer.alloc(limits.corpusFileBytesMax + 1, 'a') });
    await assert.rejects(new FullTextLibrary({ docs: path }).corpus('docs'), {
      name: 'CorpusError',
      message: `corpus "docs": "sub/huge.txt" holds more than ${limits.corpusFileBytesMax} bytes`,
    });
  });

  test('refuses more bytes together than its limit', async (t) => {
    const files = Array.from(
      { length: 9 },
      (_, index) => [`${index}.txt`, Buffer.alloc(limits.corpusFileBytesMax, '\n')] as const,
    );
    const path = await folder(t, Object.fromEntries(files));
    await assert.rejects(
      new FullTextLibrary({ docs: path }).corpus('docs'),
      /more than 67108864 bytes together/u,
    );
  });

  test('lets other work run while a large corpus is indexed', async (t) => {
    const text = Array.from(
      { length: 2_000 },
      (_, index) => `Paragraph ${index} is about subject${index}. ${'filler text '.repeat(60)}`,
    ).join('\n\n');
    const path = await folder(t, { 'large.txt': text });
    let turns = 0;
    let counting = true;
    const count = () => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const set = await new FullTextLibrary({ docs: path }).corpus('docs');
    counting = false;
    assert.equal(set.search('subject1234', wide).length, 1);
    assert.ok(turns >= 5, `${turns} turns of the event loop`);
  });
});
