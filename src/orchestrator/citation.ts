import { limits } from '../workflow/limits.ts';
import { contentOf, materialOf, type AgentState, type WorkflowState } from '../workflow/state.ts';
import type { SourceEntry } from './orchestrator.ts';
import { SourceRegistry, type KnownSource } from './source-registry.ts';

// Citations in model text: `[D1.2]` or `[D1.2, D3.4]`. Only these brackets are ever touched; other brackets, ordinary
// links among them, stay as they are.

/** What a handle looks like: document and passage, or agent and tool call. */
const handleShape = /^[DT]\d{1,6}\.\d{1,6}$/u;
const bracket = /\\?\[{1,2}([^[\]\n\\]{1,400})\\?\]{1,2}/gu;
const separator = /[\s,;&–—]+|-(?=[DT]\d)|\band\b/u;
/** A link target directly behind a handle was made up by the model: handles have no address. */
const target = /\([^()\s]{0,500}\)/uy;
const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/gu;

/** The handles a text cites, split by whether its material carries them; each once, in order of first citation. */
export function citationsOf(
  text: string,
  known: ReadonlySet<string>,
): { readonly citations: readonly string[]; readonly unknownCitations: readonly string[] } {
  if (!text.includes('[')) return { citations: [], unknownCitations: [] };
  const citations = new Set<string>();
  const unknown = new Set<string>();
  rewriteCitations(text, known, (handle) => {
    if (known.has(handle)) citations.add(handle);
    else if (unknown.size < limits.unknownCitationsMax) unknown.add(handle);
    return handle;
  });
  return { citations: [...citations], unknownCitations: [...unknown] };
}

/**
 * The handles an agent may cite: those of its passages and of what its tools found, and those its inputs cite. A passage that an input had and did
 * not cite is not among them, because the agent has never seen it.
 */
export function knownHandles(state: WorkflowState, agent: AgentState): ReadonlySet<string> {
  const handles = materialOf(agent).map((passage) => passage.handle);
  for (const inputId of agent.inputAgentIds) {
    handles.push(...(state.agents.get(inputId)?.completion?.citations ?? none));
  }
  return setOf(handles);
}

const none: readonly never[] = [];
const emptySet: ReadonlySet<string> = new Set();

/** Runs without sources ask for many sets, all of them empty. */
const setOf = (handles: readonly string[]): ReadonlySet<string> =>
  handles.length === 0 ? emptySet : new Set(handles);

/** The handles that a finished agent cites and that its material carries. */
export function citedHandles({ completion }: AgentState): ReadonlySet<string> {
  return setOf(completion?.citations ?? none);
}

/** A finished agent's text as others may read it: without the handles that no passage of its material carries. */
export function citedContent(agent: AgentState): string {
  return withoutUnknownCitations(contentOf(agent) ?? '', citedHandles(agent));
}

/** The text without the handles its material does not carry. */
export function withoutUnknownCitations(text: string, known: ReadonlySet<string>): string {
  return rewriteCitations(text, known, (handle) => (known.has(handle) ? handle : undefined));
}

/**
 * Replaces every cited handle by its label, or removes it where the label is undefined; brackets that lose all their
 * handles go with the space before them.
 */
export function rewriteCitations(
  text: string,
  known: ReadonlySet<string>,
  labelOf: (handle: string) => string | undefined,
): string {
  if (!text.includes('[')) return text;
  // In parts: looking at the end of a string under construction copies all of it each time.
  const parts: string[] = [];
  let end = '';
  const add = (part: string): void => {
    parts.push(part);
    end = (end + part.slice(-2)).slice(-2);
  };
  let position = 0;
  for (const match of text.matchAll(bracket)) {
    const handles = handlesIn(match[1] ?? '', known);
    if (handles.length === 0) continue;
    add(text.slice(position, match.index));
    position = match.index + match[0].length;
    target.lastIndex = position;
    position += target.exec(text)?.[0].length ?? 0;
    const labels = new Set(handles.map(labelOf).filter((label) => label !== undefined));
    if (labels.size === 0) {
      if (/\S /u.test(end)) {
        // The space is the end of the last part that is not empty.
        while (parts.at(-1) === '') parts.pop();
        parts.push((parts.pop() ?? '').slice(0, -1));
        end = end.slice(0, -1);
      }
      continue;
    }
    // `[1]: text` would be read as the definition of a link, `[1](` as a link.
    const escape = text[position] === ':' || text[position] === '(' ? '\\' : '';
    add(`${escape}[${[...labels].join(', ')}]`);
  }
  parts.push(text.slice(position));
  return parts.join('');
}

function handlesIn(content: string, known: ReadonlySet<string>): readonly string[] {
  if (known.has(content)) return [content];
  const parts = content.split(separator).filter((part) => part !== '');
  const handles = parts.map((part) => (known.has(part) ? part : part.toUpperCase()));
  return handles.every((handle) => known.has(handle) || handleShape.test(handle)) ? handles : [];
}

/** Writes the numbers of a report's sources into its texts, in order of first citation. */
export class SourceNumbering {
  readonly #registry: SourceRegistry;

  constructor(sources: readonly KnownSource[]) {
    this.#registry = new SourceRegistry(sources);
  }

  /**
   * The text with numbers for handles; those outside `known` are removed. A number in brackets that the model wrote
   * itself is put in parentheses, because it would be read as the number of a source.
   */
  number(text: string, known: ReadonlySet<string>): string {
    return rewriteCitations(withoutOwnNumbers(text), known, (handle) => {
      const number = known.has(handle) ? this.#registry.numberOf(handle) : undefined;
      return number?.toString();
    });
  }

  get sources(): readonly SourceEntry[] {
    return this.#registry.entries;
  }
}

function withoutOwnNumbers(text: string): string {
  let result = '';
  let position = 0;
  for (const match of text.matchAll(code)) {
    result += numbersInParentheses(text.slice(position, match.index)) + match[0];
    position = match.index + match[0].length;
  }
  return result + numbersInParentheses(text.slice(position));
}

// A reference link, `[text][1]`, keeps its number; a definition, `[1]: address`, must not turn ours into links.
const ownNumbers = /(?<![\w\\\]])(?:\[\d{1,3}\])+(?![(\w])/gu;

const numbersInParentheses = (prose: string): string =>
  prose.replaceAll(ownNumbers, (numbers) => numbers.replaceAll('[', '(').replaceAll(']', ')'));
