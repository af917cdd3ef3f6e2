import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { styleText } from 'node:util';
import { displayWidth } from '../../src/cli/printable-text.ts';
import { type FrameOptions, workflowFrame } from '../../src/cli/workflow-frame.ts';
import type { Agent__Output } from '../../src/gen/orchestrator/v1/Agent.ts';
import type { Workflow__Output } from '../../src/gen/orchestrator/v1/Workflow.ts';

const start = Date.UTC(2026, 0, 1);
const at = (seconds: number): { seconds: string; nanos: number } => ({
  seconds: String(start / 1_000 + seconds),
  nanos: 0,
});

const agent = (agentId: string, stage: string, fields: Partial<Agent__Output> = {}): Agent__Output => ({
  agentId,
  role: agentId.split('/')[0] ?? '',
  stage,
  level: '',
  title: agentId,
  subtask: null,
  state: 'STATE_COMPLETED',
  model: 'm',
  attempts: 1,
  calling: false,
  scheduleTime: at(0),
  startTime: at(0),
  endTime: null,
  deadlineTime: null,
  retryTime: null,
  usage: { inputTokens: '1000', outputTokens: '234' },
  costNanoUsd: '1200000',
  costUsd: 0.0012,
  failure: null,
  inputAgentIds: [],
  ...fields,
});

const workflow = (fields: Partial<Workflow__Output>): Workflow__Output => ({
  workflowId: 'research_0a1b2c3d4e5f',
  orchestrator: 'research',
  state: 'STATE_RUNNING',
  task: '',
  title: 'Research: tides',
  labels: {},
  priority: 0,
  createTime: at(0),
  startTime: at(0),
  updateTime: at(0),
  endTime: null,
  sequence: '9',
  progress: 50,
  agentsTotal: 5,
  agentsCompleted: 1,
  agentsFailed: 1,
  usage: { inputTokens: '12000', outputTokens: '345' },
  costNanoUsd: '4800000',
  costUsd: 0.0048,
  unpricedCalls: 0,
  error: null,
  providerName: 'xai',
  traceparent: '',
  blockedReason: '',
  deadlineTime: null,
  pauseDeadlineTime: null,
  orchestratorVersion: 1,
  requestId: '',
  callerRequestId: '',
  concluding: '',
  input: null,
  options: null,
  sources: [],
  plan: null,
  agents: [],
  documents: [],
  receipt: null,
  assumedCostNanoUsd: '0',
  heldCostNanoUsd: '0',
  recoveries: 0,
  ...fields,
});

const plain = (_format: unknown, text: string): string => text;

const frame = (shown: Workflow__Output, options: Partial<FrameOptions> = {}): string =>
  workflowFrame(shown, { now: start + 12_345, columns: 100, rows: 40, paint: plain, ...options });

const rateLimited = {
  code: 'rate_limited',
  message: 'slow\u001B[2J down',
  retryable: true,
  retryAfter: null,
};

const running = workflow({
  blockedReason: 'the rate limit of xai',
  agents: [
    agent('planner', 'plan', { endTime: at(2), title: 'Plan' }),
    agent('researcher/0', 'work', {
      state: 'STATE_WORKING',
      calling: true,
      startTime: at(3),
      subtask: { title: 'Why the sea\nrises 漢字', question: '', type: '' },
    }),
    agent('researcher/1', 'work', {
      state: 'STATE_WORKING',
      attempts: 2,
      retryTime: at(16),
      failure: rateLimited,
    }),
    agent('researcher/2', 'work', { state: 'STATE_FAILED', endTime: at(9), failure: rateLimited }),
    agent('researcher/3', 'work', { state: 'STATE_SCHEDULED', startTime: null, usage: null, costUsd: 0 }),
  ],
});

