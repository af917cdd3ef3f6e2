import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JoinedPages } from '../../src/grpc/joined-pages.ts';
import { limits } from '../../src/workflow/limits.ts';

function pageOf(sequence: number, size = 2) {
  return { bytes: [Buffer.alloc(size - 1, 'a'), Buffer.from('b')], events: 2, sequence };
}

describe('joined pages', () => {
  test('are put together once, for each log by itself', () => {
    const pages = new JoinedPages();
    const bytes = pages.joined('log', pageOf(2));
    assert.equal(bytes.toString(), 'ab');
    assert.equal(pages.joined('log', pageOf(2)), bytes);
    assert.notEqual(pages.joined('other', pageOf(2)), bytes);
    assert.notEqual(
      pages.joined('log', { ...pageOf(2), events: 1 }),
      bytes,
      'another page with the same end',
    );
  });

  test('go with their log', () => {
    const pages = new JoinedPages();
    for (const sequence of [2, 4]) for (const id of ['log', 'log2']) pages.joined(id, pageOf(sequence));
    const kept = pages.joined('log2', pageOf(2));
    pages.forget('log');
    assert.equal(pages.bytes, 4);
    assert.equal(pages.joined('log2', pageOf(2)), kept);
    pages.forget('log2');
    assert.equal(pages.bytes, 0);
  });

  test('are few and take so many bytes together, one of more is not kept; the oldest go first', () => {
    const pages = new JoinedPages();
    const first = pages.joined('log', pageOf(1));
    for (let page = 2; page <= limits.joinedPagesMax; page++) pages.joined('log', pageOf(page));
    assert.equal(pages.joined('log', pageOf(1)), first);
    pages.joined('log', pageOf(limits.joinedPagesMax + 1));
    assert.equal(pages.bytes, 2 * limits.joinedPagesMax);
    assert.notEqual(pages.joined('log', pageOf(1)), first);

    const half = limits.joinedPagesBytesMax / 2;
    for (let page = 1; page <= 3; page++) pages.joined('large', pageOf(page, half));
    assert.equal(pages.bytes, limits.joinedPagesBytesMax);
    const { length } = pages.joined('large', pageOf(4, limits.joinedPagesBytesMax + 1));
    assert.deepEqual([length, pages.bytes], [limits.joinedPagesBytesMax + 1, 0]);
  });
});
