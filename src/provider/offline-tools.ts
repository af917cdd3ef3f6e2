import type { ToolCall } from '../workflow/event.ts';
import { clip } from '../workflow/failure.ts';
import type { ModelRequest } from './model-provider.ts';
import { stemsOf, termsOf } from './salient-term.ts';

const search = 'documents.search';
const read = 'documents.read';
const queryCharsMax = 500;

/**
 * What the offline provider asks tools for, always the same for the same request: first what the given passages do not
 * mention, then the surroundings of the best passage. Undefined: it has what it can get and answers.
 */
export function offlineToolCall({ brief, messages, tools }: ModelRequest): ToolCall | undefined {
  if (brief.kind !== 'answer' || tools?.choice !== 'auto') return undefined;
  const offered = new Set(tools.offers.map(({ name }) => name));
  const asked = new Set(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ name }) => name)));
  if (offered.has(search) && !asked.has(search)) {
    return call(search, { query: clip(unmentioned(brief) || brief.question, queryCharsMax) });
  }
  const best = brief.passages.find(({ handle }) => handle.startsWith('D'));
  if (offered.has(read) && !asked.has(read) && best) return call(read, { handle: best.handle });
  return undefined;
}

/** The words of the question that no given passage holds. */
function unmentioned(brief: Extract<ModelRequest['brief'], { kind: 'answer' }>): string {
  const known = stemsOf(brief.passages.map(({ documentName, text }) => `${documentName} ${text}`).join(' '));
  return termsOf(brief.question)
    .filter(({ stem }) => !known.has(stem))
    .map(({ surface }) => surface)
    .join(' ');
}

const call = (name: string, args: Readonly<Record<string, unknown>>): ToolCall => ({
  id: name.replace('.', '_'),
  name,
  arguments: JSON.stringify(args),
});
