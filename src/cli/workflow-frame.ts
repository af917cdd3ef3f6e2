import type { AgentText } from '../client/agent-texts.ts';
import { millisecondsOf } from '../client/time-message.ts';
import type { Agent__Output } from '../gen/orchestrator/v1/Agent.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import { costText, countText, durationText, tokensOf } from './amount.ts';
import type { Paint } from './output.ts';
import { clipLine, clipLineStart, displayWidth, padLine, printableLine } from './printable-text.ts';
import { badgeOf } from '../workflow/specialisation.ts';
import { stateText } from './workflow-summary.ts';

export interface FrameOptions {
  /** Wall time in milliseconds. */
  readonly now: number;
  readonly columns: number;
  /** Lines there is room for; when agents do not fit, those that have completed are summed up first. */
  readonly rows: number;
  readonly paint: Paint;
  /** Shown as the last line, for example that the connection is being restored. */
  readonly notice?: string | undefined;
  /** What agents are writing, by agent id; the end of each is shown where there is room for all. */
  readonly texts?: ReadonlyMap<string, AgentText> | undefined;
}

const barColumns = 24;
const stages: readonly (readonly [stage: string, title: string])[] = [
  ['plan', 'Plan'],
  ['work', 'Work'],
  ['synthesis', 'Synthesis'],
];
const fewestColumns = 40;

type Format = Parameters<Paint>[0];

/** A workflow as it stands as a tree of its agents by stage, with totals and a progress bar; no line is wider than `columns`. */
export function workflowFrame(workflow: Workflow__Output, options: FrameOptions): string {
  const { paint } = options;
  const columns = Math.max(fewestColumns, options.columns);
  const head = [
    paint('bold', clipLine(`${workflow.workflowId}  ${printableLine(workflow.title)}`, columns)),
    progressLine(workflow, options, columns),
  ];
  const foot = [
    ...(workflow.blockedReason === ''
      ? []
      : [paint('yellow', clipLine(`waits for: ${printableLine(workflow.blockedReason)}`, columns))]),
    ...documentLines(workflow, columns),
    ...(options.notice === undefined
      ? []
      : [paint('yellow', clipLine(printableLine(options.notice), columns))]),
  ];
  const room = Math.max(1, options.rows - head.length - foot.length);
  return [...head, ...agentLines(workflow.agents, room, options, columns), ...foot].join('\n');
}

function progressLine(workflow: Workflow__Output, { now, paint }: FrameOptions, columns: number): string {
  const share = Math.min(1, Math.max(0, workflow.progress / 100));
  const full = Math.floor(share * barColumns);
  const state = stateText(workflow.state);
  const start = millisecondsOf(workflow.startTime);
  const elapsed = start === undefined ? undefined : (millisecondsOf(workflow.endTime) ?? now) - start;
  const failed = workflow.agentsFailed > 0 ? `, ${workflow.agentsFailed} failed` : '';
  const totals = [
    `${Math.floor(workflow.progress)} %`,
    state,
    ...(elapsed === undefined ? [] : [durationText(Math.max(0, elapsed))]),
    `${workflow.agentsCompleted}/${workflow.agentsTotal} agents${failed}`,
    `${countText(tokensOf(workflow.usage))} tokens`,
    costText(workflow.costUsd, workflow.unpricedCalls),
  ].join('  ');
  const bar = paint('green', '█'.repeat(full)) + paint('gray', '░'.repeat(barColumns - full));
  return `${bar} ${clipLine(totals, columns - barColumns - 1)}`;
}

function documentLines({ documents }: Workflow__Output, columns: number): string[] {
  if (documents.length === 0) return [];
  const each = documents.map(({ format, state, failure }) => {
    if (state === 'STATE_FAILED') return `${format} failed (${failure?.message ?? 'no reason'})`;
    return state === 'STATE_COMPLETED' ? `${format} done` : `${format} rendering`;
  });
  return [clipLine(`documents: ${printableLine(each.join(', '))}`, columns)];
}

interface Branch {
  readonly title: string;
  readonly agents: readonly Agent__Output[];
}

function branchesOf(agents: readonly Agent__Output[]): Branch[] {
  const known = new Set(stages.map(([stage]) => stage));
  const rest = agents.filter(({ stage }) => !known.has(stage));
  return [
    ...stages.map(([stage, title]) => ({ title, agents: agents.filter((agent) => agent.stage === stage) })),
    { title: 'Other', agents: rest },
  ].filter((branch) => branch.agents.length > 0);
}

