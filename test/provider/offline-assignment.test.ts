import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Brief } from '../../src/provider/model-provider.ts';
import { offlineAssignment } from '../../src/provider/offline-assignment.ts';

type AssignmentBrief = Extract<Brief, { kind: 'assignment' }>;

const note =
  '# Logs\n\nA durable log is written with fsync before the answer leaves.\n\nThe log is read again after a crash.';
const passages = [{ handle: 'D1.1', documentName: 'notes.md', text: note }];
const draft = { agentId: 'draft/0', title: 'Draft', text: 'A durable log needs fsync [D1.1].' };

const answerOf = (brief: Partial<AssignmentBrief>, fits: (text: string) => boolean = () => true): string =>
  offlineAssignment(
    {
      kind: 'assignment',
      task: 'How is a durable log written?',
      instruction: 'Explain it.',
      findings: [],
      missing: [],
      passages: [],
      ...brief,
    },
    fits,
  );

const valueOf = (schema: Readonly<Record<string, unknown>>, brief: Partial<AssignmentBrief> = {}): unknown =>
  JSON.parse(answerOf({ ...brief, schema })) as unknown;

test('quotes the passages, then what earlier outputs say, and names the outputs that are missing', () => {
  const text = answerOf({ passages, findings: [draft], missing: ['Step 2'] });
  assert.match(text, /“A durable log is written with fsync before the answer leaves\.” \[D1\.1\]/);
  assert.match(text, /A durable log needs fsync \[D1\.1\]\./);
  assert.match(text, /Missing: Step 2/);
  assert.equal(answerOf({ passages, findings: [draft], missing: ['Step 2'] }), text);
});

test('leaves the passages out when both would not fit', () => {
  const both = answerOf({ passages, findings: [draft] });
  const short = answerOf({ passages, findings: [draft] }, (text) => text.length < both.length);
  assert.ok(short.length < both.length);
  assert.match(short, /A durable log needs fsync/);
});

test('does not quote a judgement as if it were a statement on the subject', () => {
  const verdict = {
    agentId: 'evaluation/0',
    title: 'Evaluation',
    text: '{"passed":false,"feedback":"zebras"}',
  };
  assert.doesNotMatch(answerOf({ passages, findings: [draft, verdict] }), /zebras/);
});

test('decides for the choice that the task and the material speak of most, the first of equals', () => {
  const schema = { enum: ['short-answer', 'long_answer', 'none'] };
  assert.equal(valueOf(schema, { task: 'A long answer is wanted' }), 'long_answer');
  assert.equal(valueOf(schema, { task: 'Whatever' }), 'short-answer');
  assert.equal(valueOf({ const: 5 }), 5);
});

test('says that a text passes exactly when it has every word of the criteria, and names the missing ones', () => {
  const schema = {
    type: 'object',
    required: ['passed', 'feedback', 'score', 'tags'],
    properties: {
      passed: { type: 'boolean' },
      feedback: { type: 'string', maxLength: 200 },
      score: { type: 'integer', minimum: 0, maximum: 10 },
      tags: { type: 'array', items: { type: 'string' } },
      comment: { type: 'string' },
    },
  };
  const judged = (criteria: string): unknown =>
    valueOf(schema, { instruction: `Evaluate the draft:\n${criteria}`, findings: [draft] });
  assert.deepEqual(judged('- mentions fsync\n- a durable log'), {
    passed: true,
    feedback:
      'The material has every word that is asked for; without a language model nothing else was weighed.',
    score: 10,
    tags: [],
  });
  assert.deepEqual(judged('- mentions fsync\n- mentions zebras'), {
    passed: false,
    feedback: 'Not in the material: zebras.',
    score: 5,
    tags: [],
  });
});
