import type { Brief } from './model-provider.ts';
import { answerHeading, extractionNote, gapsHeading } from './offline-answer.ts';
import { fingerprintOf, nearlySame, rarity, stemsOf, type Fingerprint } from './salient-term.ts';
import { blocksOf, plainLine, sentencesOf } from './text-block.ts';

type SynthesisBrief = Extract<Brief, { kind: 'synthesise' }>;

/** One thing a finding says, letter by letter, its citations included. */
interface Statement {
  readonly text: string;
  readonly finding: number;
  /** Heading it stands under in its finding; undefined under none, or under one of our own. */
  readonly topic: string | undefined;
  readonly fingerprint: Fingerprint;
  /** Citations of findings that say the same. */
  readonly otherHandles: Set<string>;
  readonly otherFindings: Set<number>;
}

interface Gap {
  readonly text: string;
  readonly finding: number;
}

const findingsHeading = 'Findings';
const overviewHeading = 'Overview';
const ownHeadings: ReadonlySet<string> = new Set([answerHeading, findingsHeading, overviewHeading]);
const gapsTitle = /^(?:gaps|limitations|missing|open questions)\b/iu;
const synthesisNote =
  'Merged without a language model: statements are quoted as they stand and repetitions left out; no claim was cross-checked and no inference drawn.';

const statementsPerFindingMax = 60;
const overviewMax = 8;
const gapsPerFindingMax = 6;
const citation = /\[([^[\]\n]{1,400})\]/gu;
const handle = /^[DT]\d{1,6}\.\d{1,6}$/u;
/** How many statements of each finding are shown; fewer when the text would not fit. */
const shownSteps = [12, 8, 5, 3, 2, 1];

/** The findings' statements, each once, under their findings' titles, with what is missing named. */
export function offlineSynthesis(brief: SynthesisBrief, fits: (text: string) => boolean): string {
  const { statements, gaps } = merged(brief);
  let text = '';
  for (const shown of shownSteps) {
    text = written(brief, statements, gaps, shown);
    if (fits(text)) return text;
  }
  return text;
}

function merged(brief: SynthesisBrief): {
  readonly statements: readonly Statement[];
  readonly gaps: readonly Gap[];
} {
  const statements: Statement[] = [];
  const gaps: Gap[] = [];
  for (const [finding, { text }] of brief.findings.entries()) {
    let topic: string | undefined;
    let inGaps = false;
    let count = 0;
    let ownGaps = 0;
    for (const block of blocksOf(text.toWellFormed())) {
      if (block.kind === 'heading') {
        inGaps = gapsTitle.test(block.text);
        topic =
          ownHeadings.has(block.text) || block.text === brief.findings[finding]?.title
            ? undefined
            : block.text;
        continue;
      }
      // A quotation repeats somebody else's words (our answers their question) and code is no statement.
      if (block.kind === 'quote' || block.kind === 'code') continue;
      if (inGaps) {
        const isNote = block.text === extractionNote || block.text === synthesisNote;
        if (!isNote && ownGaps < gapsPerFindingMax) {
          gaps.push({ text: block.text, finding });
          ownGaps += 1;
        }
        continue;
      }
      for (const sentence of block.kind === 'item' && block.text.length <= 600
        ? [block.text]
        : sentencesOf(block.text)) {
        if (count >= statementsPerFindingMax) break;
        if (addStatement(statements, sentence, finding, topic)) count += 1;
      }
    }
  }
  return { statements, gaps };
}

/** False when the text says nothing. A statement made before gets the new one's citations and finding instead. */
function addStatement(
  statements: Statement[],
  text: string,
  finding: number,
  topic: string | undefined,
): boolean {
  const fingerprint = fingerprintOf(text.replaceAll(citation, ' '));
  if (fingerprint.stems.size < 2) return false;
  const known = statements.find((other) => nearlySame(fingerprint, other.fingerprint));
  if (!known) {
    statements.push({ text, finding, topic, fingerprint, otherHandles: new Set(), otherFindings: new Set() });
    return true;
  }
  const own = new Set(handlesIn(known.text));
  for (const cited of handlesIn(text)) if (!own.has(cited)) known.otherHandles.add(cited);
  if (finding !== known.finding) known.otherFindings.add(finding);
  return true;
}