describe('the frame of a workflow', () => {
  test('is a tree of agents with their states, times, tokens, costs, retries and failures', () => {
    assert.equal(
      frame(running),
      [
        'research_0a1b2c3d4e5f  Research: tides',
        '████████████░░░░░░░░░░░░ 50 %  RUNNING  12.3s  1/5 agents, 1 failed  12,345 tokens  $0.0048',
        '├─ Plan 1/1',
        '│  └─ ✔ planner        Plan                                           done  2.0s  1,234 tok  $0.0012',
        '└─ Work 0/4',
        '   ├─ ● researcher/0   Why the sea rises 漢字                      calling  9.3s  1,234 tok  $0.0012',
        '   ├─ ◌ researcher/1   researcher/1           retries in 3.7s  12.3s  1,234 tok  $0.0012  2 attempts',
        '   │    rate_limited: slow down',
        '   ├─ ✖ researcher/2   researcher/2                                 failed  9.0s  1,234 tok  $0.0012',
        '   │    rate_limited: slow down',
        '   └─ ○ researcher/3   researcher/3                                                           queued',
        'waits for: the rate limit of xai',
      ].join('\n'),
    );
  });

  test('is never wider or higher than the terminal', () => {
    for (const columns of [40, 60, 80, 200]) {
      for (const rows of [4, 6, 9, 24]) {
        const lines = frame(running, { columns, rows }).split('\n');
        assert.ok(lines.length <= rows, `${lines.length} lines in ${rows}`);
        for (const line of lines) assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
      }
    }
  });

  test('sums up agents that have completed when there is no room', () => {
    const many = workflow({
      agents: [
        ...Array.from({ length: 20 }, (_, index) => agent(`researcher/${index}`, 'work', { endTime: at(1) })),
        agent('final', 'synthesis', { state: 'STATE_WORKING', calling: true }),
      ],
    });
    const lines = frame(many, { rows: 8 }).split('\n');
    assert.match(lines.join('\n'), /final/);
    assert.equal(lines.at(-1), '   … 20 completed');
  });

  test('shows documents, a notice and colours', () => {
    const shown = workflow({
      progress: 100,
      documents: [
        {
          format: 'markdown',
          state: 'STATE_COMPLETED',
          fileName: 'a.md',
          mediaType: '',
          sha256: '',
          sizeBytes: '1',
          failure: null,
        },
        {
          format: 'pdf',
          state: 'STATE_FAILED',
          fileName: '',
          mediaType: '',
          sha256: '',
          sizeBytes: '0',
          failure: rateLimited,
        },
      ],
    });
    const text = frame(shown, {
      notice: 'connection lost',
      paint: (format, part) => styleText(format, part, { validateStream: false }),
    });
    assert.match(text, /documents: markdown done, pdf failed \(slow down\)/);
    assert.ok(text.endsWith('\u001B[33mconnection lost\u001B[39m'));
    assert.ok(text.includes(`\u001B[32m${'█'.repeat(24)}`));
  });

  describe('with what agents are writing', () => {
    const writing = (agentId: string, tail: string) =>
      new Map([[agentId, { turn: 0, attempt: 1, tail, bytes: tail.length }]]);

    test('shows the end of each text under its agent, printable and within the columns', () => {
      const texts = writing('researcher/0', `${'long ago '.repeat(40)}\u001B[2Jthe sea\nrises`);
      const lines = frame(running, { texts, columns: 80 }).split('\n');
      const index = lines.findIndex((line) => line.includes('researcher/0'));
      assert.match(lines[index + 1] ?? '', /^ {3}│ {4}….*long ago the sea rises$/);
      assert.ok(lines.every((line) => displayWidth(line) <= 80));
      assert.equal(lines.length, frame(running, { columns: 80 }).split('\n').length + 1);
    });

    test('shows it instead of the failure of the attempt before', () => {
      const lines = frame(running, { texts: writing('researcher/1', 'once more') }).split('\n');
      const index = lines.findIndex((line) => line.includes('researcher/1'));
      assert.match(lines[index + 1] ?? '', /once more$/);
      assert.equal(lines.filter((line) => line.includes('rate_limited')).length, 1);
    });

    test('leaves out the texts, not the agents, where there is too little room', () => {
      const texts = writing('researcher/0', 'the sea rises');
      const rows = frame(running).split('\n').length;
      assert.match(frame(running, { texts, rows: rows + 1 }), /the sea rises/);
      assert.match(frame(running, { texts, rows }), /the sea rises[^]*… 1 completed/);
      const least = rows - 2;
      assert.equal(frame(running, { texts, rows: least }), frame(running, { rows: least }));
    });
  });
});

test('a specialised agent shows its specialisation in its colour, and the line stays as wide', () => {
  const subtask = { title: 'Recent outages', question: 'Which?', type: 'news' };
  const agents = [agent('researcher/0', 'work', { subtask }), agent('researcher/1', 'work')];
  const uncoloured = frame(workflow({ agents }), { columns: 80 });
  assert.match(uncoloured, /researcher\/0 +News: Recent outages/);
  const paint: FrameOptions['paint'] = (format, text) => styleText(format, text, { validateStream: false });
  const painted = frame(workflow({ agents }), { columns: 80, paint });
  assert.ok(painted.includes(`${paint('yellow', 'News')}: Recent outages`));
  for (const line of uncoloured.split('\n')) assert.ok(displayWidth(line) <= 80);
});
