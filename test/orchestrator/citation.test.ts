import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { SourceNumbering, citationsOf, withoutUnknownCitations } from '../../src/orchestrator/citation.ts';
import { passage } from './research-run.ts';

const known = new Set(['D1.1', 'D1.2', 'D12.34']);

describe('citations in a text', () => {
  test('are found alone, in lists and in ranges, each once, in order', () => {
    assert.deepEqual(citationsOf('A [D1.2]. B [D1.1, D1.2; D12.34] C [d1.1] and [D1.1 and D9.9].', known), {
      citations: ['D1.2', 'D1.1', 'D12.34'],
      unknownCitations: ['D9.9'],
    });
    assert.deepEqual(citationsOf('[D1.1-D1.2] [D7.1–D7.2]', known), {
      citations: ['D1.1', 'D1.2'],
      unknownCitations: ['D7.1', 'D7.2'],
    });
    assert.deepEqual(citationsOf('[[D1.1]] \\[D1.2\\] [D1.1](http://made.up)', known).citations, [
      'D1.1',
      'D1.2',
    ]);
  });

  test('leave ordinary brackets and links alone', () => {
    const text =
      'See [the docs](https://example.org/D1.2), [D1 notes](a), ![img](b), [x][y], - [ ] todo, a[0], [^1], [D1.2 says so], [].';
    assert.deepEqual(citationsOf(text, known), { citations: [], unknownCitations: [] });
    assert.equal(withoutUnknownCitations(text, known), text);
  });

  test('a handle of another shape counts when the material has it', () => {
    assert.deepEqual(citationsOf('[web-3] [web-4]', new Set(['web-3'])), {
      citations: ['web-3'],
      unknownCitations: [],
    });
  });

  test('unknown ones are removed with the space before them, known ones stay', () => {
    assert.equal(withoutUnknownCitations('A [D9.9]. B [D1.1, D9.9].', known), 'A. B [D1.1].');
    assert.equal(withoutUnknownCitations('A [D9.9](http://x.y) b', known), 'A b');
    assert.equal(withoutUnknownCitations('- [D9.9] b', known), '- b');
    assert.equal(withoutUnknownCitations('a\n  [D9.9]', known), 'a\n  ');
  });

  test('a model that invents handles without end fills no log', () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `[D9.${index}]`).join(' ');
    assert.equal(citationsOf(text, known).unknownCitations.length, 100);
    assert.equal(withoutUnknownCitations(text, known).trim(), '');
  });

  test('a text of megabytes that is all invented handles is cleaned in linear time', () => {
    const handles = 500_000;
    const before = process.cpuUsage();
    const cleaned = withoutUnknownCitations('x [D9.9]'.repeat(handles), known);
    const { user, system } = process.cpuUsage(before);
    assert.equal(cleaned, 'x'.repeat(handles));
    // Quadratic time takes a minute here, linear time half a second.
    assert.ok(user + system < 10_000_000, `${(user + system) / 1_000} ms`);
  });

  test('after removal no unknown handle is left, whatever the text', () => {
    const part = fc.constantFrom(
      '[D1.1]',
      '[D9.9]',
      '[D9.9, D1.1]',
      '[D9.8 and D9.9](x)',
      ' ',
      'x',
      '(',
      '\\',
      '\n',
      '`',
      '-',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const cleaned = withoutUnknownCitations(text, known);
        const { citations } = citationsOf(text, known);
        assert.deepEqual(citationsOf(cleaned, known), { citations, unknownCitations: [] });
      }),
    );
  });
});

describe('numbering of sources', () => {
  const passages = [passage('D1.1', 0), passage('D1.2', 50), passage('D12.34', 50)];

  test('follows the first citation across texts, and two handles of one passage share a number', () => {
    const numbering = new SourceNumbering(passages);
    assert.equal(numbering.number('A [D1.2], b [D1.1].', known), 'A [1], b [2].');
    assert.equal(numbering.number('C [D12.34, D1.2, D1.1] d [D5.5].', known), 'C [1, 2] d.');
    assert.deepEqual(
      numbering.sources.map((source) => [source.number, source.handle]),
      [
        [1, 'D1.2'],
        [2, 'D1.1'],
      ],
    );
  });

  test('a handle is a number only where its agent may cite it', () => {
    const numbering = new SourceNumbering(passages);
    assert.equal(numbering.number('A [D1.1] b [D1.2]', new Set(['D1.2'])), 'A b [1]');
  });

  test('numbers that the model wrote itself cannot be taken for sources', () => {
    const numbering = new SourceNumbering(passages);
    assert.equal(
      numbering.number(
        'A [7][8] [D1.1], x[0], [t](u), [t][1], `[3]`\n```\n[4]\n```\n[1]: http://evil.example',
        known,
      ),
      'A (7)(8) [1], x[0], [t](u), [t][1], `[3]`\n```\n[4]\n```\n(1): http://evil.example',
    );
  });

  test('a number is never read as a link or as the definition of one', () => {
    const numbering = new SourceNumbering(passages);
    assert.equal(numbering.number('[D1.1]: http://evil.example', known), '\\[1]: http://evil.example');
    assert.equal(numbering.number('[D1.1](not a link)', known), '\\[1](not a link)');
  });

  test('hostile brackets cost little time', () => {
    const numbering = new SourceNumbering(passages);
    for (const bomb of ['[', '[[', '\\[', '[D1.1', '[D1.1](', ' ', '`', '```', '[1]']) {
      assert.equal(typeof numbering.number(bomb.repeat(100_000), known), 'string');
    }
  });
});
