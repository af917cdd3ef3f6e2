import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { SourceRegistry, type KnownSource } from '../../src/orchestrator/source-registry.ts';
import { resemblance, sketchOf } from '../../src/orchestrator/text-sketch.ts';
import { passage } from './research-run.ts';

const words = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `word${from + index}`).join(' ');

/** What a tool said, as the log holds it. */
function said(handle: string, sha: string, more: Partial<KnownSource> = {}): KnownSource {
  return { handle, documentName: `tool ${handle}`, sha256: sha.repeat(64), start: 0, end: 10, ...more };
}

function numbersOf(sources: readonly KnownSource[]): readonly (number | undefined)[] {
  const registry = new SourceRegistry(sources);
  return sources.map(({ handle }) => registry.numberOf(handle));
}

describe('the sources of a workflow', () => {
  test('one page that two agents found is one source with both handles', () => {
    const registry = new SourceRegistry([
      said('T2.1', 'a', { url: 'https://example.org/x/?utm_source=a', title: 'X' }),
      said('T3.1', 'b', { url: 'https://EXAMPLE.org/x#part' }),
      said('T3.2', 'c', { url: 'https://example.org/y' }),
    ]);
    assert.equal(registry.numberOf('T3.1'), 1);
    assert.equal(registry.numberOf('T3.2'), 2);
    assert.equal(registry.numberOf('T2.1'), 1);
    assert.equal(registry.numberOf('T3.1'), 1);
    assert.equal(registry.numberOf('T9.9'), undefined);
    assert.deepEqual(
      registry.entries.map(({ number, handle, handles, url }) => [number, handle, handles, url]),
      [
        [1, 'T3.1', ['T3.1', 'T2.1'], 'https://EXAMPLE.org/x#part'],
        [2, 'T3.2', ['T3.2'], 'https://example.org/y'],
      ],
    );
  });

  test('the same text at two addresses is one source, and so is what has either address', () => {
    const one = said('T1.1', 'a', { url: 'https://example.org/x' });
    const mirror = said('T1.2', 'a', { url: 'https://mirror.example/x' });
    const later = said('T1.3', 'b', { url: 'https://mirror.example/x' });
    assert.deepEqual(numbersOf([one, mirror, later]), [1, 1, 1]);
  });

  test('passages of one document stay apart, the same passage does not', () => {
    assert.deepEqual(numbersOf([passage('D1.1', 0), passage('D1.2', 20), passage('D3.9', 20)]), [1, 2, 2]);
  });

  test('a text that differs in its header only is a copy, another one is not, and short ones are never guessed at', () => {
    const text = words(400);
    assert.deepEqual(
      numbersOf([
        said('T1.1', 'a', { text: `Read on Monday. ${text}` }),
        said('T2.1', 'b', { text: `Read on Tuesday. ${text}` }),
        said('T3.1', 'c', { text: words(400, 1_000) }),
        said('T4.1', 'd', { text: words(400, 200) }),
        said('T5.1', 'e', { text: 'a short answer' }),
        said('T6.1', 'f', { text: 'a short answer' }),
      ]),
      [1, 1, 2, 3, 4, 5],
    );
  });

  test('in whatever order they are cited, numbers run from 1 without a gap and every handle stands in one source', () => {
    const source = fc.record({
      sha: fc.constantFrom('a', 'b', 'c'),
      start: fc.nat(2),
      page: fc.option(fc.constantFrom('x', 'y', 'x/'), { nil: undefined }),
      text: fc.option(fc.constantFrom(words(60), words(60, 500)), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(source, { maxLength: 12 }),
        fc.array(fc.nat(11), { maxLength: 30 }),
        (found, cited) => {
          const sources = found.map(({ sha, start, page, text }, index) =>
            said(`T1.${index}`, sha, {
              start,
              text,
              url: page === undefined ? undefined : `https://example.org/${page}`,
            }),
          );
          const registry = new SourceRegistry(sources);
          const numbers = new Map<string, number>();
          for (const index of cited) {
            const handle = `T1.${index}`;
            const number = registry.numberOf(handle);
            assert.equal(number === undefined, sources[index] === undefined);
            if (number === undefined) continue;
            assert.equal(numbers.get(handle) ?? number, number, 'a number moved');
            numbers.set(handle, number);
          }
          const { entries } = registry;
          assert.deepEqual(
            entries.map(({ number }) => number),
            entries.map((_, index) => index + 1),
          );
          const handles = entries.flatMap((entry) => entry.handles.map((handle) => [handle, entry.number]));
          assert.deepEqual(new Map(handles as [string, number][]), new Map(numbers));
          assert.equal(handles.length, numbers.size);
        },
      ),
    );
  });
});

describe('the sketch of a text', () => {
  test('tells how much two texts share within a few percent', () => {
    const whole = sketchOf(words(2_000));
    const rest = sketchOf(words(2_000, 1_000));
    assert.ok(whole && rest);
    assert.equal(resemblance(whole, whole), 1);
    // 996 of 2,996 shingles stand in both.
    const shared = resemblance(whole, rest);
    assert.ok(Math.abs(shared - 996 / 2_996) < 0.12, String(shared));
  });

  test('of a short text in a long one knows what is missing', () => {
    const short = sketchOf(words(40));
    const long = sketchOf(words(80));
    assert.ok(short && long);
    assert.equal(resemblance(short, long), 36 / 76);
    assert.equal(resemblance(long, short), 36 / 76);
  });

  test('is none of a text too short to judge', () => {
    assert.equal(sketchOf(words(20)), undefined);
  });
});
