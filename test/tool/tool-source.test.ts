import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { argumentCheck } from '../../src/tool/argument-check.ts';
import type { DocumentSet } from '../../src/tool/document-library.ts';
import { DocumentsTool } from '../../src/tool/documents-tool.ts';
import { FullTextLibrary } from '../../src/tool/full-text-library.ts';
import { cappedText } from '../../src/tool/tool-output.ts';
import type { ToolResult } from '../../src/tool/tool-source.ts';
import { Toolbox } from '../../src/tool/toolbox.ts';
import { slowToolSourceContract, toolSourceContract } from './contract.ts';
import { FakeToolSource, fakeTool } from './fake-source.ts';

const paragraphs = Array.from(
  { length: 12 },
  (_, index) => `Chapter ${index + 1} tells of tides. ${'The moon pulls the water. '.repeat(30)}`,
);

function documents(): DocumentSet {
  const text = paragraphs.join('\n\n');
  const other = 'A lease fences the former owner of a workflow.';
  const source = (name: string, body: string) => ({
    name,
    text: body,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
  return new FullTextLibrary({}).index([source('tides.md', text), source('lease.md', other)]);
}

slowToolSourceContract('the fake', async () => {
  const source = new FakeToolSource();
  source.script = ({ args }) => {
    const text = String(args['text']);
    if (text === 'fail') return { error: 'it broke' };
    if (text === 'huge') return '\u{1F600}\ud83d'.repeat(10_000);
    return text === 'hang' ? 'hang' : `it is ${text}`;
  };
  const look = (text: string) => ({ tool: 'look', args: { text } });
  return {
    source,
    good: { ...look('well'), says: /it is well/ },
    fails: look('fail'),
    hangs: look('hang'),
    huge: look('huge'),
  };
});

toolSourceContract('the documents tool', async () => {
  const set = documents();
  return {
    source: new DocumentsTool(),
    documents: set,
    good: { tool: 'search', args: { query: 'lease' }, says: /passages, best first/ },
    fails: { tool: 'read', args: { handle: 'D9.9' } },
    dispose: async () => set.close(),
  };
});

describe('the documents tool', () => {
  const call = (tool: string, args: Record<string, unknown>): Promise<ToolResult> =>
    new DocumentsTool().call(tool, args, {
      signal: new AbortController().signal,
      timeoutMs: 1_000,
      callId: 'c',
      documents: documents(),
    });
  const handles = ({ sources = [] }: ToolResult): readonly string[] => sources.map(({ handle }) => handle);

  test('finds passages by words and gives each its handle', async () => {
    const result = await call('search', { query: 'former owner' });
    assert.deepEqual(handles(result), ['D2.1']);
    assert.equal(result.sources?.[0]?.documentName, 'lease.md');
  });

  test('says that nothing mentions what was asked, without a source', async () => {
    const result = await call('search', { query: 'zeppelin' });
    assert.equal(result.isError, false);
    assert.deepEqual(handles(result), []);
  });

  test('reads the neighbours of a handle, and a document from a passage on', async () => {
    assert.deepEqual(handles(await call('read', { handle: 'D1.5' })), ['D1.4', 'D1.5', 'D1.6']);
    assert.deepEqual(handles(await call('read', { handle: 'D1.1', count: 1 })), ['D1.1']);
    assert.deepEqual(handles(await call('read', { document: 'tides.md', from: 3, count: 2 })), [
      'D1.3',
      'D1.4',
    ]);
  });

  test('says what is wrong instead of guessing', async () => {
    for (const args of [
      {},
      { document: 'none.md' },
      { handle: 'D1.99' },
      { document: 'lease.md', from: 7 },
    ]) {
      const result = await call('read', args);
      assert.equal(result.isError, true, JSON.stringify(args));
    }
  });
});

describe('the toolbox', () => {
  const source = new FakeToolSource([
    fakeTool('look'),
    fakeTool('broken', { parameters: { type: 'object', properties: { text: { $ref: '#/nowhere' } } } }),
  ]);
  const box = new Toolbox(
    [source, new DocumentsTool()],
    { researcher: ['documents.*', 'fake.look'], planner: ['fake.*'] },
    argumentCheck,
  );

  test('gives a role what its list names, and nothing to a role without a list', () => {
    const names = (role: string, has = true) => box.namesFor(role, { documents: has });
    assert.deepEqual(names('researcher'), ['fake.look', 'documents.search', 'documents.read']);
    assert.deepEqual(names('researcher', false), ['fake.look'], 'no documents, no tool to read them');
    assert.deepEqual(names('planner'), ['fake.look', 'fake.broken']);
    assert.deepEqual(names('executive'), []);
    assert.deepEqual(names('constructor'), [], 'a role is no property of an object');
    assert.equal(box.allows('researcher', 'fake.broken'), false);
  });

  test('refuses arguments that are no JSON, no object, too large or not what the schema says', () => {
    const problem = (json: string, tool = 'fake.look'): string => {
      const checked = box.check(tool, json);
      return 'refusal' in checked ? checked.refusal.message : '';
    };
    assert.match(problem('{"text": '), /not JSON/);
    assert.match(problem('[1]'), /not a JSON object/);
    assert.match(problem('{}'), /do not fit.*text/s);
    assert.match(problem('{"text": 1}'), /do not fit/);
    assert.match(problem('{"text": "a", "more": 1}'), /do not fit/);
    assert.match(problem(JSON.stringify({ text: 'x'.repeat(70_000) })), /at most 65536/);
    assert.match(problem('{}', 'fake.none'), /not available/);
    assert.match(problem('{"text": "a"}', 'fake.broken'), /checked|read/);
    assert.match(
      problem(`{"text": ${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
      /do not fit|checked|not JSON/,
    );
    assert.deepEqual(box.check('fake.look', '{"text": "a"}'), {
      tool: { ...fakeTool('look'), fullName: 'fake.look' },
      args: { text: 'a' },
    });
  });

  test('cuts by whole characters and names the size', () => {
    assert.equal(cappedText('short', 10), 'short');
    const cut = cappedText('\u{1F600}'.repeat(100), 101);
    assert.ok(Buffer.byteLength(cut) <= 101 && cut.isWellFormed());
    assert.match(cut, /400 bytes/);
  });
});
