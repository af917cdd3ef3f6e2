import type { Brief, Passage } from './model-provider.ts';
import { isPair, rarity, stemsOf, termsOf } from './salient-term.ts';
import { blocksOf, sentencesOf } from './text-block.ts';

type PlanBrief = Extract<Brief, { kind: 'plan' }>;

interface PlannedSubtask {
  readonly title: string;
  readonly question: string;
  readonly type?: string;
}

/** Something to look into. */
interface Theme {
  readonly label: string;
  /** Where it was found; undefined when only the task's own words name it. */
  readonly documentName: string | undefined;
}

const labelCharsMax = 80;
/** How much of the task each question repeats; less when the answer would not fit. */
const excerptChars = [200, 80, 0];

const aspects = [
  'facts and figures',
  'limits and open questions',
  'causes and conditions',
  'consequences and risks',
  'definitions and scope',
  'methods and procedures',
  'alternatives and comparisons',
  'people and organisations',
  'history and outlook',
  'cost and effort',
] as const;

/**
 * Exactly `missing` distinct subtasks as JSON: the passages' headings and most telling terms in the order of their
 * rank, the documents taking turns; then aspects of these; without passages, the task's own words, and the titles say so.
 */
export function offlinePlan(brief: PlanBrief, fits: (text: string) => boolean): string {
  let plan = '';
  for (const chars of excerptChars) {
    plan = JSON.stringify({ subtasks: subtasksOf(brief, line(brief.task, chars)) });
    if (fits(plan)) return plan;
  }
  return plan;
}

function subtasksOf(brief: PlanBrief, excerpt: string): readonly PlannedSubtask[] {
  const subtasks: PlannedSubtask[] = [];
  const seen = new Set(brief.known.map(normalised));
  for (const subtask of proposals(brief, excerpt)) {
    if (subtasks.length >= brief.missing) break;
    const title = normalised(subtask.title);
    const question = `question ${normalised(subtask.question)}`;
    if (seen.has(title) || seen.has(question)) continue;
    seen.add(title).add(question);
    // In turn, so that a plan has as many kinds as it can.
    const type = brief.types?.[(brief.known.length + subtasks.length) % brief.types.length];
    subtasks.push(type === undefined ? subtask : { ...subtask, type });
  }
  return subtasks;
}

/** Never ends: the last ones are numbered. */
function* proposals(brief: PlanBrief, excerpt: string): Generator<PlannedSubtask> {
  const found = themes(brief);
  const suffix = excerpt === '' ? '' : ` The task: ${excerpt}`;
  const documents = new Set(found.map(({ documentName }) => documentName));
  const titled = ({ label, documentName }: Theme) =>
    documents.size > 1 && documentName !== undefined && documentName !== label
      ? `${label} (${line(documentName, labelCharsMax)})`
      : label;
  for (const theme of found) {
    yield {
      title: titled(theme),
      question: `What do the given documents say about ${theme.label}${source(theme)}?${suffix}`,
    };
  }
  for (const aspect of found.length > 0 ? aspects : []) {
    for (const theme of found) {
      yield {
        title: `${titled(theme)}: ${aspect}`,
        question: `Which ${aspect} do the given documents give about ${theme.label}${source(theme)}?${suffix}`,
      };
    }
  }
  const words = taskWords(brief.task);
  for (let part = 1; ; part++) {
    const number = part === 1 ? '' : `, part ${part}`;
    for (const first of aspects.keys()) {
      for (const [index, label] of words.entries()) {
        const aspect = aspects[(first + index) % aspects.length] ?? aspects[0];
        yield {
          title: `${label}: ${aspect}${number} (from the task's words, no passage found)`,
          question: `Which ${aspect} are known about ${label}${number}? No passage of a document was found to plan with.${suffix}`,
        };
      }
    }
  }
}

const source = ({ label, documentName }: Theme): string =>
  documentName === undefined || documentName === label ? '' : `, as in ${line(documentName, labelCharsMax)}`;

