import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { normalised, parseSubtasks, planProgress } from '../../src/orchestrator/team-plan.ts';
import { planText } from './research-run.ts';

const questions = (answer: string): readonly string[] =>
  parseSubtasks(answer).map((subtask) => subtask.question);

describe('parsing a plan', () => {
  const two = ['What is A?', 'What is B?'];
  const forms: Readonly<Record<string, string>> = {
    'the schema':
      '{"subtasks":[{"title":"A","question":"What is A?"},{"title":"B","question":"What is B?"}]}',
    'an array': '[{"title":"A","question":"What is A?"},{"question":"What is B?"}]',
    'an array of texts': '["What is A?", "What is B?"]',
    'a fence':
      'Here is it:\n```json\n{"subtasks":[{"question":"What is A?"},{"question":"What is B?"}]}\n```\nDone.',
    'prose with other brackets': 'See [1] and {x}: {"subtasks":["What is A?","What is B?"]} {ok}',
    'strings with brackets':
      '{"subtasks":[{"title":"}]","question":"What is A?"},{"question":"What is B?"}]} }',
    'a numbered list': 'The plan:\n\n1. What is A?\n2. What is B?\n\nTell me if it fits.',
    'a list with parentheses': '  1) What is A?\n  2) What is B?',
    'a list in bold': '**1.** What is A?\n**2.** What is B?',
  };
  for (const [form, answer] of Object.entries(forms)) {
    test(`reads ${form}`, () => assert.deepEqual(questions(answer), two));
  }

  test('prefers a longer list to a few strings in brackets', () => {
    assert.equal(questions('1. Weigh ["x", "y"]\n2. What is B?\n3. What is C?').length, 3);
  });

  test('reads a bold heading as the title and the lines below as its question', () => {
    assert.deepEqual(
      parseSubtasks('1. **Market size**: How big\n   is it?\n2. **Risks** – Which?\n3. **Only a title**'),
      [
        { title: 'Market size', question: 'How big is it?' },
        { title: 'Risks', question: 'Which?' },
        { title: 'Only a title', question: 'Only a title' },
      ],
    );
  });

  test('entries that are no subtask are dropped one by one', () => {
    assert.deepEqual(
      questions(
        '{"subtasks":[null, 5, {"question":7}, {"title":"x"}, "?!", {"question":"What is A?","extra":1}]}',
      ),
      ['What is A?'],
    );
  });

  test('long titles and questions are cut', () => {
    const [subtask] = parseSubtasks(
      JSON.stringify([{ title: 't'.repeat(9_000), question: 'q'.repeat(9_000) }]),
    );
    assert.equal(subtask?.title.length, 200);
    assert.equal(subtask?.question.length, 2_000);
  });

  test('__proto__ and constructor in an answer change nothing', () => {
    const answer =
      '{"__proto__":{"subtasks":["polluted"]},"constructor":{"prototype":{"x":1}},"subtasks":[{"__proto__":{"title":"evil"},"question":"What is A?"}]}';
    assert.deepEqual(parseSubtasks(answer), [{ title: 'What is A?', question: 'What is A?' }]);
    assert.equal(Reflect.get({}, 'subtasks'), undefined);
    assert.deepEqual(parseSubtasks('{"__proto__":{"subtasks":["polluted"]}}'), []);
  });

  test('JSON that is too deep is not read, and a bomb costs no stack and little time', () => {
    const deep = `{"subtasks":["What is A?"],"x":${'['.repeat(20)}${']'.repeat(20)}}`;
    assert.deepEqual(parseSubtasks(deep), []);
    for (const bomb of ['[', '{', '{"a":', '"', '[{"', '1. [', '**1.** **']) {
      assert.ok(Array.isArray(parseSubtasks(bomb.repeat(100_000))));
    }
  });

  test('an answer without a subtask has none', () => {
    for (const answer of ['', '   ', 'I cannot do that.', '{"subtasks":[]}', 'null', '42', '"text"']) {
      assert.deepEqual(parseSubtasks(answer), [], answer);
    }
  });
});

