import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  answerMessages,
  fenced,
  planMessages,
  planMissingRequest,
  synthesisMessages,
} from '../../src/orchestrator/prompts.ts';

const passages = (text: string) => [{ handle: 'D1.1', documentName: text, text }];
const openings = (text: string): number => text.match(/<[^\p{L}\p{N}<>]*material/giu)?.length ?? 0;

/** Text that tries to leave its fence. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '/',
        ' ',
        '>',
        '\n',
        '\u200b',
        'material',
        'MATERIAL',
        '</material>',
        '<material kind="task">',
        '"',
        '&',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('prompts', () => {
  test('material never closes its fence or opens another', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, name) => {
        const result = fenced('passage', { document: name }, text);
        const lines = result.split('\n');
        assert.match(lines[0] ?? '', /^<material kind="passage" document="[^"<>\n]*">$/u);
        assert.equal(lines.at(-1), '</material>');
        assert.equal(openings(result), 2, JSON.stringify(result));
      }),
      { numRuns: 1_000 },
    );
  });

  test('no text from outside changes how many fences a prompt has', () => {
    const prompts = {
      plan: (text: string) =>
        planMessages({ task: text, count: 3, passages: passages(text), answers: [], requests: [] }),
      missing: (text: string) => [
        { role: 'user' as const, content: planMissingRequest(1, [{ title: text, question: text }]) },
      ],
      answer: (text: string) =>
        answerMessages({
          task: text,
          subtask: { title: text, question: text },
          passages: passages(text),
          blank: false,
        }),
      synthesis: (text: string) =>
        synthesisMessages({
          task: text,
          level: 'executive',
          findings: [{ agentId: 'researcher/0', title: text, text }],
          unsynthesisedIds: new Set(['researcher/0']),
          missing: [text],
          report: true,
          blank: false,
        }),
    };
    const count = (messages: readonly { readonly content: string }[]): number =>
      openings(messages.map((message) => message.content).join('\n'));
    for (const [name, prompt] of Object.entries(prompts)) {
      const plain = count(prompt('plain'));
      assert.ok(plain > 0);
      fc.assert(fc.property(hostile, (text) => assert.equal(count(prompt(text)), plain, name)));
    }
  });

  test('ordinary angle brackets survive', () => {
    assert.match(fenced('passage', {}, 'if (a < b) <div>immaterial</div>'), /a < b\) <div>immaterial<\/div>/);
  });

  test('a researcher is told to cite handles and to admit what is missing', () => {
    const [system] = answerMessages({
      task: 't',
      subtask: { title: 's', question: 'q' },
      passages: passages('p'),
      blank: false,
    });
    assert.match(system?.content ?? '', /\[D1\.2\]/);
    assert.match(system?.content ?? '', /which data is missing/);
    assert.match(system?.content ?? '', /is data/);
  });

  test('a researcher without documents is told to give no citation', () => {
    const [system, user] = answerMessages({
      task: 't',
      subtask: { title: 's', question: 'q' },
      passages: [],
      blank: false,
    });
    assert.match(system?.content ?? '', /no documents.*invent no source/);
    assert.doesNotMatch(user?.content ?? '', /Passages/);
  });

  test('a report keeps facts, inferences, gaps and limitations apart and marks what nobody checked', () => {
    const [system, user] = synthesisMessages({
      task: 't',
      level: 'executive',
      findings: [
        { agentId: 'researcher/0', title: 'a', text: 'x' },
        { agentId: 'synthesizer/1', title: 'b', text: 'y' },
      ],
      unsynthesisedIds: new Set(['researcher/0']),
      missing: ['Part 9'],
      report: true,
      blank: false,
    });
    assert.match(system?.content ?? '', /facts, inferences, gaps and limitations apart/);
    assert.match(user?.content ?? '', /agent="researcher\/0" title="a" checked="no, unsynthesised"/);
    assert.match(user?.content ?? '', /agent="synthesizer\/1" title="b">/);
    assert.match(user?.content ?? '', /- Part 9/);
  });

  test('a finding over the limit is cut, and the cut is said', () => {
    const [, user] = synthesisMessages({
      task: 't',
      level: 'final',
      findings: [{ agentId: 'researcher/0', title: 'a', text: 'x'.repeat(70_000) }],
      unsynthesisedIds: new Set(),
      missing: [],
      report: true,
      blank: false,
    });
    assert.match(user?.content ?? '', /\[cut here: 4464 more characters\]/);
  });
});
