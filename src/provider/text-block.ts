// Reads prose as blocks and sentences by their positions, so that what is quoted stands in the text letter by letter.

export interface TextBlock {
  /** `quote` is a line of a block quotation, `code` a line inside a fence. */
  readonly kind: 'heading' | 'paragraph' | 'item' | 'quote' | 'code';
  /** A stretch of the text, without the marker in front. Never holds a blank line or a line that begins with a marker. */
  readonly text: string;
}

/** No quotation is longer, in characters. */
const quotationCharsMax = 600;

const fence = /^\s{0,8}(`{3,}|~{3,})/u;
const heading = /^ {0,3}#{1,6}(?=[ \t]|$)/u;
const item = /^[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/u;
const quote = /^[ \t]*>[> \t]*/u;
/** Rules, underlines, rows between a table's head and body, directives and HTML: structure, nothing to quote. */
const structure = /^[ \t]*(?:[-=*_~^"+#:| \t]{3,}|\.\. .*|<.*|\[[^\]\n]*\]:.*)$/u;
const underlined = /^[ \t]*([=\-~^"])\1{2,}[ \t]*$/u;

/** The blocks of Markdown or plain text, in order. */
export function blocksOf(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let open:
    | { readonly kind: 'paragraph' | 'item'; readonly start: number; end: number; lines: number }
    | undefined;
  let fenceMark: string | undefined;
  const close = (kind: TextBlock['kind'] | undefined = open?.kind) => {
    const stretch = open && text.slice(open.start, open.end).trim();
    if (stretch && kind) blocks.push({ kind, text: stretch });
    open = undefined;
  };

  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    const mark = fence.exec(line)?.[1];
    const hashes = heading.exec(line);
    const marker = item.exec(line) ?? undefined;
    const quoted = quote.exec(line);
    if (fenceMark !== undefined) {
      if (mark?.startsWith(fenceMark)) fenceMark = undefined;
      else if (line.trim() !== '') blocks.push({ kind: 'code', text: line.trim() });
    } else if (mark !== undefined) {
      close();
      fenceMark = mark;
    } else if (line.trim() === '') {
      close();
    } else if (hashes) {
      close();
      const title = withoutClosingHashes(line.slice(hashes[0].length));
      if (title !== '') blocks.push({ kind: 'heading', text: title });
    } else if (underlined.test(line) && open?.kind === 'paragraph' && open.lines === 1) {
      close('heading');
    } else if (structure.test(line)) {
      close();
    } else if (quoted) {
      close();
      const rest = line.slice(quoted[0].length).trim();
      if (rest !== '') blocks.push({ kind: 'quote', text: rest });
    } else if (marker) {
      close();
      open = { kind: 'item', start: start + marker[0].length, end, lines: 1 };
    } else if (open && !line.trimStart().startsWith('|')) {
      open.end = end;
      open.lines += 1;
    } else {
      close();
      open = { kind: 'paragraph', start, end, lines: 1 };
    }
    start = end + 1;
  }
  close();
  return blocks;
}

function withoutClosingHashes(title: string): string {
  const text = title.trim();
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  return end === 0 || /\s/u.test(text[end - 1] ?? '') ? text.slice(0, end).trim() : text;
}

const boundary =
  /(?:[.!?…]["'”’»)\]]*(?:\s*\[[^[\]\n]{1,60}\])*\s+(?=["'“‘«(¿¡]*[\p{Lu}\p{Lo}\p{N}*_`])|[。！？]["”’」』）]*)/gu;
/** What ends with a dot and is no end of a sentence. */
const abbreviation =
  /(?:^|[\s(])(?:\p{Lu}|e\.g|i\.e|etc|vs|cf|al|approx|ca|fig|no|nos|vol|pp?|ch|sec|mr|mrs|ms|dr|prof|st|inc|ltd|co|jr|z\.B|d\.h|bzw|usw)\.\s*$/iu;

/** The sentences of one block: stretches of it, in order, each at most `quotationCharsMax` characters. */
export function sentencesOf(block: string): readonly string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of block.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (abbreviation.test(block.slice(Math.max(start, match.index - 12), end))) continue;
    sentences.push(block.slice(start, end).trim());
    start = end;
  }
  sentences.push(block.slice(start).trim());
  return sentences.filter((sentence) => sentence !== '').flatMap(shortened);
}

/** A stretch over the limit in parts, broken between words where there are any. */
function shortened(sentence: string): readonly string[] {
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > quotationCharsMax) {
    const space = rest.lastIndexOf(' ', quotationCharsMax);
    const end = space > quotationCharsMax / 2 ? space : quotationCharsMax;
    const last = rest.charCodeAt(end - 1);
    const cut = last >= 0xd8_00 && last <= 0xdb_ff ? end - 1 : end;
    parts.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return [...parts, rest].filter((part) => part !== '');
}

/** A caller's or document's words on one line of Markdown, as text: no markup, no brackets that a citation could be read in. */
export function plainLine(text: string, charsMax: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const chars = [...line.slice(0, charsMax * 2)];
  const cut =
    chars.length > charsMax || line.length > charsMax * 2
      ? `${chars.slice(0, charsMax).join('').trimEnd()}…`
      : line;
  return cut
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replaceAll(/[\\`*_<>|~]/gu, String.raw`\$&`);
}
