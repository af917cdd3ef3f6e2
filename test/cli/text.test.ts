import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesText, costText, durationText } from '../../src/cli/amount.ts';
import { clipLine, displayWidth, printableLine, printableText } from '../../src/cli/printable-text.ts';
import { tableText } from '../../src/cli/table.ts';
import { wireJson } from '../../src/cli/wire-json.ts';

describe('text for a terminal', () => {
  test('loses everything a terminal would obey and keeps what people read', () => {
    const hostile =
      'a\u001B[2Jb\u001B]0;title\u0007c\u001B]8;;http://x\u001B\\d\u009B31me\u0008\u007F\u0000f\u202Eg\rh';
    const text = printableText(`${hostile}\r\nnext\tline 漢字 👩‍🚀`);
    assert.equal(text, 'abcdefgh\nnext\tline 漢字 👩‍🚀');
    assert.equal(printableLine('  two\nlines\t here '), 'two lines here');
    assert.equal(printableLine('\uD800'), '\uFFFD');
  });

  test('is cut and padded by the columns it needs', () => {
    assert.equal(displayWidth('漢字a'), 5);
    assert.equal(displayWidth('e\u0301'), 1);
    assert.equal(clipLine('漢字漢字', 5), '漢字…');
    assert.equal(clipLine('hello', 5), 'hello');
    assert.equal(clipLine('hello world', 7), 'hello…');
  });

  test('says amounts in the unit that fits', () => {
    assert.deepEqual([0, 449, 59_940, 59_960, 185_000, 7_440_000, 273_600_000].map(durationText), [
      '0.0s',
      '0.4s',
      '59.9s',
      '1m00s',
      '3m05s',
      '2h04m',
      '3d04h',
    ]);
    assert.equal(costText(0.00123), '$0.0012');
    assert.equal(costText(12.3), '$12.30');
    assert.equal(costText(0, 2), 'at least $0.00 (2 unpriced)');
    assert.deepEqual([5, 2_048, 3 * 1_048_576].map(bytesText), ['5 B', '2.0 KiB', '3.0 MiB']);
  });

  test('stands in columns whatever the cells hold', () => {
    const rows = [
      { name: '漢', count: '5' },
      { name: 'b\u001B[31mc\nd', count: '12,345' },
    ];
    const table = tableText(rows, [
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'COUNT', align: 'right', cell: ({ count }) => count },
    ]);
    assert.equal(table, 'NAME   COUNT\n漢         5\nbc d  12,345');
  });
});

describe('messages as JSON', () => {
  test('have the canonical form of protobuf', () => {
    const message = {
      workflowId: 'research_000000000001',
      sequence: '7',
      time: { seconds: '1767225600', nanos: 500_000_000 },
      deadlineTime: { seconds: '1767225600', nanos: 0 },
      duration: { seconds: '1', nanos: 250_000_000 },
      error: null,
      labels: { seconds: 'x', _a: 'b' },
      data: 'workflowAdmitted',
      completeness: 1,
      _completeness: 'completeness',
      details: {
        fields: {
          list: { listValue: { values: [{ numberValue: 1, kind: 'numberValue' }] }, kind: 'listValue' },
          deep: { structValue: { fields: { yes: { boolValue: true } } } },
          none: { nullValue: 'NULL_VALUE' },
        },
      },
      bound: Number.POSITIVE_INFINITY,
      chunk: Buffer.from('hi'),
    };
    assert.deepEqual(wireJson(message), {
      workflowId: 'research_000000000001',
      sequence: '7',
      time: '2026-01-01T00:00:00.5Z',
      deadlineTime: '2026-01-01T00:00:00Z',
      duration: '1.25s',
      labels: { seconds: 'x', _a: 'b' },
      completeness: 1,
      details: { list: [1], deep: { yes: true }, none: null },
      bound: 'Infinity',
      chunk: 'aGk=',
    });
  });
});
