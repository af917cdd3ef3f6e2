import type { Definition, Nodes, Paragraph, PhrasingContent, RootContent, Text } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { limits } from '../workflow/limits.ts';

/**
 * Looks from every word back to the last open bracket, so that a JSON array of 100 KB stopped the process for ten
 * seconds. What it finds is found in the finished text once more, in one pass.
 */
const slowConstruct = 'emailAutolink';

const parser = unified()
  .use(remarkParse)
  .use(remarkGfm, { singleTilde: false })
  .use(function withoutSlowConstruct() {
    const data = this.data();
    data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: [slowConstruct] } }];
  })
  .freeze();

/**
 * Markdown that a model wrote, as blocks that can stand below a heading of `depth`: its own headings are moved below
 * that, raw HTML and links other than http, https and mailto become text, images become links, definitions are resolved
 * inside this text, and footnotes stay where they are written. So it can change nothing outside its section.
 */
export function modelMarkdown(markdown: string, depth: number): RootContent[] {
  const source = cleanText(markdown);
  if (markupWork(source) > limits.markupWorkMax) {
    return [
      paragraph(
        'The markup of this text is too dense or nested too deeply to be rendered, so it is shown as it was written.',
      ),
      { type: 'code', value: source },
    ];
  }
  const root = parser.parse(source);
  const top = topHeading(root.children);
  const taming = new Taming(source, depth + 1 - top);
  return taming.children(root.children, { depth: 0, inline: false, inLink: false }, root.children);
}

/** Well-formed, without control characters other than line breaks and tabs. */
export const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?/gu, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '�');

/** On one line, and without marks that would turn around the text beside it. */
export const cleanLine = (text: string): string =>
  cleanText(text)
    .replaceAll(/[\u202A-\u202E\u2066-\u2069]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();

export const textNode = (value: string): Text => ({ type: 'text', value });

export const paragraph = (value: string): Paragraph => ({ type: 'paragraph', children: [textNode(value)] });

const containersInLineMax = 64;
const indentationMax = 200;
const containers = /^(?:[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))*/u;
const marks = /[[\]*_~<`|&\\@]|:\/\/|www\./giu;
/** What may begin something that is only found missing at the end of its block. */
const openers = /[<`]|\][(:]/gu;
const longWords = /[-.\w+]{100,}/gu;
const words = /[-.\w+]+/gu;
/** Where the address of a page may begin; whether it does is looked up back to the last open bracket. */
const addressStarts = /(?<![a-z])[hw]/giu;
const lineSteps = 4_000;
const blankLineSteps = 500;
const markSteps = 500;
const charSteps = 20;
const lookBackSteps = 1;

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * An upper estimate of the work of reading and writing a text as Markdown, in steps of about 10 ns; Infinity where it
 * would take stack out of proportion. Characters, lines and marks cost something each. The marks of one block and the
 * list items and quoted lines of the text also cost their number squared, what is never closed is looked for to the end
 * of its block, what may begin an address is looked at back over the words to an open bracket, and a long word is
 * searched for an e-mail address from each of its letters.
 */
export function markupWork(source: string): number {
  let work = 0;
  let containerLines = 0;
  let block = new BlockWork();
  for (const line of source.split('\n')) {
    work += blankLineSteps + line.length * charSteps;
    // Other white space, such as a no-break space, does not end a block.
    if (/^[ \t]*$/u.test(line)) {
      work += block.steps;
      block = new BlockWork();
      continue;
    }
    const prefix = containers.exec(line)?.[0] ?? '';
    const depth = countOf(prefix, /[>*+.)-]/gu);
    if (depth > containersInLineMax) return Number.POSITIVE_INFINITY;
    if (line.length - line.trimStart().length > indentationMax) return Number.POSITIVE_INFINITY;
    if (depth > 0) containerLines += 1;
    work += (1 + depth) * lineSteps + countOf(line, marks) * markSteps;
    for (const [word] of line.matchAll(longWords)) work += (word.length * word.length) / 10;
    block.add(line);
  }
  return work + block.steps + containerLines * containerLines;
}

/** What the lines between two empty ones cost together. */
class BlockWork {
  #marks = 0;
  #openers = 0;
  #chars = 0;
  #words = 0;
  #addressStarts = 0;
  #bracket = false;

  add(line: string): void {
    this.#marks += countOf(line, marks);
    this.#openers += countOf(line, openers);
    this.#chars += line.length + 1;
    this.#words += countOf(line, words);
    this.#addressStarts += countOf(line, addressStarts);
    this.#bracket ||= line.includes('[');
  }

  get steps(): number {
    const lookBack = this.#bracket ? this.#addressStarts * this.#words * lookBackSteps : 0;
    return this.#marks * this.#marks + this.#openers * this.#chars + lookBack;
  }
}

/** The depth of the highest heading anywhere in the blocks; 1 without one. */
function topHeading(nodes: readonly Nodes[]): number {
  let top = 7;
  const queue: Nodes[] = [...nodes];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (node.type === 'heading') top = Math.min(top, node.depth);
    else if ('children' in node) for (const child of node.children) queue.push(child);
  }
  return top === 7 ? 1 : top;
}

interface Place {
  readonly depth: number;
  readonly inline: boolean;
  readonly inLink: boolean;
}

