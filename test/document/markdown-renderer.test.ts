import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Heading, Nodes, Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { RenderableReport } from '../../src/document/document-renderer.ts';
import { MarkdownRenderer } from '../../src/document/markdown-renderer.ts';
import { modelMarkdown } from '../../src/document/model-markdown.ts';
import { rendererRegistry } from '../../src/document/renderer-registry.ts';

const renderer = new MarkdownRenderer();
const never = new AbortController().signal;

const report: RenderableReport = {
  title: 'Leases',
  metadata: [
    ['Workflow', 'research_0a1b2c3d4e5f'],
    ['Cost', '$0.10 | estimated'],
  ],
  sections: [{ heading: 'Executive synthesis', depth: 2, markdown: 'A lease expires [1].' }],
  sources: [{ number: 1, handle: 'D1.1', documentName: 'leases.md' }],
  gaps: ['researcher/3 failed'],
};

const written = async (changes: Partial<RenderableReport> = {}) =>
  new TextDecoder('utf-8', { fatal: true }).decode(
    (await renderer.render({ ...report, ...changes }, never)).bytes,
  );

const withModelText = (...texts: string[]) =>
  written({
    sections: texts.map((markdown, index) => ({ heading: `Section ${index}`, depth: 2, markdown })),
  });

const parse = (text: string): Root =>
  unified().use(remarkParse).use(remarkGfm, { singleTilde: false }).parse(text);

function nodesOf(node: Nodes): readonly Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap((child) => nodesOf(child)) : [])];
}
const plainText = (node: Nodes): string =>
  nodesOf(node)
    .map((child) => ('value' in child ? child.value : ''))
    .join('');

/** Headings down to this depth that structure the document, as `depth text`. */
function outline(text: string, depthMax: number): readonly string[] {
  return parse(text)
    .children.filter((node): node is Heading => node.type === 'heading' && node.depth <= depthMax)
    .map((heading) => `${heading.depth} ${plainText(heading)}`);
}

