import { limits } from '../workflow/limits.ts';

/** A stretch of a document that is indexed and cited as one. */
export interface PassageSpan {
  /** UTF-16 offsets into the document's text; never inside a surrogate pair. */
  readonly start: number;
  readonly end: number;
  /** Headings above the passage, outermost first; empty without one. */
  readonly headings: readonly string[];
}

interface Block {
  readonly kind: 'heading' | 'code' | 'text';
  readonly start: number;
  readonly end: number;
  /** Of a heading: depth from 1 and its words. */
  readonly depth: number;
  readonly title: string;
}

interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
}

const fenceLine = /^ {0,3}(`{3,}|~{3,})/u;
const atxHeading = /^ {0,3}(#{1,6})(?=[ \t]|$)/u;
const underline = /^([=\-~^"'*+#])\1{2,}[ \t]*$/u;
const headingCharsMax = 200;

/**
 * Splits a document into passages of about `passageCharsMin` to `passageCharsMax` characters: at headings, then at
 * paragraphs, then at sentences and words. A code fence of up to `passageCodeCharsMax` stays whole. Markdown, plain text
 * and reStructuredText are read alike. The passages are in order, do not overlap and hold every character that is not
 * white space; the same text always gives the same passages.
 */
export function splitPassages(text: string): readonly PassageSpan[] {
  const passages: PassageSpan[] = [];
  const path: { depth: number; title: string }[] = [];
  let open: Block[] = [];
  let openPath: readonly string[] = [];

  const flush = (blocks: readonly Block[]) => {
    const first = blocks[0];
    const last = blocks.at(-1);
    if (first && last) passages.push({ start: first.start, end: last.end, headings: openPath });
  };
  const titles = () => path.map((heading) => heading.title);

  for (const block of blocksOf(text)) {
    const openStart = open[0]?.start ?? block.start;
    const hasBody = open.some((other) => other.kind !== 'heading');
    if (block.kind === 'heading') {
      if (hasBody && block.start - openStart >= limits.passageCharsMin) {
        flush(open);
        open = [];
      }
      while ((path.at(-1)?.depth ?? 0) >= block.depth) path.pop();
      path.push({ depth: block.depth, title: block.title });
    }
    if (open.length > 0 && block.end - openStart > limits.passageCharsMax) {
      // A heading belongs to what follows it.
      let carried = open.length;
      while (carried > 0 && open[carried - 1]?.kind === 'heading') carried -= 1;
      const headings = open.slice(carried);
      const fits = block.end - (headings[0]?.start ?? block.start) <= limits.passageCodeCharsMax;
      flush(fits ? open.slice(0, carried) : open);
      open = fits ? headings : [];
      openPath = titles();
    }
    if (open.length === 0) openPath = titles();
    open.push(block);
  }
  flush(open);
  return passages;
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  /** Underline characters in order of appearance: reStructuredText lets the first one be the outermost. */
  const underlines: string[] = [];
  let paragraph: Line[] = [];
  let fence: { readonly marker: string; readonly start: number } | undefined;
  let end = 0;

  const closeParagraph = () => {
    const first = paragraph[0];
    const last = paragraph.at(-1);
    if (first && last) blocks.push(...pieces(text, 'text', first.start, last.end, limits.passageCharsMax));
    paragraph = [];
  };
  const heading = (start: number, stop: number, depth: number, title: string) => {
    closeParagraph();
    // A heading longer than a passage is a paragraph with a mark in front.
    if (stop - start > limits.passageCharsMax) {
      blocks.push(...pieces(text, 'text', start, stop, limits.passageCharsMax));
    } else {
      blocks.push({
        kind: 'heading',
        start,
        end: stop,
        depth,
        title: title.trim().slice(0, headingCharsMax).toWellFormed(),
      });
    }
  };

  for (const line of linesOf(text)) {
    const content = text.slice(line.start, line.end);
    end = line.end;
    const marker = fenceLine.exec(content)?.[1];
    if (fence) {
      if (marker?.startsWith(fence.marker) && content.trim() === marker) {
        blocks.push(...codePieces(text, fence.start, line.end));
        fence = undefined;
      }
      continue;
    }
    if (marker !== undefined) {
      closeParagraph();
      fence = { marker, start: line.start };
      continue;
    }
    if (content.trim() === '') {
      closeParagraph();
      continue;
    }
    const atx = atxHeading.exec(content);
    if (atx) {
      heading(line.start, line.end, atx[1]?.length ?? 1, withoutClosingHashes(content.slice(atx[0].length)));
      continue;
    }
    const above = paragraph[0];
    const mark = underline.exec(content)?.[1];
    if (mark !== undefined && above && paragraph.length === 1 && above.end - above.start <= headingCharsMax) {
      if (!underlines.includes(mark)) underlines.push(mark);
      paragraph = [];
      heading(above.start, line.end, underlines.indexOf(mark) + 1, text.slice(above.start, above.end));
      continue;
    }
    paragraph.push(line);
  }
  closeParagraph();
  if (fence) blocks.push(...codePieces(text, fence.start, end));
  return blocks;
}

function withoutClosingHashes(title: string): string {
  const text = title.trim();
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  return end === 0 || /\s/u.test(text[end - 1] ?? '') ? text.slice(0, end) : text;
}

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    yield { start, end: next > start && text[next - 1] === '\r' ? next - 1 : next };
    start = next + 1;
  }
}

const codePieces = (text: string, start: number, end: number): Block[] =>
  pieces(text, 'code', start, end, limits.passageCodeCharsMax);

/** One block, or several when it is longer than `charsMax`. */
function pieces(text: string, kind: 'code' | 'text', start: number, end: number, charsMax: number): Block[] {
  const blocks: Block[] = [];
  let from = start;
  while (end - from > charsMax) {
    const to = from + breakIn(text.slice(from, from + limits.passageCharsMax), kind);
    blocks.push({ kind, ...trimmed(text, from, to), depth: 0, title: '' });
    from = to;
  }
  blocks.push({ kind, ...trimmed(text, from, end), depth: 0, title: '' });
  return blocks.filter((block) => block.end > block.start);
}

const sentenceEnd = /[.!?]["')\]]*\s|[。！？]|\n/gu;

/** Where a stretch that is too long is best broken: after a line or sentence, else after a word, else at its end. */
function breakIn(window: string, kind: 'code' | 'text'): number {
  let best = 0;
  const ends = kind === 'code' ? /\n/gu : sentenceEnd;
  for (const match of window.matchAll(ends)) best = match.index + match[0].length;
  if (best < limits.passageCharsMin) best = Math.max(best, window.lastIndexOf(' ') + 1);
  if (best < limits.passageCharsMin) best = window.length;
  const last = window.charCodeAt(best - 1);
  return last >= 0xd800 && last <= 0xdbff ? best - 1 : best;
}

function trimmed(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const stretch = text.slice(start, end);
  const lead = stretch.length - stretch.trimStart().length;
  return { start: start + lead, end: start + Math.max(lead, stretch.trimEnd().length) };
}
