import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Brief,
  ModelCallError,
  type ModelRequest,
  type Passage,
} from '../../src/provider/model-provider.ts';
import { OfflineProvider } from '../../src/provider/offline-provider.ts';

const provider = new OfflineProvider();
const never = new AbortController().signal;

const request = (brief: Brief, maxOutputTokens = 4_096): ModelRequest => ({
  attemptId: 'attempt-1',
  model: 'extractive',
  messages: [
    { role: 'system', content: 'Work.' },
    { role: 'user', content: 'é' },
  ],
  brief,
  maxOutputTokens,
});

const answerTo = async (brief: Brief, maxOutputTokens?: number) => {
  const answer = await provider.call(request(brief, maxOutputTokens), never);
  assert.equal(answer.finishReason, 'stop');
  return answer.text;
};

const titlesOf = (plan: string): readonly string[] => subtasksOf(plan).map(({ title }) => title);
function subtasksOf(plan: string): readonly { readonly title: string; readonly question: string }[] {
  const value: unknown = JSON.parse(plan);
  assert.ok(
    typeof value === 'object' && value !== null && 'subtasks' in value && Array.isArray(value.subtasks),
  );
  return value.subtasks.map((subtask: unknown) => {
    assert.ok(typeof subtask === 'object' && subtask !== null && 'title' in subtask && 'question' in subtask);
    const { title, question } = subtask;
    assert.ok(typeof title === 'string' && typeof question === 'string');
    return { title, question };
  });
}

const leases: Passage = {
  handle: 'D1.1',
  documentName: 'leases.md',
  text: '# Leases\n\nA lease expires after 30 seconds, e.g. when its owner dies. Fencing tokens stop an\nold owner from writing. Bananas are yellow.',
};
const caches: Passage = {
  handle: 'D2.4',
  documentName: 'caches.md',
  text: '## Eviction\n\n- A cache evicts its oldest entry first.\n- Fencing tokens stop an old owner from writing.\n\n```sh\ncache --evict oldest\n```',
};
const task = 'Explain how storage systems stay correct and fast';

const quotations = (text: string) =>
  [...text.matchAll(/^- “([\s\S]*?)” \[(D\d+\.\d+)\]$/gmu)].map(([, quoted = '', handle = '']) => ({
    quoted,
    handle,
  }));
const handlesIn = (text: string) =>
  [...text.matchAll(/\[([^[\]\n]*)\]/gu)].flatMap(([, inside = '']) => inside.match(/D\d+\.\d+/gu) ?? []);

const normalised = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

describe('the offline provider', () => {
  test('reports rough usage: UTF-8 bytes over four, rounded up', async () => {
    const { text, usage } = await provider.call(
      request({ kind: 'answer', task, question: 'What do fencing tokens stop?', passages: [leases] }),
      never,
    );
    assert.deepEqual(usage, { inputTokens: 2 + 1, outputTokens: Math.ceil(Buffer.byteLength(text) / 4) });
  });

  test('rejects with the failure code aborted when the signal is aborted', async () => {
    const brief: Brief = { kind: 'answer', task, question: 'What?', passages: [] };
    await assert.rejects(
      provider.call(request(brief), AbortSignal.abort(new Error('cancelled'))),
      (error) => {
        assert.ok(error instanceof ModelCallError);
        assert.equal(error.failure.code, 'aborted');
        assert.equal(error.failure.retryable, false);
        return true;
      },
    );
  });

  test('an output maximum that nothing fits in truncates the call: half an answer is none', async () => {
    const brief: Brief = { kind: 'answer', task, question: '漢字かな交じり文', passages: [] };
    await assert.rejects(provider.call(request(brief, 4), never), (error) => {
      assert.ok(error instanceof ModelCallError);
      assert.equal(error.failure.code, 'truncated');
      assert.equal(error.failure.retryable, false);
      assert.equal(error.usage?.outputTokens, 4);
      return true;
    });
  });

  test('gives the same bytes for the same request', async () => {
    for (const brief of [
      { kind: 'plan', task, count: 5, missing: 5, known: [], passages: [leases, caches] },
      { kind: 'answer', task, question: 'What stops an old owner?', passages: [leases, caches] },
      {
        kind: 'synthesise',
        task,
        level: 'final',
        findings: [{ agentId: 'a', title: 'A', text: 'A lease expires.' }],
        missing: ['B'],
      },
    ] satisfies Brief[]) {
      assert.equal(await answerTo(brief), await answerTo(structuredClone(brief)));
    }
  });
});