describe('the Markdown renderer', () => {
  test('writes title, metadata, sections, numbered sources and gaps', async () => {
    assert.equal(
      await written(),
      [
        '# Leases',
        '',
        '| Field | Value |',
        '| - | - |',
        '| Workflow | research_0a1b2c3d4e5f |',
        String.raw`| Cost | $0.10 \| estimated |`,
        '',
        '## Executive synthesis',
        '',
        String.raw`A lease expires \[1].`,
        '',
        '## Sources',
        '',
        '1. leases.md (passage D1.1)',
        '',
        '## Gaps and limitations',
        '',
        '- researcher/3 failed',
        '',
      ].join('\n'),
    );
  });

  test('is what the registry gives for its format', async () => {
    const registered = rendererRegistry.get('markdown');
    assert.ok(registered);
    const { format, fileExtension, mediaType } = registered;
    assert.deepEqual([format, fileExtension, mediaType], ['markdown', 'md', 'text/markdown; charset=utf-8']);
    assert.deepEqual([renderer.fileExtension, renderer.mediaType], [fileExtension, mediaType]);
    const { signal } = new AbortController();
    assert.deepEqual(await registered.render(report, signal), await renderer.render(report, signal));
    assert.equal(rendererRegistry.get('pdf'), undefined);
  });

  test('gives the same bytes for the same report', async () => {
    assert.equal(await written(), await written(structuredClone(report)));
  });

  test('leaves out sources and gaps when there are none', async () => {
    assert.deepEqual(outline(await written({ sources: [], gaps: [] }), 6), [
      '1 Leases',
      '2 Executive synthesis',
    ]);
  });

  test('moves the headings of a section below its own, in their order of depth', async () => {
    const text = await written({
      sections: [
        { heading: 'Groups', depth: 2, markdown: '# One\n\n### Two' },
        { heading: 'Group 1', depth: 3, markdown: '### One\n\n#### Two\n\n###### Three' },
      ],
    });
    assert.deepEqual(outline(text, 6).slice(1, 8), [
      '2 Groups',
      '3 One',
      '5 Two',
      '3 Group 1',
      '4 One',
      '5 Two',
      '6 Three',
    ]);
  });

  test('keeps the numbers that sources were given', async () => {
    const sources = [2, 3, 7].map((number) => ({
      number,
      handle: `D1.${number}`,
      documentName: `${number}.md`,
    }));
    const lists = parse(await written({ sources, gaps: [] })).children.filter((node) => node.type === 'list');
    assert.deepEqual(
      lists.map(({ start, children }) => [start, children.length]),
      [
        [2, 2],
        [7, 1],
      ],
    );
  });

  test('renders Chinese, Japanese, Arabic, Hebrew and emoji as they are', async () => {
    const words = ['人工智能研究', '東京都の人口', 'العربية', 'עברית', '👩‍👩‍👧 🇨🇭 🙂', 'Ελληνικά'];
    const text = await written({
      title: words.join(' '),
      metadata: words.map((word) => [word, word]),
      sections: words.map((word) => ({ heading: word, depth: 2, markdown: `**${word}** und ${word}` })),
      sources: words.map((word, index) => ({ number: index + 1, handle: 'D1.1', documentName: word })),
      gaps: words,
    });
    for (const word of words) assert.equal(text.split(word).length - 1, 8, word);
  });

  test('replaces broken surrogates and control characters', async () => {
    const text = await written({
      title: 'a\ud800b',
      sections: [{ heading: 'x\u0007', depth: 2, markdown: 'c\0d\ud800e' }],
    });
    assert.match(text, /^# a�b\n/u);
    assert.match(text, /## x�\n\nc�d�e\n/u);
  });

  test('keeps titles, names and metadata on one line and takes marks from them that turn text around', async () => {
    const text = await written({
      title: 'A\n# B',
      sources: [{ number: 1, handle: 'D1.1', documentName: '\u202Egpj.exe\n## C' }],
    });
    assert.deepEqual(outline(text, 6), [
      '1 A # B',
      '2 Executive synthesis',
      '2 Sources',
      '2 Gaps and limitations',
    ]);
    assert.ok(!text.includes('\u202E'));
  });

  test('rejects with the reason when its signal is aborted', async () => {
    const reason = new Error('cancelled');
    await assert.rejects(renderer.render(report, AbortSignal.abort(reason)), reason);
  });
});

describe('text of a model in a Markdown document', () => {
  test('ends an open code fence with its section', async () => {
    const text = await withModelText('```js\nlet a;\n# Sources', 'plain');
    assert.deepEqual(outline(text, 2), [
      '1 Leases',
      '2 Section 0',
      '2 Section 1',
      '2 Sources',
      '2 Gaps and limitations',
    ]);
  });

  test('has its HTML shown as text, in lines and in blocks', async () => {
    const text = await withModelText(
      'a <script>alert(1)</script> b\n\n<div onclick="x()">\n# no\n</div>\n\n<!-- hidden',
      'next',
    );
    const nodes = nodesOf(parse(text));
    assert.equal(nodes.filter(({ type }) => type === 'html').length, 0);
    const shown = plainText(parse(text));
    for (const part of ['<script>alert(1)</script>', '<div onclick="x()">', '<!-- hidden'])
      assert.ok(shown.includes(part), part);
  });

  test('loses links that are not http, https or mailto, keeps their words, and shows images as links', async () => {
    const text = await withModelText(
      '[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x) [d](file:///etc/passwd) [e](../up) [f](https://ok.example/)\n\n![g](https://ok.example/pixel.png) ![h](data:image/png;base64,x) [![i](https://ok.example/i.png)](https://ok.example/j)\n\n<javascript:alert(2)>',
    );
    const nodes = nodesOf(parse(text));
    assert.deepEqual(
      nodes.filter((node) => node.type === 'link').map(({ url }) => url),
      ['https://ok.example/', 'https://ok.example/pixel.png', 'https://ok.example/j'],
    );
    assert.equal(nodes.filter(({ type }) => type === 'image' || type === 'imageReference').length, 0);
    const shown = plainText(parse(text));
    for (const words of ['a b c d e f', 'g h i', 'javascript:alert(2)'])
      assert.ok(shown.includes(words), words);
  });

  test('cannot define links of another section, nor turn source numbers into links', async () => {
    const text = await withModelText(
      '[x]: https://evil.example/\n[1]: https://evil.example/1\n[x]: https://second.example/\n\nsee [x] and [1] and [words][1]',
      'see [x] and [1]',
    );
    const links = nodesOf(parse(text)).filter((node) => node.type === 'link');
    assert.deepEqual(
      links.map(({ url }) => url),
      ['https://evil.example/'],
    );
    assert.equal(nodesOf(parse(text)).filter(({ type }) => type === 'definition').length, 0);
    assert.match(plainText(parse(text)), /see x and \[1\] and \[words\]\[1\].*see \[x\] and \[1\]/u);
  });

  test('keeps its footnotes in its section', async () => {
    const text = await withModelText('claim[^a]\n\n[^a]: the note', 'other[^a]');
    const first = text.slice(0, text.indexOf('## Section 1'));
    assert.match(first, /claim\(note a\)\n\nNote a:\n\nthe note\n/u);
    assert.equal(nodesOf(parse(text)).filter(({ type }) => type.startsWith('footnote')).length, 0);
  });

  test('keeps its tables, tasks, code and nested lists', async () => {
    const markdown =
      '| a | b |\n| :- | -: |\n| 1 | 2 |\n\n- [x] done\n  - inner\n\n```ts\nlet a = `1`;\n```\n\n~~gone~~';
    const text = await withModelText(markdown);
    const types = new Set(nodesOf(parse(text)).map(({ type }) => type));
    for (const type of ['table', 'listItem', 'code', 'delete'] as const) assert.ok(types.has(type), type);
    assert.match(text, /```ts\nlet a = `1`;\n```/u);
    assert.match(text, /- \[x\] done\n {2}- inner/u);
  });

  test('is shown as written, with a note, when its markup would take too long to read', async () => {
    for (const hostile of [
      '>'.repeat(5_000),
      'a_ *'.repeat(20_000),
      '[a]('.repeat(20_000),
      '1. '.repeat(500),
      '[a] '.repeat(6_000),
      '[a][b] '.repeat(4_000),
      'x ' + ']'.repeat(8_000),
      '- item\n'.repeat(25_000),
      '> a\n\n'.repeat(5_000),
      '|a|b|\n|-|-|\n' + '|a|b|\n'.repeat(5_000),
      'x <!-- '.repeat(6_000),
      `x ${Array.from({ length: 300 }, (_, index) => '`'.repeat(index + 1)).join(' ')}`,
      'a.'.repeat(20_000),
      // A no-break space is no blank line.
      `${'[a] '.repeat(60)}\n\u00A0\n`.repeat(100),
    ]) {
      const text = await withModelText(hostile, 'next');
      assert.match(text, /too dense or nested too deeply to be rendered/u);
      assert.ok(text.includes(hostile.trim()));
      assert.deepEqual(outline(text, 2).slice(1, 3), ['2 Section 0', '2 Section 1']);
    }
  });

  test('keeps its form when it is long, with citations, lists, tables and code', async () => {
    const piece =
      '### Part\n\nA claim of **some** weight [1], and [another](https://e.example/) one [2].\n\n- `first` point\n- *second* point\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nconst a = [1, 2];\n```\n\n';
    const text = await withModelText(piece.repeat(300));
    assert.ok(piece.length * 300 > 48 * 1024);
    assert.doesNotMatch(text, /too dense/u);
    assert.equal(nodesOf(parse(text)).filter(({ type }) => type === 'table').length, 301);
  });

  test('is not searched from each of its words back to a bracket that opens an array of 100 KB', async () => {
    const array = JSON.stringify({ subtasks: Array.from({ length: 20_000 }, () => null) });
    const before = process.cpuUsage();
    const text = await withModelText(`${array}\n\nhttps://a.example/x_y, a@b.example`, 'next');
    const { user, system } = process.cpuUsage(before);
    // A few hundred milliseconds; by GFM's own way it was ten seconds.
    assert.ok(user + system < 4_000_000, `${(user + system) / 1_000} ms`);
    assert.ok(text.includes('null,null'));
    assert.ok(text.includes('(https://a.example/x_y)'), 'addresses are links all the same');
    assert.ok(text.includes('(mailto:a@b.example)'));
  });

  test('costs bounded work, whatever 256 KiB of it are made of', async () => {
    const token = fc.constantFrom(
      ...[
        '[a] ',
        '[a][b] ',
        '[',
        ']',
        '![',
        '[a](b) ',
        '[a](<b',
        '[^a] ',
        '[^a]: x\n\n',
        '[a]: b\n',
        '[a]: b\n\n',
      ],
      ...[
        '- a\n',
        '- a\n\n',
        '1. a\n',
        '- - - a\n',
        '  - a\n',
        '> a\n\n',
        '> - a\n',
        '- [ ] a\n',
        '# a\n',
        'a\n===\n',
      ],
      ...[
        '*',
        '**a** ',
        '_a_ ',
        '~~a~~ ',
        '`',
        '```\n',
        '<',
        'x <!-- ',
        '<?',
        '<a b="',
        '<http://a> ',
        '<div>\n\n',
      ],
      ...[
        '&amp; ',
        '\\',
        '!',
        '|a',
        '|a|b|\n|-|-|\n',
        'a@b.c ',
        'a.',
        'www.a.b ',
        'http://a ',
        'a',
        'a ',
        'a\n',
        'a\n\n',
        '\n',
      ],
      ...['[a', 'h ', 'w,h ', 'h\n'],
    );
    const bytes = 256 * 1024;
    const hostile = fc
      .tuple(
        fc.constantFrom('', 'x '),
        fc.array(token, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.nat(8),
      )
      .map(([start, tokens, alternate, halvings]) => {
        const size = bytes >> halvings;
        const filled = (part: string, length: number): string => part.repeat(Math.ceil(length / part.length));
        return (
          start +
          (alternate
            ? filled(tokens.join(''), size)
            : tokens.map((part) => filled(part, size / tokens.length)).join(''))
        );
      });
    await fc.assert(
      fc.asyncProperty(hostile, async (markdown) => {
        const before = process.cpuUsage();
        const nodes = modelMarkdown(markdown, 2);
        await withModelText(markdown);
        const { user, system } = process.cpuUsage(before);
        const count = nodes.reduce((sum, node) => sum + nodesOf(node).length, 0);
        assert.ok(count <= 50_000, `${count} nodes`);
        // Usually a few tenths of a second; without the bound, minutes.
        assert.ok(user + system < 20_000_000, `${(user + system) / 1_000} ms`);
      }),
      { numRuns: 60 },
    );
  });

  test('is cut to text where it is nested deeper than the limit', async () => {
    const text = await withModelText(`${'> '.repeat(50)}core`);
    const quotes = nodesOf(parse(text)).filter(({ type }) => type === 'blockquote').length;
    assert.ok(quotes <= 32);
    assert.match(plainText(parse(text)), /core/u);
  });

  test('changes no structure outside its section, whatever it is', async () => {
    const part = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          '# H',
          '## Sources',
          'Setext\n===',
          'Setext\n---',
          '```',
          '~~~',
          '> ',
          '- ',
          '1. ',
          '    ',
          '\t',
          '<div>',
          '</div>',
          '<!--',
          '-->',
          '<b>',
          '[x]: http://e.example',
          '[x]',
          '[1]',
          '[^1]',
          '[^1]: n',
          '![i](http://e.example/i)',
          '[l](javascript:x)',
          '|a|b|\n|-|-|',
          '|',
          '`',
          '**',
          '_',
          '~~',
          '\\',
          '&#35; x',
          '&lt;div&gt;',
          '---',
          '***',
          '+++',
          '$$',
          ':::',
          'www.e.example',
          'me@e.example',
          '漢字',
          '🙂',
          '\u202E',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
      { weight: 6, arbitrary: fc.constantFrom('\n', '\n\n', ' ', 'word') },
    );
    const model = fc.array(part, { maxLength: 40, size: 'max' }).map((parts) => parts.join(''));
    const section = fc.record({
      heading: fc.constantFrom('A', 'B *x*', '1. C', '+ D'),
      depth: fc.integer({ min: 2, max: 4 }),
      markdown: model,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(section, { maxLength: 4 }), model, async (sections, line) => {
        const text = await written({
          sections,
          title: line,
          gaps: [line],
          sources: [{ number: 1, handle: 'D1.1', documentName: line }],
        });
        const root = parse(text);
        const nodes = nodesOf(root);
        assert.deepEqual(
          nodes.filter(({ type }) =>
            [
              'html',
              'image',
              'imageReference',
              'definition',
              'linkReference',
              'footnoteReference',
              'footnoteDefinition',
            ].includes(type),
          ),
          [],
        );
        for (const node of nodes) if (node.type === 'link') assert.match(node.url, /^(?:https?:|mailto:)/u);
        const headings = root.children.filter((node) => node.type === 'heading');
        assert.equal(headings.filter(({ depth }) => depth === 1).length, 1);
        assert.equal(root.children.indexOf(headings[0] as Heading), 0);
        // Read in order, the own headings are found with nothing as high in between.
        let at = 1;
        for (const own of sections) {
          assert.deepEqual(
            [headings[at]?.depth, plainText(headings[at] as Heading)],
            [own.depth, own.heading],
          );
          at += 1;
          while (
            (headings[at]?.depth ?? 0) > own.depth &&
            !isNext(headings[at] as Heading, sections[sections.indexOf(own) + 1])
          )
            at += 1;
        }
        assert.deepEqual(
          headings.slice(at).map((heading) => plainText(heading)),
          ['Sources', 'Gaps and limitations'],
        );
      }),
      { numRuns: 400 },
    );
  });
});

const isNext = (
  heading: Heading,
  section: { readonly heading: string; readonly depth: number } | undefined,
): boolean =>
  section !== undefined && heading.depth === section.depth && plainText(heading) === section.heading;