const inlineParents: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'emphasis',
  'strong',
  'delete',
  'link',
  'tableCell',
]);

class Taming {
  readonly #source: string;
  readonly #shift: number;
  readonly #definitions = new Map<string, Definition>();

  constructor(source: string, shift: number) {
    this.#source = source;
    this.#shift = shift;
  }

  /** The nodes that stand in the place of these; `root` is given at the top, to look for definitions first. */
  children<Child extends Nodes>(nodes: readonly Child[], place: Place, root?: readonly Nodes[]): Child[] {
    if (root) this.#define(root);
    // A block is replaced by blocks and an inline node by inline nodes, which its parent may hold as well.
    return nodes.flatMap((node) => this.#tamed(node, place)) as Child[];
  }

  #tamed(node: Nodes, place: Place): Nodes[] {
    if (place.depth >= limits.reportNestingMax && 'children' in node) return [this.#asText(node, place)];
    switch (node.type) {
      case 'inlineCode':
        // A line break inside would end the code where the text comes to stand in a heading of one line.
        return [{ type: 'inlineCode', value: node.value.replaceAll(/\s*[\r\n]+\s*/gu, ' ') }];
      case 'text':
      case 'break':
      case 'thematicBreak':
        return [node];
      case 'code':
        return [{ type: 'code', value: node.value, lang: language(node.lang) }];
      case 'heading': {
        const depth = Math.min(6, Math.max(2, node.depth + this.#shift));
        return [
          {
            type: 'heading',
            depth: headingDepth(depth),
            children: this.children(node.children, below(node, place)),
          },
        ];
      }
      case 'paragraph':
      case 'blockquote':
      case 'emphasis':
      case 'strong':
      case 'delete':
      case 'list':
      case 'listItem':
      case 'table':
      case 'tableRow':
      case 'tableCell': {
        const children = this.children<Nodes>(node.children, below(node, place));
        // As above: same kinds of children as before.
        return [{ ...node, children } as Nodes];
      }
      case 'link':
        return this.#link(
          node.url,
          this.children(node.children, { ...below(node, place), inLink: true }),
          place,
        );
      case 'linkReference': {
        const definition = this.#definitions.get(node.identifier);
        const children = this.children(node.children, below(node, place));
        // A number in brackets is the number of a source, whatever the model defines it to be.
        if (!definition || /^\d+$/u.test(node.identifier)) {
          const label = node.referenceType === 'full' ? `][${node.label ?? node.identifier}]` : ']';
          return [textNode('['), ...children, textNode(label)];
        }
        return this.#link(definition.url, children, place);
      }
      case 'image':
        return this.#link(node.url, [textNode(node.alt || node.url)], place);
      case 'imageReference': {
        const url = this.#definitions.get(node.identifier)?.url ?? '';
        return this.#link(url, [textNode(node.alt || url)], place);
      }
      case 'definition':
        return [];
      case 'footnoteReference':
        return [textNode(`(note ${node.label ?? node.identifier})`)];
      case 'footnoteDefinition':
        return [
          paragraph(`Note ${node.label ?? node.identifier}:`),
          ...this.children<Nodes>(node.children, below(node, place)),
        ];
      case 'html':
      case 'yaml':
        return [this.#asText(node, place)];
      case 'root':
        return this.children<Nodes>(node.children, place);
    }
  }

  #link(url: string, children: readonly PhrasingContent[], place: Place): PhrasingContent[] {
    if (place.inLink || !isSafe(url)) return [...children];
    return [{ type: 'link', url, children: [...children] }];
  }

  /** What the model wrote for this node, letter by letter. */
  #asText(node: Nodes, place: Place): Nodes {
    const start = node.position?.start.offset ?? 0;
    const written =
      'value' in node ? node.value : this.#source.slice(start, node.position?.end.offset ?? start);
    if (place.inline) return textNode(written);
    if (node.type === 'listItem') return { type: 'listItem', spread: false, children: [paragraph(written)] };
    if (node.type === 'tableRow')
      return { type: 'tableRow', children: [{ type: 'tableCell', children: [textNode(written)] }] };
    if (node.type === 'tableCell') return { type: 'tableCell', children: [textNode(written)] };
    return paragraph(written);
  }

  #define(root: readonly Nodes[]): void {
    const queue: Nodes[] = [...root].toReversed();
    for (let node = queue.pop(); node; node = queue.pop()) {
      // The first definition counts, as in Markdown.
      if (node.type === 'definition' && !this.#definitions.has(node.identifier)) {
        this.#definitions.set(node.identifier, node);
      } else if ('children' in node) {
        for (const child of node.children.toReversed()) queue.push(child);
      }
    }
  }
}

const below = (node: Nodes, place: Place): Place => ({
  depth: place.depth + 1,
  inline: place.inline || inlineParents.has(node.type),
  inLink: place.inLink,
});

function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && ['http:', 'https:', 'mailto:'].includes(parsed.protocol);
}

const language = (name: string | null | undefined): string | null =>
  name && /^[\w+#.-]{1,40}$/u.test(name) ? name : null;

/** Clamped to what Markdown has. */
export function headingDepth(depth: number): 1 | 2 | 3 | 4 | 5 | 6 {
  const depths = [1, 2, 3, 4, 5, 6] as const;
  return depths[Math.min(5, Math.max(0, Math.trunc(depth) - 1))] ?? 6;
}