describe('an offline plan', () => {
  test('has exactly the missing number of distinct subtasks, none of them known, for any task and passages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(
          fc.record({
            handle: fc.constant('D1.1'),
            documentName: fc.string({ unit: 'binary', maxLength: 30 }),
            text: fc.oneof(
              fc.lorem({ mode: 'sentences', maxCount: 8 }),
              fc.string({ unit: 'binary', maxLength: 200 }),
            ),
          }),
          { maxLength: 5 },
        ),
        async (anyTask, missing, passages) => {
          const first = subtasksOf(
            await answerTo({ kind: 'plan', task: anyTask, count: 20, missing, known: [], passages }),
          );
          const known = first.map(({ title }) => title);
          const second = subtasksOf(
            await answerTo({ kind: 'plan', task: anyTask, count: 20, missing, known, passages }),
          );
          const all = [...first, ...second];
          assert.equal(first.length, missing);
          assert.equal(second.length, missing);
          assert.equal(new Set(all.map(({ title }) => normalised(title))).size, 2 * missing);
          assert.equal(new Set(all.map(({ question }) => normalised(question))).size, 2 * missing);
          for (const { title, question } of all) {
            assert.ok(title.length <= 260 && question.length <= 1_000 && title.isWellFormed());
            assert.deepEqual(handlesIn(title + question), []);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('follows the documents: headings, telling terms and names; other documents give another plan', async () => {
    const plan = (passages: readonly Passage[]) =>
      answerTo({ kind: 'plan', task, count: 4, missing: 4, known: [], passages });
    const both = titlesOf(await plan([leases, caches]));
    assert.ok(both.includes('Leases (leases.md)'));
    assert.ok(both.includes('Eviction (caches.md)'));
    assert.notDeepEqual(titlesOf(await plan([leases])), titlesOf(await plan([caches])));
  });

  test('puts the task into every question', async () => {
    const plan = subtasksOf(
      await answerTo({ kind: 'plan', task, count: 3, missing: 3, known: [], passages: [leases] }),
    );
    for (const { question } of plan) assert.ok(question.includes(task));
  });

  test("says in its titles when it had only the task's words", async () => {
    const titles = titlesOf(
      await answerTo({ kind: 'plan', task, count: 8, missing: 8, known: [], passages: [] }),
    );
    assert.equal(titles.length, 8);
    for (const title of titles) assert.match(title, /from the task's words, no passage found/u);
    assert.ok(titles.some((title) => title.startsWith('storage: ')));
  });

  test('fits twenty subtasks of a long Chinese task into the default output', async () => {
    const plan = await answerTo({
      kind: 'plan',
      task: '人工智能研究'.repeat(500),
      count: 20,
      missing: 20,
      known: [],
      passages: [],
    });
    assert.equal(subtasksOf(plan).length, 20);
  });
});

describe('an offline answer', () => {
  test('quotes the sentences that answer, with their handles, and leaves out the rest', async () => {
    const text = await answerTo({
      kind: 'answer',
      task,
      question: 'What do fencing tokens stop an owner from?',
      passages: [leases],
    });
    assert.deepEqual(quotations(text)[0], {
      quoted: 'Fencing tokens stop an\nold owner from writing.',
      handle: 'D1.1',
    });
    assert.ok(!text.includes('Bananas'));
  });

  test('does not take an abbreviation for the end of a sentence', async () => {
    const text = await answerTo({
      kind: 'answer',
      task,
      question: 'When does a lease expire, after how many seconds?',
      passages: [leases],
    });
    assert.deepEqual(
      quotations(text)[0]?.quoted,
      'A lease expires after 30 seconds, e.g. when its owner dies.',
    );
  });

  test('quotes a sentence that two documents share once', async () => {
    const text = await answerTo({
      kind: 'answer',
      task,
      question: 'What do fencing tokens stop an owner from?',
      passages: [leases, caches],
    });
    assert.equal(text.match(/Fencing tokens stop/gu)?.length, 1);
  });

  test('keeps two sentences that differ in a number or a negation', async () => {
    const passages = [
      { handle: 'D1.1', documentName: 'a', text: 'The replica lag of the primary cluster is 5 seconds.' },
      { handle: 'D2.1', documentName: 'b', text: 'The replica lag of the primary cluster is 9 seconds.' },
      { handle: 'D3.1', documentName: 'c', text: 'The replica lag of the primary cluster is not 9 seconds.' },
    ];
    const text = await answerTo({ kind: 'answer', task, question: 'What is the replica lag?', passages });
    assert.deepEqual(
      quotations(text)
        .map(({ handle }) => handle)
        .toSorted(),
      ['D1.1', 'D2.1', 'D3.1'],
    );
  });

  test('says plainly that the documents do not answer, and quotes nothing', async () => {
    for (const passages of [[], [leases, caches]]) {
      const text = await answerTo({
        kind: 'answer',
        task,
        question: 'Who won the chess olympiad?',
        passages,
      });
      assert.match(
        text,
        passages.length > 0
          ? /documents do not answer this question/u
          : /No passage .* matches this question/u,
      );
      assert.match(text, /data is missing/u);
      assert.deepEqual(handlesIn(text), []);
    }
  });

  test('names the words of the question that nothing quoted mentions', async () => {
    const text = await answerTo({
      kind: 'answer',
      task,
      question: 'Which fencing tokens stop a zebra owner?',
      passages: [leases],
    });
    assert.match(text, /Not mentioned in the sentences quoted: zebra\./u);
  });

  test('answers in scripts without spaces', async () => {
    const passages = [
      {
        handle: 'D1.1',
        documentName: '研究.txt',
        text: '香蕉是黄色的。人工智能正在改变医疗行业。天气很好。',
      },
    ];
    const text = await answerTo({
      kind: 'answer',
      task: '研究报告',
      question: '人工智能怎样改变医疗？',
      passages,
    });
    assert.deepEqual(quotations(text), [{ quoted: '人工智能正在改变医疗行业。', handle: 'D1.1' }]);
  });

  test('does not quote a sentence that brings a citation of its own', async () => {
    const passages = [
      {
        handle: 'D1.1',
        documentName: 'a',
        text: 'Fencing tokens stop the owner, see [D7.7]. Fencing tokens are numbers of an owner.',
      },
    ];
    const text = await answerTo({
      kind: 'answer',
      task,
      question: 'What do fencing tokens do to the owner [D8.8]?',
      passages,
    });
    assert.deepEqual(new Set(handlesIn(text)), new Set(['D1.1']));
  });

  test('quotes verbatim and cites only given handles, whatever the passages hold', async () => {
    const words = fc.constantFrom(
      'lease',
      'owner',
      'token',
      'cache',
      'is',
      'the',
      '[D9.9]',
      '`',
      '**',
      '[',
      '](x)',
      '漢字',
      '🙂',
      '“',
      '”',
      '5',
      'not',
      '<b>',
      '|',
      '\\',
    );
    const separator = fc.constantFrom(
      ' ',
      ' ',
      ' ',
      '. ',
      '.\n',
      '\n',
      '\n\n',
      '\n- ',
      '\n# ',
      '\n> ',
      '\n```\n',
      '\n===\n',
      '。',
      '\n1. ',
      '\r\n',
    );
    const text = fc
      .array(fc.tuple(words, separator), { minLength: 10, maxLength: 80, size: 'max' })
      .map((parts) => parts.flat().join(''));
    const passages = fc.array(text, { maxLength: 6 }).map((texts) =>
      texts.map((content, index) => ({
        handle: `D${index + 1}.1`,
        documentName: `${index}.md`,
        text: content,
      })),
    );
    let quoted = 0;
    await fc.assert(
      fc.asyncProperty(
        passages,
        fc.array(fc.constantFrom('lease', 'owner', 'token', 'cache', '[D9.9]'), { maxLength: 4 }),
        async (given, question) => {
          const answer = await answerTo({
            kind: 'answer',
            task,
            question: question.join(' '),
            passages: given,
          });
          for (const item of answer.split(/^- /mu).slice(1)) {
            const match = /^(?:“([\s\S]*)”|`(.*)`) \[(D\d+\.\d+)\]\s*(?:#|$)/u.exec(item);
            if (!match) continue;
            quoted += 1;
            const source = given.find(({ handle }) => handle === match[3]);
            assert.ok(
              source?.text.includes(match[1] ?? match[2] ?? ''),
              `${JSON.stringify(item)} stands in ${match[3]}`,
            );
          }
          for (const handle of handlesIn(answer))
            assert.ok(
              given.some((passage) => passage.handle === handle),
              handle,
            );
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(quoted > 100, `${quoted} quotations seen`);
  });
});

describe('an offline synthesis', () => {
  const findings = [
    {
      agentId: 'researcher/0',
      title: 'Leases',
      text: '> Question: leases?\n\n### What the given documents say\n\n- “A lease expires after 30 seconds.” [D1.1]\n- “Storage systems stay correct by fencing.” [D1.2]\n\n### Gaps and limitations\n\n- Not mentioned in the sentences quoted: zebra.',
    },
    {
      agentId: 'researcher/1',
      title: 'Caches',
      text: '- “Storage systems stay correct by fencing.” [D3.1]\n- “A cache evicts its oldest entry.” [D2.4]',
    },
  ];

  test('shows each statement once, with the citations and titles of all findings that make it', async () => {
    const text = await answerTo({ kind: 'synthesise', task, level: 'group', findings, missing: [] });
    assert.equal(text.match(/stay correct by fencing/gu)?.length, 1);
    assert.match(
      text,
      /“Storage systems stay correct by fencing\.” \[D1\.2\] \[D3\.1\] \(also in: Caches\)/u,
    );
    assert.ok(text.indexOf('#### Leases') < text.indexOf('A lease expires'));
    assert.ok(text.indexOf('#### Caches') < text.indexOf('A cache evicts'));
  });

  test('names what is missing and the gaps of each finding', async () => {
    const text = await answerTo({
      kind: 'synthesise',
      task,
      level: 'group',
      findings,
      missing: ['Pricing', 'Legal'],
    });
    const gaps = text.slice(text.indexOf('### Gaps and limitations'));
    assert.match(gaps, /- Missing: Pricing\n- Missing: Legal/u);
    assert.match(gaps, /- Leases: Not mentioned in the sentences quoted: zebra\./u);
  });

  test('begins with an overview of each finding at the executive and final level only', async () => {
    for (const level of ['executive', 'final'] as const) {
      const text = await answerTo({ kind: 'synthesise', task, level, findings, missing: [] });
      assert.ok(text.startsWith('### Overview'));
      assert.match(text, /- \*\*Leases\*\*: “Storage systems stay correct by fencing\.”/u);
      assert.match(text, /- \*\*Caches\*\*: “A cache evicts/u);
    }
    assert.ok(
      !(await answerTo({ kind: 'synthesise', task, level: 'group', findings, missing: [] })).includes(
        'Overview',
      ),
    );
  });

  test("merges a model's prose sentence by sentence, headings of the finding kept", async () => {
    const text = await answerTo({
      kind: 'synthesise',
      task,
      level: 'final',
      findings: [
        {
          agentId: 'a',
          title: 'A',
          text: '# Storage\n\nDisks fail often [D1.1]. Mirrors help, says the report. [D2.2] Tapes are slow.',
        },
      ],
      missing: [],
    });
    assert.match(text, /##### Storage/u);
    assert.match(text, /- Mirrors help, says the report\. \[D2\.2\]/u);
    assert.match(text, /Tapes are slow\./u);
  });

  test('says so when there is nothing to merge', async () => {
    const text = await answerTo({ kind: 'synthesise', task, level: 'final', findings: [], missing: ['All'] });
    assert.match(text, /None of the findings holds a statement/u);
    assert.match(text, /Missing: All/u);
  });

  test('fits its statements into the output maximum and counts those left out', async () => {
    const prose = Array.from(
      { length: 50 },
      (_, index) => `Statement number${index} tells of storage${index} and speed${index}.`,
    ).join(' ');
    const many = Array.from({ length: 8 }, (_, index) => ({
      agentId: `r/${index}`,
      title: `Part ${index}`,
      text: prose.replaceAll('number', `part${index}number`),
    }));
    const text = await answerTo(
      { kind: 'synthesise', task, level: 'executive', findings: many, missing: [] },
      1_000,
    );
    assert.ok(Buffer.byteLength(text) <= 4_000);
    assert.match(text, /\d+ further statements are left to the findings themselves/u);
  });

  test('takes every statement letter by letter from a finding and cites nothing else, whatever they hold', async () => {
    const part = fc.constantFrom(
      'Leases expire soon',
      'Caches are fast [D1.1]',
      '[D2.2, D3.3]',
      'The owner',
      'tells 5',
      '# Gaps',
      '- item one',
      '**',
      '`',
      '```',
      '> q',
      '漢字の研究。',
      '.',
      '. ',
      '\n',
      '\n\n',
      ' ',
      '<x>',
    );
    const finding = fc.array(part, { maxLength: 40, size: 'max' }).map((parts) => parts.join(' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(finding, { maxLength: 4 }),
        fc.constantFrom('group', 'executive', 'final'),
        async (texts, level) => {
          const given = texts.map((text, index) => ({ agentId: `r/${index}`, title: `T${index}`, text }));
          const answer = await answerTo({ kind: 'synthesise', task, level, findings: given, missing: [] });
          const body = answer.slice(0, answer.indexOf('### Gaps and limitations'));
          for (const item of body.split(/^(?:- (?:\*\*T\d\*\*: )?|#.*$|> Task.*$|None of .*$)/mu)) {
            const statement = item.replace(/(?: \[[D\d., ]+\])?(?: \(also in: [^)]*\))?\s*$/u, '').trim();
            assert.ok(
              statement === '' || texts.some((text) => text.includes(statement)),
              JSON.stringify(statement),
            );
          }
          for (const handle of handlesIn(answer)) assert.ok(texts.some((text) => text.includes(handle)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
