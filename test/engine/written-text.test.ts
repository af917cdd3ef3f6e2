import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type TextPosition, textStart, WrittenText } from '../../src/engine/written-text.ts';
import { limits } from '../../src/workflow/limits.ts';

/** Everything after a position, stretch by stretch. */
function read(
  written: WrittenText,
  from: TextPosition = textStart,
): { text: string; at: TextPosition; first: number } {
  let at = from;
  let text = '';
  let first: number | undefined;
  for (;;) {
    const stretch = written.after(at);
    assert.equal(stretch !== undefined, written.goesBeyond(at));
    if (!stretch) return { text, at, first: first ?? at.bytes };
    first ??= stretch.start.bytes;
    assert.equal(stretch.end.bytes - stretch.start.bytes, Buffer.byteLength(stretch.text));
    assert.ok(stretch.text.isWellFormed());
    text += stretch.text;
    at = stretch.end;
  }
}

describe('a text that is being written', () => {
  test('is read on from where a reader stands, counted in bytes of UTF-8', () => {
    const written = new WrittenText();
    written.add('Zürich ');
    const { at } = read(written);
    assert.deepEqual(at, { units: 7, bytes: 8 });
    written.add('liegt am See');
    const stretch = written.after(at);
    assert.equal(stretch?.text, 'liegt am See');
    assert.equal(stretch.start.bytes, 8);
  });

  test('keeps its end when it is long, and tells where that begins', () => {
    const written = new WrittenText();
    const whole = Array.from(
      { length: limits.progressTextCharsMax / 2 },
      (_, index) => `é${index % 10}🌊`,
    ).join('');
    for (let at = 0; at < whole.length; at += 1_001) written.add(whole.slice(at, at + 1_001));
    assert.equal(written.end, whole.length);
    const { text, first, at } = read(written);
    assert.ok(
      text.length <= limits.progressTextCharsMax + 1 && text.length > limits.progressTextCharsMax - 2,
    );
    assert.ok(whole.endsWith(text));
    assert.equal(first, Buffer.byteLength(whole) - Buffer.byteLength(text));
    assert.equal(at.bytes, Buffer.byteLength(whole));
  });

  test('is told in messages of a bounded size that never part a character', () => {
    const written = new WrittenText();
    const whole = `x${'🌊'.repeat(limits.progressDeltaCharsMax)}`;
    written.add(whole);
    const stretch = written.after(textStart);
    assert.ok(stretch && stretch.text.length <= limits.progressDeltaCharsMax);
    assert.ok(stretch.text.isWellFormed());
    assert.equal(read(written).text, whole);
  });

  test('waits for the other half of a character that came in two parts', () => {
    const written = new WrittenText();
    written.add('sea \ud83c');
    const { text, at } = read(written);
    assert.equal(text, 'sea ');
    written.add('\udf0a!');
    assert.equal(written.after(at)?.text, '🌊!');
  });

  test('shows half a character that stays alone as the answer will', () => {
    const written = new WrittenText();
    written.add('a\ud83cb');
    assert.equal(read(written).text, 'a\ud83cb'.toWellFormed());
  });
});