function handlesIn(text: string): readonly string[] {
  return [...text.matchAll(citation)].flatMap((match) =>
    (match[1] ?? '').split(/[\s,;]+/u).filter((part) => handle.test(part)),
  );
}

function written(
  brief: SynthesisBrief,
  all: readonly Statement[],
  gaps: readonly Gap[],
  shown: number,
): string {
  const titles = brief.findings.map(({ title, agentId }) => plainLine(title, 160) || plainLine(agentId, 80));
  const overview = brief.level === 'group' ? [] : strongest(brief, all);
  const lines: string[] = [];
  if (overview.length > 0) {
    lines.push(`### ${overviewHeading}`, '', `> Task: ${plainLine(brief.task, 300)}`, '');
    lines.push(
      ...overview.map(
        (statement) => `- **${titles[statement.finding] ?? ''}**: ${shownAs(statement, titles)}`,
      ),
      '',
    );
  }
  lines.push(`### ${findingsHeading}`, '');
  if (all.length === 0) lines.push('None of the findings holds a statement on the task.', '');
  let hidden = 0;
  for (const [finding, title] of titles.entries()) {
    const own = all.filter((statement) => statement.finding === finding && !overview.includes(statement));
    hidden += Math.max(0, own.length - shown);
    if (own.length === 0) continue;
    lines.push(`#### ${title}`, '');
    let topic: string | undefined;
    for (const statement of own.slice(0, shown)) {
      if (statement.topic !== topic) {
        topic = statement.topic;
        const heading = topic === undefined ? 'Further statements' : plainLine(topic, 160);
        if (lines.at(-1) !== '') lines.push('');
        lines.push(`##### ${heading}`, '');
      }
      lines.push(`- ${shownAs(statement, titles)}`);
    }
    lines.push('');
  }
  lines.push(`### ${gapsHeading}`, '');
  for (const part of brief.missing) lines.push(`- Missing: ${plainLine(part, 300)}`);
  if (brief.findings.length === 0) lines.push('- No finding was handed in.');
  for (const gap of gaps) lines.push(`- ${titles[gap.finding] ?? ''}: ${gap.text}`);
  if (hidden > 0)
    lines.push(
      `- ${hidden} further ${hidden === 1 ? 'statement is' : 'statements are'} left to the findings themselves.`,
    );
  lines.push(`- ${synthesisNote}`);
  return lines.join('\n');
}

function shownAs({ text, otherHandles, otherFindings }: Statement, titles: readonly string[]): string {
  const handles = otherHandles.size > 0 ? ` [${[...otherHandles].join(', ')}]` : '';
  const also = [...otherFindings].map((finding) => titles[finding]).filter((title) => title !== undefined);
  return `${text}${handles}${also.length > 0 ? ` (also in: ${also.join('; ')})` : ''}`;
}

/** The statement of each finding that speaks most of the task, in the findings' order. */
function strongest(brief: SynthesisBrief, statements: readonly Statement[]): readonly Statement[] {
  const task = stemsOf(brief.task);
  const rare = rarity(statements.map(({ fingerprint }) => fingerprint.stems));
  const best = new Map<number, { readonly statement: Statement; readonly score: number }>();
  for (const statement of statements) {
    let score = statement.otherFindings.size + (handlesIn(statement.text).length > 0 ? 0.5 : 0);
    for (const stem of task) if (statement.fingerprint.stems.has(stem)) score += rare(stem);
    if (score > (best.get(statement.finding)?.score ?? -1)) best.set(statement.finding, { statement, score });
  }
  return [...best.values()]
    .toSorted((one, other) => other.score - one.score)
    .slice(0, overviewMax)
    .map(({ statement }) => statement)
    .toSorted((one, other) => one.finding - other.finding);
}
