import { limits } from '../workflow/limits.ts';

// Words for the index and for queries. Scripts that put no space between words are indexed by pairs of characters, so
// that a query finds any stretch of them.

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}々ー]+/gu;
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** Words that say nothing about a subject. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'a about above after again against all also am an and any are as at be because been before being below between both but by ' +
    'can could did do does doing down during each either else ever few for from further had has have having he her here hers ' +
    'him his how i if in into is it its itself just let may me might more most much must my no nor not now of off on once only ' +
    'or other our ours out over own per please shall she should so some such than that the their theirs them then there these ' +
    'they this those through to too under until up upon us very was we were what when where which while who whom whose why ' +
    'will with within without would yes yet you your yours'
  ).split(' '),
);

/** Words that ask for something but name no subject; a query of only these wants an overview. */
const requestWords: ReadonlySet<string> = new Set(
  (
    'analyse analysis analyze answer content contents corpus describe document documents explain file files find findings give ' +
    'given information key list main material outline overview point points question read report research say says source ' +
    'sources subject summarise summarize summary task tell text texts topic topics write'
  ).split(' '),
);

/** A text as the index stores it: unspaced scripts as pairs of characters, the last character alone. */
export function indexedText(text: string): string {
  return text.replace(unspaced, (run) => {
    const chars = [...run];
    return ` ${chars.map((char, index) => char + (chars[index + 1] ?? '')).join(' ')} `;
  });
}

export interface SearchQuery {
  /** An FTS5 expression, or undefined when the query holds no word. */
  readonly expression: string | undefined;
  /** Whether the query names a subject; one that does not matches everything alike. */
  readonly hasSubject: boolean;
}

/** A query in any text as an FTS5 expression: every term quoted, stop words dropped, terms joined by OR. */
export function searchQuery(query: string): SearchQuery {
  const terms = new Set<string>();
  const weak = new Set<string>();
  const add = (target: Set<string>, term: string) => {
    if (target.size < limits.searchTermsMax) target.add(term);
  };
  const text = query.slice(0, limits.searchQueryCharsMax).toWellFormed().normalize('NFC').toLowerCase();
  for (const [run] of text.matchAll(unspaced)) {
    const chars = [...run];
    if (chars.length === 1) add(terms, `"${run}"*`);
    for (let index = 0; index + 1 < chars.length; index++) {
      add(terms, `"${chars.slice(index, index + 2).join('')}"`);
    }
  }
  for (const [term] of text.replace(unspaced, ' ').matchAll(word)) {
    if (stopWords.has(term)) continue;
    add(requestWords.has(term) ? weak : terms, `"${term}"`);
  }
  const all = [...terms, ...weak].slice(0, limits.searchTermsMax);
  return {
    expression: all.length > 0 ? all.join(' OR ') : undefined,
    hasSubject: terms.size > 0,
  };
}