/** What the passages are about, each document's themes in the order of its passages' rank, the documents in turn. */
function themes(brief: PlanBrief): readonly Theme[] {
  const task = stemsOf(brief.task);
  const texts = brief.passages.map(({ text }) => stemsOf(text));
  const byDocument = new Map<string, string[]>();
  for (const passage of brief.passages) {
    const labels = byDocument.get(passage.documentName) ?? [];
    byDocument.set(passage.documentName, labels);
    const blocks = blocksOf(passage.text);
    const headings = blocks.filter(({ kind }) => kind === 'heading').map(({ text }) => text);
    labels.push(...headings.map((heading) => line(heading.replaceAll(/[`*_]/gu, ''), labelCharsMax)));
    labels.push(...tellingTerms(passage, texts, task));
    if (headings.length === 0 && labels.length === 0) {
      labels.push(line(blocks.flatMap(({ text }) => sentencesOf(text))[0] ?? passage.documentName, 40));
    }
  }
  const found: Theme[] = [];
  const seen: string[] = [];
  const depth = Math.max(0, ...[...byDocument.values()].map((labels) => labels.length));
  for (let place = 0; place < depth; place++) {
    for (const [documentName, labels] of byDocument) {
      const label = labels[place];
      if (label === undefined || normalised(label) === '') continue;
      const key = [...stemsOf(label)].toSorted().join(' ') || normalised(label);
      if (seen.includes(key)) continue;
      seen.push(key);
      found.push({ label, documentName });
    }
  }
  return found;
}

/**
 * Up to two labels of two terms each: what this passage speaks of more than once, or shares with another one, and the
 * others have less; first what stands beside the task's words, which are left out themselves.
 */
function tellingTerms(
  passage: Passage,
  texts: readonly ReadonlySet<string>[],
  task: ReadonlySet<string>,
): readonly string[] {
  const rare = rarity(texts);
  const counts = new Map<string, { readonly surface: string; count: number; near: boolean }>();
  for (const sentence of blocksOf(passage.text).flatMap(({ text }) => sentencesOf(text))) {
    const terms = termsOf(sentence);
    const near = terms.some(({ stem }) => task.has(stem));
    for (const { stem, surface } of terms) {
      if (isPair(stem) || task.has(stem) || surface.length < 3 || /\p{N}/u.test(surface)) continue;
      const known = counts.get(stem) ?? { surface, count: 0, near: false };
      known.count += 1;
      known.near ||= near;
      counts.set(stem, known);
    }
  }
  const repeated = [...counts].filter(
    ([stem, { count }]) => count > 1 || texts.filter((stems) => stems.has(stem)).length > 1,
  );
  const ranked = (repeated.length >= 2 ? repeated : [...counts])
    .map(([stem, { surface, count, near }]) => ({
      surface,
      score: (1 + Math.log(count)) * rare(stem) * (near ? 1.5 : 1),
    }))
    .toSorted((one, other) => other.score - one.score)
    .slice(0, 4)
    .map(({ surface }) => surface);
  const labels = [ranked.slice(0, 2), ranked.slice(2, 4)].filter((pair) => pair.length > 0);
  return labels.map((pair) => line(pair.join(' and '), labelCharsMax));
}

/** The task's terms in its own order, at least one. */
function taskWords(task: string): readonly string[] {
  const words = new Map<string, string>();
  for (const { stem, surface } of termsOf(task)) {
    if (!words.has(stem)) words.set(stem, line(surface, labelCharsMax));
  }
  return words.size > 0 ? [...words.values()] : ['the task'];
}

/** On one line, without brackets that a citation could be read in. */
function line(text: string, charsMax: number): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll('[', '(')
    .replaceAll(']', ')');
  const chars = [...plain.trim()];
  if (chars.length <= charsMax || charsMax === 0) return chars.slice(0, charsMax).join('');
  return `${chars.slice(0, charsMax).join('').trimEnd()}…`;
}

const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
