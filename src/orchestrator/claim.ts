import { limits } from '../workflow/limits.ts';
import { citationsOf } from './citation.ts';

// Long findings as their claims. What carries a source is what a synthesis can check and take over; the prose around it
// costs tokens and drowns the rest. Taken out by code: a claim is the author's sentence, letter by letter.

/** A space behind the end of a sentence and the citation that may follow it there. */
const sentenceEnd =
  /(?<=[.!?。！？…]["'”’»)\]*]{0,3}(?:\s{1,8}\\?\[{1,2}[DT]\d[^[\]\n]{0,400}\]{1,2})?)\s(?!\s{0,8}\\?\[{1,2}[DT]\d)/u;
const listMark = /^\s*(?:[-*+>|]|\d{1,3}[.)])\s+/u;

/** The sentences of a text that cite a source it has, each once, in order. */
export function claimsOf(text: string, known: ReadonlySet<string>): readonly string[] {
  const claims = new Set<string>();
  for (const line of text.split('\n')) {
    if (!line.includes('[')) continue;
    for (const sentence of sentencesOf(line.replace(listMark, ''))) {
      if (citationsOf(sentence, known).citations.length > 0) claims.add(sentence);
    }
  }
  return [...claims];
}

function sentencesOf(line: string): readonly string[] {
  const sentences: string[] = [];
  for (const part of line.split(sentenceEnd)) {
    const sentence = part.trim();
    if (sentence === '') continue;
    // What begins with a small letter follows an abbreviation and not an end.
    if (/^\p{Ll}/u.test(sentence) && sentences.length > 0) sentences.push(`${sentences.pop()} ${sentence}`);
    else sentences.push(sentence);
  }
  return sentences;
}

/**
 * A finding as a synthesis reads it: as it is while it is short or has no source, else its claims, and its end as it
 * stands, because that is where researchers say what is missing. Says that it was shortened.
 */
export function condensed(text: string, known: ReadonlySet<string>): string {
  if (text.length <= limits.findingWholeCharsMax) return text;
  const claims = claimsOf(text, known);
  if (claims.length === 0) return text;
  const end = text.slice(-limits.findingEndCharsMax).toWellFormed();
  const short = [
    `The claims with a source of a text of ${text.length} characters:`,
    claims.map((claim) => `- ${claim}`).join('\n'),
    'The end of that text:',
    end,
  ].join('\n\n');
  return short.length < text.length ? short : text;
}
