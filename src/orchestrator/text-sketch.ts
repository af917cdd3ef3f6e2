// Whether two texts are nearly the same, from a few numbers of each. Rough on purpose: it recognises a copy with another
// header or date, not a paraphrase.

/** Words that follow each other and are looked at together. */
const shingleWords = 5;
/** Numbers kept of a text: with this many the estimate is off by some percent at most. */
const sketchSize = 128;
/** Beyond this much text a copy has long shown itself. */
const sketchCharsMax = 32_768;
/** Texts with fewer shingles are too short to be told apart by them. */
const shinglesMin = 24;

const word = /[\p{L}\p{N}]+/gu;

/** The smallest hashes of a text's shingles, in rising order. */
export type TextSketch = readonly number[];

/** Undefined: the text is too short to be compared but letter by letter. */
export function sketchOf(text: string): TextSketch | undefined {
  const words = text.slice(0, sketchCharsMax).toLowerCase().match(word) ?? [];
  const hashes = new Set<number>();
  for (let start = 0; start + shingleWords <= words.length; start++) {
    hashes.add(hashOf(words.slice(start, start + shingleWords).join(' ')));
  }
  if (hashes.size < shinglesMin) return undefined;
  return [...hashes].toSorted((one, other) => one - other).slice(0, sketchSize);
}

/** How much of what either text says the other says too, 0–1, estimated from the smallest hashes of both together. */
export function resemblance(one: TextSketch, other: TextSketch): number {
  let left = 0;
  let right = 0;
  let seen = 0;
  let shared = 0;
  while (seen < sketchSize && left < one.length && right < other.length) {
    const a = one[left] ?? 0;
    const b = other[right] ?? 0;
    if (a === b) shared++;
    if (a <= b) left++;
    if (b <= a) right++;
    seen++;
  }
  // Where one sketch ends early its whole text is in it, so what is left of the other is not shared.
  seen += Math.min(sketchSize - seen, one.length - left + (other.length - right));
  return seen === 0 ? 0 : shared / seen;
}

/** FNV-1a with 32 bits: the same on every machine, which is all that matters here. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // The last multiplication leaves short texts close together.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
