import { stripVTControlCharacters } from 'node:util';

// Text of models, documents and other users is data: it must not move the cursor, colour the terminal, set its title
// or turn the direction of what is read.
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** Text of several lines without anything a terminal would obey but line breaks and tabs. */
export function printableText(text: string): string {
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(controls, '').toWellFormed();
}

/** The same on one line: every stretch of white space is a single space. */
export function printableLine(text: string): string {
  return printableText(text).replaceAll(/\s+/g, ' ').trim();
}

let segmenter: Intl.Segmenter | undefined;

/** Made with the first line that needs it: its tables take as long to load as a small library. */
function graphemesOf(line: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(line);
}

const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|[\u{1F000}-\u{1FAFF}]|[\u{20000}-\u{3FFFD}])/u;

function columnsOf(grapheme: string): number {
  return wide.test(grapheme) ? 2 : 1;
}

/** Columns a terminal needs for a line. */
export function displayWidth(line: string): number {
  const plain = stripVTControlCharacters(line);
  if (/^[\u0020-\u007E]*$/.test(plain)) return plain.length;
  let columns = 0;
  for (const { segment } of graphemesOf(plain)) columns += columnsOf(segment);
  return columns;
}

/** A line without escape sequences cut to at most so many columns, "…" standing for the rest. */
export function clipLine(line: string, columnsMax: number): string {
  if (displayWidth(line) <= columnsMax) return line;
  let clipped = '';
  let columns = 0;
  for (const { segment } of graphemesOf(line)) {
    columns += columnsOf(segment);
    if (columns > columnsMax - 1) break;
    clipped += segment;
  }
  return columnsMax < 1 ? '' : `${clipped.trimEnd()}…`;
}

/** The same cut at its beginning, so that its end is seen. */
export function clipLineStart(line: string, columnsMax: number): string {
  if (displayWidth(line) <= columnsMax) return line;
  let clipped = '';
  let columns = 0;
  for (const { segment } of [...graphemesOf(line)].toReversed()) {
    columns += columnsOf(segment);
    if (columns > columnsMax - 1) break;
    clipped = segment + clipped;
  }
  return columnsMax < 1 ? '' : `…${clipped.trimStart()}`;
}

/** A line filled up with spaces to so many columns. */
export function padLine(line: string, columns: number): string {
  return line + ' '.repeat(Math.max(0, columns - displayWidth(line)));
}
