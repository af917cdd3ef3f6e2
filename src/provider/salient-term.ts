// Words as terms to compare texts by. Deterministic and rough: it serves extraction, not language.

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}々ー]+/gu;
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** Words without a subject, and the words in which questions are put. */
const commonWords: ReadonlySet<string> = new Set(
  (
    'a about above across after again against all along also although always am among an and another any are as ask aspect aspects at ' +
    'bear be because been before being below between both but by can compare concerning could describe did discuss do does document documents ' +
    'doing done down during each either else ever every explain few find findings for from further get give given had has have ' +
    'having he her here him his how however i if in into is it its itself just know known let like main make many may might more most ' +
    'much must my need new no nor not now of off often on once one only or other our out over own passages per please point ' +
    'questions question regard research report say says see shall she should since so some such summarise summarize summary ' +
    'task tell than that the their them then there these they thing things this those through thus to together too toward ' +
    'under until up upon us use used uses using very view was way we well were what when where whether which while who whom ' +
    'whose why will with within without would write yes yet you your'
  ).split(' '),
);

export interface Term {
  /** What is compared. */
  readonly stem: string;
  /** As the text writes it. */
  readonly surface: string;
}

/** The terms of a text in order, repeated as often as they occur. Scripts without spaces give pairs of characters. */
export function termsOf(text: string): readonly Term[] {
  const terms: { readonly term: Term; readonly index: number }[] = [];
  const known = text.normalize('NFKC');
  for (const match of known.matchAll(unspaced)) {
    const chars = [...match[0]];
    for (let index = 0; index < Math.max(1, chars.length - 1); index++) {
      const pair = chars.slice(index, index + 2).join('');
      terms.push({ term: { stem: pair, surface: pair }, index: match.index + index });
    }
  }
  for (const match of known.replaceAll(unspaced, (run) => ' '.repeat(run.length)).matchAll(word)) {
    const lower = match[0].toLowerCase();
    if (commonWords.has(lower) || (lower.length === 1 && /\p{Ll}/u.test(lower))) continue;
    terms.push({ term: { stem: stemOf(lower), surface: match[0] }, index: match.index });
  }
  return terms.toSorted((one, other) => one.index - other.index).map(({ term }) => term);
}

export const stemsOf = (text: string): ReadonlySet<string> => new Set(termsOf(text).map(({ stem }) => stem));

/** Whether terms of this form are pairs of characters rather than words. */
export const isPair = (stem: string): boolean => stem.search(unspaced) >= 0;

const endings = /(?:ations?|ings?|ied|ies|ed|es|s|e|y)$/u;

function stemOf(lower: string): string {
  if (!/^[a-z]{4,}$/u.test(lower) || lower.endsWith('ss')) return lower;
  const stem = lower.replace(endings, '');
  return stem.length >= 3 ? stem : lower;
}

/** How rare a term is among these texts: above 0, larger for rarer ones. */
export function rarity(texts: readonly ReadonlySet<string>[]): (stem: string) => number {
  const counts = new Map<string, number>();
  for (const stems of texts) for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return (stem) => Math.log(1 + texts.length / (counts.get(stem) ?? 1));
}

/** What a statement says, to tell whether another says the same. */
export interface Fingerprint {
  readonly stems: ReadonlySet<string>;
  /** Numbers and negations: where they differ, the statements differ. */
  readonly decisive: string;
}

const negation =
  /\b(?:no|not|never|none|neither|nor|without|cannot|kein\w*|nicht|nie)\b|n['’]t\b|[不没無非]/giu;

export function fingerprintOf(text: string): Fingerprint {
  const numbers = text.match(/\d+(?:[.,:]\d+)*/gu) ?? [];
  const negations = text.match(negation)?.length ?? 0;
  return { stems: stemsOf(text), decisive: `${numbers.toSorted().join(' ')}|${negations}` };
}

/** Whether two statements are nearly the same: most terms shared, all numbers and negations equal. */
export function nearlySame(one: Fingerprint, other: Fingerprint): boolean {
  if (one.decisive !== other.decisive) return false;
  let shared = 0;
  for (const stem of one.stems) if (other.stems.has(stem)) shared += 1;
  const together = one.stems.size + other.stems.size - shared;
  return together === 0 || shared / together >= (together < 5 ? 1 : 0.8);
}
