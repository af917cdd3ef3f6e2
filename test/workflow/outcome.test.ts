import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failure, failureCodes } from '../../src/workflow/failure.ts';
import { limits } from '../../src/workflow/limits.ts';
import { abstentionOf, outcomeOfFailure } from '../../src/workflow/outcome.ts';

describe('the outcome of an agent', () => {
  test('no failure is an answer, whichever it is', () => {
    const outcomes = failureCodes.map((code) => outcomeOfFailure(failure(code, 'why')));
    assert.deepEqual(new Set(outcomes), new Set(['infrastructure_failure', 'truncated', 'refused']));
    assert.equal(outcomeOfFailure(failure('rate_limited', 'slow down', true)), 'infrastructure_failure');
    assert.equal(outcomeOfFailure(failure('refused', 'no')), 'refused');
    assert.equal(outcomeOfFailure(failure('truncated', 'cut')), 'truncated');
  });

  test('an abstention is read from the first line, however a model sets it', () => {
    for (const text of [
      'NO ANSWER: the archive is closed',
      '\n**NO ANSWER: the archive is closed**\n\nI looked in three places.',
      '# NO ANSWER: the archive is closed\nMore.',
      '> **NO ANSWER**: the archive is closed',
      '`NO ANSWER: the archive is closed`',
    ]) {
      assert.equal(abstentionOf(text), 'the archive is closed', text);
    }
    assert.equal(abstentionOf('NO ANSWER:\nThe reason stands below.'), 'no reason given');
  });

  test('what only speaks of having no answer is an answer', () => {
    for (const text of [
      '',
      'There is NO ANSWER: it says so in [D1.1].',
      'The sea is deep.\nNO ANSWER: to the rest.',
      'No answer: lower case is prose.',
      'NO ANSWERS: a plural.',
    ]) {
      assert.equal(abstentionOf(text), undefined, text);
    }
  });

  test('a long reason is cut to its limit', () => {
    assert.equal(abstentionOf(`NO ANSWER: ${'x'.repeat(9_999)}`)?.length, limits.abstentionCharsMax);
  });
});
