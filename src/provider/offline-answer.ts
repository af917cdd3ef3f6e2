import type { Brief } from './model-provider.ts';
import { fingerprintOf, nearlySame, rarity, stemsOf, termsOf, type Fingerprint } from './salient-term.ts';
import { blocksOf, plainLine, sentencesOf } from './text-block.ts';

type AnswerBrief = Extract<Brief, { kind: 'answer' }>;

/** Headings and sentences that a synthesis recognises in the answers it merges. */
export const gapsHeading = 'Gaps and limitations';
export const answerHeading = 'What the given documents say';
export const extractionNote =
  'Extracted without a language model: sentences are quoted as they stand and chosen by the words they share with the question; nothing was interpreted or checked.';

const quotationsMax = 8;
const quotationsPerPassageMax = 3;
const missingTermsMax = 12;

/** What looks like a citation already; a document that holds one could pass its own words off as sourced elsewhere. */
export const citationLike = /\[[^[\]\n]{0,400}\b[DT]\d{1,6}\.\d{1,6}/iu;

interface Candidate {
  readonly text: string;
  readonly handle: string;
  readonly passage: number;
  readonly order: number;
  readonly stems: ReadonlySet<string>;
  readonly context: ReadonlySet<string>;
  readonly isCode: boolean;
}

interface Quotation extends Candidate {
  readonly score: number;
  readonly fingerprint: Fingerprint;
}

/** The sentences of the passages that answer the question best, quoted with their handles, and what none of them mentions. */
export function offlineAnswer(brief: AnswerBrief, fits: (text: string) => boolean): string {
  const quotations = bestQuotations(brief);
  for (let count = quotations.length; count > 1; count--) {
    const text = written(brief, quotations.slice(0, count));
    if (fits(text)) return text;
  }
  return written(brief, quotations.slice(0, 1));
}

function written(brief: AnswerBrief, quotations: readonly Quotation[]): string {
  const lines = [`> Question: ${plainLine(brief.question, 300)}`, ''];
  if (quotations.length > 0) lines.push(`### ${answerHeading}`, '', ...quotations.map(quotationLine), '');
  lines.push(`### ${gapsHeading}`, '', ...gaps(brief, quotations).map((gap) => `- ${gap}`));
  return lines.join('\n');
}

function quotationLine({ text, handle, isCode }: Quotation): string {
  return isCode ? `- \`${text}\` [${handle}]` : `- “${text}” [${handle}]`;
}

function gaps(brief: AnswerBrief, quotations: readonly Quotation[]): readonly string[] {
  const found = new Set(quotations.flatMap(({ stems }) => [...stems]));
  const names = stemsOf(brief.passages.map(({ documentName }) => documentName).join(' '));
  const missing = new Map<string, string>();
  for (const { stem, surface } of termsOf(brief.question)) {
    if (!found.has(stem) && !names.has(stem) && !missing.has(stem)) missing.set(stem, plainLine(surface, 60));
  }
  const terms = [...missing.values()].slice(0, missingTermsMax).join(', ');
  if (brief.passages.length === 0) {
    return [
      'No passage of the given documents matches this question, so it is not answered here; the data is missing.',
    ];
  }
  const count = brief.passages.length === 1 ? 'one passage' : `${brief.passages.length} passages`;
  if (quotations.length === 0) {
    return [
      `The given documents do not answer this question: no sentence in the ${count} found speaks of it${terms === '' ? '' : ` (looked for: ${terms})`}. The data is missing.`,
    ];
  }
  return [...(terms === '' ? [] : [`Not mentioned in the sentences quoted: ${terms}.`]), extractionNote];
}

function bestQuotations(brief: AnswerBrief): readonly Quotation[] {
  const wanted = weights(brief);
  const candidates = candidatesOf(brief);
  const rare = rarity(candidates.map(({ stems }) => stems));
  const needed = Math.min(2, wanted.size);
  const scored = candidates.flatMap((candidate) => {
    let score = 0;
    let own = 0;
    let matched = 0;
    for (const [stem, weight] of wanted) {
      if (candidate.stems.has(stem)) own += 1;
      else if (!candidate.context.has(stem)) continue;
      matched += 1;
      score += weight * rare(stem) * (candidate.stems.has(stem) ? 1 : 0.3);
    }
    if (own === 0 || matched < needed) return [];
    const length = 1 + 0.2 * Math.log1p(candidate.stems.size / 12);
    const place = 1 + 0.2 / (1 + candidate.passage) + 0.1 / (1 + candidate.order);
    return [
      {
        ...candidate,
        score: (score / length) * place * (candidate.isCode || candidate.text.startsWith('|') ? 0.6 : 1),
      },
    ];
  });
  const ranked = scored.toSorted(
    (one, other) => other.score - one.score || one.passage - other.passage || one.order - other.order,
  );
  const chosen: Quotation[] = [];
  for (const candidate of ranked) {
    if (chosen.length >= quotationsMax) break;
    if (chosen.filter(({ passage }) => passage === candidate.passage).length >= quotationsPerPassageMax)
      continue;
    const fingerprint = fingerprintOf(candidate.text);
    if (chosen.some((other) => nearlySame(fingerprint, other.fingerprint))) continue;
    chosen.push({ ...candidate, fingerprint });
  }
  return chosen;
}

/** The question's terms; what it adds to the task counts double, because the other agents have the same task. */
function weights(brief: AnswerBrief): ReadonlyMap<string, number> {
  const task = stemsOf(brief.task);
  const question = stemsOf(brief.question);
  const terms = question.size > 0 ? question : task;
  return new Map([...terms].map((stem) => [stem, task.has(stem) ? 1 : 2]));
}

function candidatesOf(brief: AnswerBrief): readonly Candidate[] {
  return brief.passages.flatMap(({ handle, documentName, text }, passage) => {
    const blocks = blocksOf(text);
    const headings = blocks.filter(({ kind }) => kind === 'heading').map((block) => block.text);
    const context = stemsOf([documentName, ...headings].join(' '));
    let order = 0;
    return blocks.flatMap((block): Candidate[] => {
      if (block.kind === 'heading') return [];
      const isCode = block.kind === 'code';
      // A code line keeps its signs between back quotes, which it must not hold itself.
      const sentences = isCode ? (block.text.includes('`') ? [] : [block.text]) : sentencesOf(block.text);
      return sentences.flatMap((sentence) => {
        const stems = stemsOf(sentence);
        if (stems.size < 2 || citationLike.test(sentence) || !sentence.isWellFormed()) return [];
        return [{ text: sentence, handle, passage, order: order++, stems, context, isCode }];
      });
    });
  });
}
