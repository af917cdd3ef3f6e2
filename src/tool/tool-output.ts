/**
 * A text within a number of UTF-8 bytes, well-formed. What was cut is said at its end, so that nobody takes the part
 * for the whole.
 */
export function cappedText(text: string, bytesMax: number): string {
  const wellFormed = text.toWellFormed();
  const size = Buffer.byteLength(wellFormed, 'utf8');
  if (size <= bytesMax) return wellFormed;
  const mark = `\n[cut here: the whole text has ${size} bytes]`;
  const room = Math.max(0, bytesMax - Buffer.byteLength(mark, 'utf8'));
  const bytes = Buffer.from(wellFormed, 'utf8');
  let end = room;
  // Not in the middle of a character: its later bytes begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + mark.slice(0, bytesMax);
}
