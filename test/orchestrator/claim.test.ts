import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { claimsOf, condensed } from '../../src/orchestrator/claim.ts';
import { citationsOf } from '../../src/orchestrator/citation.ts';
import { research } from '../../src/orchestrator/research.ts';
import { limits } from '../../src/workflow/limits.ts';
import { ResearchRun, passage, planText } from './research-run.ts';

const known = new Set(['D1.1', 'D1.2', 'T2.1']);
const prose = 'Nobody knows where this comes from. ';
const long = prose.repeat(Math.ceil(limits.findingWholeCharsMax / prose.length));

describe('the claims of a text', () => {
  test('are its sentences with a source, wherever the citation stands', () => {
    const text = [
      '# Findings',
      '- The sea rises [D1.1]. Nobody knows why. It falls again. [D1.2, T2.1] That is all.',
      '2. Is it so [D1.1]? “It is.” [T2.1]',
      'Tides, e.g. spring tides, are high [D1.2].',
      'A made-up one [D9.9], and a [link](http://example.org).',
      'The sea rises [D1.1].',
    ].join('\n');
    assert.deepEqual(claimsOf(text, known), [
      'The sea rises [D1.1].',
      'It falls again. [D1.2, T2.1]',
      'Is it so [D1.1]?',
      '“It is.” [T2.1]',
      'Tides, e.g. spring tides, are high [D1.2].',
    ]);
  });

  test('stand in the text letter by letter and lose none of its sources', () => {
    const piece = fc.constantFrom(
      'The sea rises',
      'e.g. it',
      ' [D1.1]',
      ' [T2.1, D1.2]',
      '. ',
      '? ',
      '\n',
      '- ',
      ' ',
      '[D9.9]',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const claims = claimsOf(text, known);
        const bare = text.replaceAll(/\s+/gu, ' ');
        for (const claim of claims) assert.ok(bare.includes(claim.replaceAll(/\s+/gu, ' ')), claim);
        const sources = new Set(claims.flatMap((claim) => citationsOf(claim, known).citations));
        assert.deepEqual(sources, new Set(citationsOf(text, known).citations));
      }),
    );
  });

  test('of a megabyte of hostile signs are found in linear time', () => {
    const before = process.cpuUsage();
    for (const bomb of ['. ', ').', ' ', '[', '[D1.1] ', '. [D1.1]', '.)))) ']) {
      claimsOf(`[${bomb.repeat(200_000)}`, known);
    }
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 20_000_000, `${(user + system) / 1_000} ms`);
  });
});

describe('a finding that a synthesis reads', () => {
  test('stays as it is while it is short, and when it has no source', () => {
    for (const text of ['', 'Short [D1.1].', long]) assert.equal(condensed(text, known), text);
    const full = `It is so [D1.1]. ${'x'.repeat(limits.findingWholeCharsMax - 17)}`;
    assert.equal(full.length, limits.findingWholeCharsMax);
    assert.equal(condensed(full, known), full);
  });

  test('is its claims and its end when it is long, and says so', () => {
    const text = `${long}The sea rises [D1.1]. ${long}\n## Missing\nThe year 1900.`;
    const short = condensed(text, known);
    assert.match(
      short,
      new RegExp(`^The claims with a source of a text of ${text.length} characters:\n\n- The sea rises`),
    );
    assert.ok(short.endsWith(text.slice(-limits.findingEndCharsMax)));
    assert.ok(short.length < limits.findingEndCharsMax + 200);
  });

  test('is never longer for it', () => {
    const text = 'The sea rises [D1.1], it does.\n'.repeat(1) + 'A. [D1.2]\n'.repeat(2_000);
    assert.ok(condensed(text, known).length <= text.length);
  });

  test('reaches the synthesis with every source it may cite', () => {
    const run = new ResearchRun({ numAgents: 2, enableDrummer: false }, {}, [
      passage('D1.1'),
      passage('D1.2', 20),
    ]);
    run.work((id) => {
      if (id === 'planner') return planText(2);
      if (id === 'researcher/0') return `${long}It is so [D1.1]. ${long}And so [D1.2].`;
      return id === 'executive' ? 'Both [D1.1] [D1.2].' : 'Short.';
    });
    const { messages } = research.render(run.state, 'executive', []);
    const text = messages.map(({ content }) => content).join('\n');
    assert.ok(text.includes('- It is so [D1.1].\n') && text.includes('And so [D1.2].'));
    assert.ok(text.length < long.length);
    assert.deepEqual(run.agent('executive').completion?.citations, ['D1.1', 'D1.2']);
    // The report keeps the whole of it.
    const finding = research
      .report(run.state)
      .sections.find(({ heading }) => heading.startsWith('researcher/0'));
    assert.ok((finding?.markdown.length ?? 0) > 2 * long.length);
  });
});