describe('the progress of a plan', () => {
  test('a full answer is the plan', () => {
    const plan = planProgress([planText(3)], 3);
    assert.equal(plan.step, 'done');
    assert.equal(plan.subtasks.length, 3);
  });

  test('too many subtasks are cut', () => {
    const plan = planProgress([planText(9)], 3);
    assert.equal(plan.step, 'done');
    assert.deepEqual(
      plan.subtasks.map((subtask) => subtask.title),
      ['Part 0', 'Part 1', 'Part 2'],
    );
  });

  test('missing ones are asked for once; then fewer run', () => {
    assert.equal(planProgress([planText(2)], 5).step, 'complete');
    const filled = planProgress([planText(2), planText(3, 2)], 5);
    assert.equal(filled.step, 'done');
    assert.equal(filled.subtasks.length, 5);
    const short = planProgress([planText(2), planText(2, 1)], 5);
    assert.equal(short.step, 'done');
    assert.deepEqual(
      short.subtasks.map((subtask) => subtask.title),
      ['Part 0', 'Part 1', 'Part 2'],
    );
    assert.equal(planProgress([planText(2), 'No idea.'], 5).subtasks.length, 2);
    assert.equal(planProgress([planText(2), 'No idea.'], 5).step, 'done');
  });

  test('duplicates that differ in case, punctuation or width only are one', () => {
    assert.equal(normalised('What  IS “Ａ”?'), 'what is a');
    const answer = JSON.stringify(['What is A?', 'what is a', ' WHAT — is Ａ!', 'What is B?']);
    const plan = planProgress([answer], 4);
    assert.deepEqual(
      plan.subtasks.map((subtask) => subtask.question),
      ['What is A?', 'What is B?'],
    );
    assert.equal(plan.step, 'complete');
  });

  test('an unreadable answer gets one repair turn, then the planner has failed', () => {
    assert.equal(planProgress(['No.'], 2).step, 'repair');
    assert.equal(planProgress(['No.', 'Never.'], 2).step, 'failed');
    assert.equal(planProgress(['No.', planText(2)], 2).step, 'done');
    assert.equal(planProgress(['No.', planText(1)], 2).step, 'complete');
    assert.equal(planProgress(['No.', planText(1), 'No.'], 2).step, 'done');
  });

  test('never throws, never holds more than asked for, never a duplicate, and ends within three turns', () => {
    const item = fc.oneof(
      fc.string(),
      fc.record({ title: fc.string(), question: fc.constantFrom('a?', 'A', 'b', 'c d', 'C  d!') }),
      fc.jsonValue(),
    );
    const answer = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(item).map((subtasks) => JSON.stringify({ subtasks })),
      fc.array(item).map((items) => `Plan:\n\`\`\`json\n${JSON.stringify(items)}\n\`\`\``),
      fc.array(fc.string()).map((items) => items.map((text, index) => `${index + 1}. ${text}`).join('\n')),
      fc
        .array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'x', '\n', '1. '))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 20 }),
        (answers, requested) => {
          const { subtasks, step } = planProgress(answers, requested);
          assert.ok(subtasks.length <= requested);
          const keys = subtasks.map((subtask) => normalised(subtask.question));
          assert.equal(new Set(keys).size, keys.length);
          assert.ok(keys.every((key) => key !== ''));
          assert.equal(subtasks.length === 0, step === 'repair' || step === 'failed');
          if (answers.length === 3)
            assert.ok(step === 'done' || step === 'failed' || keys.length < requested);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('whatever a planner answers, at most three turns are made', () => {
    const answer = fc.constantFrom('No.', planText(1), planText(2), planText(4), planText(1, 9));
    fc.assert(
      fc.property(fc.array(answer, { minLength: 3, maxLength: 3 }), (answers) => {
        const steps = answers.map((_, turn) => planProgress(answers.slice(0, turn + 1), 4).step);
        const last = steps.findIndex((step) => step === 'done' || step === 'failed');
        assert.ok(last >= 0, steps.join());
      }),
    );
  });
});
