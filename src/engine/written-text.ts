import { limits } from '../workflow/limits.ts';

/** Where a reader stands in a text: in UTF-16 units, and in the bytes of UTF-8 that the API counts. */
export interface TextPosition {
  readonly units: number;
  readonly bytes: number;
}

export const textStart: TextPosition = { units: 0, bytes: 0 };

/** A stretch of a text, and where it begins and ends. */
export interface TextStretch {
  readonly text: string;
  readonly start: TextPosition;
  readonly end: TextPosition;
}

/** The text an attempt has written so far, of which the last `limits.progressTextCharsMax` units or so are kept. */
export class WrittenText {
  #kept = '';
  /** Where what is kept begins. */
  #base = textStart;

  /** Where it ends, in UTF-16 units. */
  get end(): number {
    return this.#base.units + this.#kept.length;
  }

  /** Whether `after` has something. */
  goesBeyond(position: TextPosition): boolean {
    return this.#readable > position.units;
  }

  add(text: string): void {
    this.#kept += text;
    const excess = this.#kept.length - limits.progressTextCharsMax;
    if (excess <= 0) return;
    const cut = splitsPair(this.#kept, excess) ? excess - 1 : excess;
    this.#base = moved(this.#base, this.#kept.slice(0, cut));
    this.#kept = this.#kept.slice(cut);
  }

  /** What follows on a position, at most `limits.progressDeltaCharsMax`; undefined: nothing. It begins later where the text is gone. */
  after(position: TextPosition): TextStretch | undefined {
    const start = position.units < this.#base.units ? this.#base : position;
    const from = start.units - this.#base.units;
    let to = Math.min(this.#readable - this.#base.units, from + limits.progressDeltaCharsMax);
    if (to > from && splitsPair(this.#kept, to)) to--;
    if (to <= from) return undefined;
    const text = this.#kept.slice(from, to);
    return { text: text.toWellFormed(), start, end: moved(start, text) };
  }

  /** Where it ends for readers: the other half of the last character may still be to come. */
  get #readable(): number {
    return isHighSurrogate(this.#kept.charCodeAt(this.#kept.length - 1)) ? this.end - 1 : this.end;
  }
}

function moved({ units, bytes }: TextPosition, over: string): TextPosition {
  return { units: units + over.length, bytes: bytes + Buffer.byteLength(over.toWellFormed(), 'utf8') };
}

/** Whether a cut before this index would part a character of two units. */
function splitsPair(text: string, index: number): boolean {
  return isHighSurrogate(text.charCodeAt(index - 1)) && isLowSurrogate(text.charCodeAt(index));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