function agentLines(
  agents: readonly Agent__Output[],
  room: number,
  options: FrameOptions,
  columns: number,
): string[] {
  if (options.texts && options.texts.size > 0) {
    for (const shown of [agents, agents.filter(({ state }) => state !== 'STATE_COMPLETED')]) {
      const all = branchesOf(shown);
      const lines = all.flatMap((branch, index) => branchLines(branch, index, all, options, columns));
      if (shown.length < agents.length) lines.push(`   … ${agents.length - shown.length} completed`);
      if (lines.length <= room) return lines;
    }
    return agentLines(agents, room, { ...options, texts: undefined }, columns);
  }
  const branches = branchesOf(agents);
  const whole = branches.flatMap((branch, index) => branchLines(branch, index, branches, options, columns));
  if (whole.length <= room) return whole;
  const open = agents.filter(({ state }) => state !== 'STATE_COMPLETED');
  const summed = agents.length - open.length;
  const short = branchesOf(open);
  const lines = short.flatMap((branch, index) => branchLines(branch, index, short, options, columns));
  const note = (hidden: number): string => `   … ${hidden} more`;
  const done = summed > 0 ? [`   … ${summed} completed`] : [];
  if (lines.length + done.length <= room) return [...lines, ...done];
  const shown = Math.max(0, room - 1);
  return [...lines.slice(0, shown), note(lines.length - shown + summed)];
}

function branchLines(
  branch: Branch,
  index: number,
  branches: readonly Branch[],
  options: FrameOptions,
  columns: number,
): string[] {
  const lastBranch = index === branches.length - 1;
  const done = branch.agents.filter(({ state }) => state === 'STATE_COMPLETED').length;
  const stem = lastBranch ? '   ' : '│  ';
  return [
    `${lastBranch ? '└─' : '├─'} ${branch.title} ${done}/${branch.agents.length}`,
    ...branch.agents.flatMap((agent, position) => {
      const last = position === branch.agents.length - 1;
      const line = agentLine(agent, `${stem}${last ? '└─' : '├─'} `, options, columns);
      const indent = `${stem}${last ? '   ' : '│  '}  `;
      const writing = printableLine(options.texts?.get(agent.agentId)?.tail ?? '');
      if (writing !== '') {
        return [line, indent + options.paint('gray', clipLineStart(writing, columns - displayWidth(indent)))];
      }
      const trouble = troubleOf(agent, options.now);
      if (trouble === undefined) return [line];
      return [line, options.paint('yellow', clipLine(indent + printableLine(trouble), columns))];
    }),
  ];
}

function agentLine(agent: Agent__Output, indent: string, options: FrameOptions, columns: number): string {
  const { symbol, word, format } = standingOf(agent, options.now);
  const start = millisecondsOf(agent.startTime);
  const elapsed = start === undefined ? undefined : (millisecondsOf(agent.endTime) ?? options.now) - start;
  const amounts = [
    word,
    ...(elapsed === undefined ? [] : [durationText(Math.max(0, elapsed))]),
    ...(tokensOf(agent.usage) === 0 ? [] : [`${countText(tokensOf(agent.usage))} tok`]),
    ...(agent.costUsd === 0 ? [] : [costText(agent.costUsd)]),
    ...(agent.attempts > 1 ? [`${agent.attempts} attempts`] : []),
  ].join('  ');
  const name = padLine(printableLine(agent.agentId), 'synthesizer/0'.length);
  const before = `${indent}${symbol} `;
  const badge = badgeOf(agent.subtask?.type);
  // What it is about gives way to how it stands.
  const room = columns - displayWidth(before) - displayWidth(amounts) - 2;
  const about = clipLine(
    `${name}  ${badge ? `${badge.label}: ` : ''}${printableLine(agent.subtask?.title || agent.title)}`,
    Math.max(displayWidth(name), room),
  );
  const line = clipLine(`${padLine(about, room)}  ${amounts}`, columns - displayWidth(before));
  // Painted last: what is painted has another width than it shows.
  const coloured = badge ? line.replace(badge.label, options.paint(badge.colour, badge.label)) : line;
  return `${indent}${options.paint(format, symbol)} ${coloured}`;
}

function standingOf(
  agent: Agent__Output,
  now: number,
): { readonly symbol: string; readonly word: string; readonly format: Format } {
  switch (agent.state) {
    case 'STATE_COMPLETED':
      return { symbol: '✔', word: 'done', format: 'green' };
    case 'STATE_FAILED':
      return { symbol: '✖', word: 'failed', format: 'red' };
    case 'STATE_STOPPED':
      return { symbol: '■', word: 'stopped', format: 'gray' };
    case 'STATE_SCHEDULED':
      return { symbol: '○', word: 'queued', format: 'gray' };
    case 'STATE_WORKING': {
      if (agent.calling) return { symbol: '●', word: 'calling', format: 'cyan' };
      const retry = millisecondsOf(agent.retryTime);
      if (retry === undefined) return { symbol: '●', word: 'working', format: 'cyan' };
      return {
        symbol: '◌',
        word: `retries in ${durationText(Math.max(0, retry - now))}`,
        format: 'yellow',
      };
    }
    case 'STATE_UNSPECIFIED':
      return { symbol: '?', word: '', format: 'gray' };
  }
  throw new Error(`no sign for agent state ${String(agent.state)}`);
}

/** What went wrong with an agent that failed or is being tried again. */
function troubleOf(agent: Agent__Output, now: number): string | undefined {
  if (!agent.failure || agent.state === 'STATE_COMPLETED') return undefined;
  const { code, message } = agent.failure;
  if (agent.state === 'STATE_WORKING' && (millisecondsOf(agent.retryTime) ?? 0) < now && !agent.calling) {
    return undefined;
  }
  return message === '' ? code : `${code}: ${message}`;
}
