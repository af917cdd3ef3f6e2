import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { splitPassages } from '../../src/tool/passage-split.ts';
import { limits } from '../../src/workflow/limits.ts';

const textsOf = (text: string) => splitPassages(text).map(({ start, end }) => text.slice(start, end));
const paragraph = (subject: string) => `${subject} ${'is described here at some length. '.repeat(16)}`.trim();

const fragment = fc.oneof(
  fc.constantFrom(
    '\n',
    '\n\n',
    '\r\n',
    '# A\n',
    '## B\n\n',
    'Title\n=====\n',
    '```\n',
    '~~~js\n',
    '- item\n',
    '🙂',
    '漢字かな。',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.lorem({ mode: 'sentences', maxCount: 12 }),
  fc.string({ minLength: 1_500, maxLength: 4_000, unit: fc.constantFrom('x', '🙂', '漢') }),
);

describe('splitting documents into passages', () => {
  test('keeps every character that is not white space, in order and without overlap', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (parts) => {
        const text = parts.join('').toWellFormed();
        const spans = splitPassages(text);
        let position = 0;
        for (const { start, end } of spans) {
          assert.ok(start >= position && end > start);
          assert.equal(text.slice(position, start).trim(), '');
          const passage = text.slice(start, end);
          assert.ok(passage.isWellFormed(), 'no surrogate pair is cut');
          assert.ok(passage.length <= limits.passageCodeCharsMax);
          position = end;
        }
        assert.equal(text.slice(position).trim(), '');
        assert.deepEqual(splitPassages(text), spans);
      }),
      { numRuns: 300 },
    );
  });

  test('begins a passage at a heading and remembers the headings above', () => {
    const text = `# Guide\n\n${paragraph('Start')}\n\n## Limits\n\n${paragraph('A limit')}\n\n${paragraph('Another')}\n\n# Other\n\n${paragraph('End')}`;
    const spans = splitPassages(text);
    assert.deepEqual(
      spans.map(({ headings }) => headings),
      [['Guide'], ['Guide', 'Limits'], ['Other']],
    );
    assert.ok(text.slice(spans[1]?.start, spans[1]?.end).startsWith('## Limits\n'));
  });

  test('reads underlined headings of Markdown and reStructuredText', () => {
    const text = `Guide\n=====\n\n${paragraph('One')}\n\nPart\n----\n\n${paragraph('Two')}`;
    assert.deepEqual(
      splitPassages(text).map(({ headings }) => headings),
      [['Guide'], ['Guide', 'Part']],
    );
  });

  test('gives a heading to the passage that follows it', () => {
    const passages = textsOf(
      `${paragraph('a')}\n\n${'b'.repeat(300)}\n\n## Next\n\n${paragraph('c')} ${paragraph('d')}`,
    );
    assert.equal(passages.filter((passage) => passage.startsWith('## Next\n\nc')).length, 1);
  });

  test('keeps a code fence whole, with headings and blank lines in it, when it is small', () => {
    const code = `\`\`\`sh\n# no heading\n\n${'echo hello\n'.repeat(150)}\`\`\``;
    assert.ok(code.length > limits.passageCharsMax);
    const passages = textsOf(`${paragraph('Before')}\n\n${code}\n\n${paragraph('After')}`);
    assert.equal(passages.filter((passage) => passage.includes(code)).length, 1);
  });

  test('breaks a paragraph that is too long after sentences', () => {
    const passages = textsOf('This sentence is repeated often. '.repeat(200));
    assert.ok(passages.length > 4);
    for (const passage of passages) {
      assert.ok(passage.length <= limits.passageCharsMax);
      assert.ok(passage.startsWith('This ') && passage.endsWith('often.'));
    }
  });

  test('reads a line of a hundred thousand spaces as fast as any other', () => {
    const text = `# Title ${' '.repeat(100_000)}x\n\n${' #'.repeat(50_000)}y`;
    assert.ok(splitPassages(text).length > 1);
  });

  test('finds nothing in an empty document', () => {
    assert.deepEqual(splitPassages(' \n\t\r\n'), []);
  });
});
