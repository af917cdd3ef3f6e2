import type { EventData, EventOf } from '../../src/workflow/event.ts';

const sha256 = 'ab'.repeat(32);
const usage = { inputTokens: 11, outputTokens: 7 };
const failed = { code: 'rate_limited', message: 'slow down', retryable: true, retryAfterMs: 1_500 } as const;

export const started: EventOf<'workflow_started'> = {
  type: 'workflow_started',
  tenant: 'default',
  orchestrator: 'research',
  orchestratorVersion: 1,
  task: 'What is known about tides?',
  title: 'Research: tides',
  input: {
    task: 'What is known about tides?',
    numAgents: 1,
    enableDrummer: true,
    enableCamina: false,
  },
  options: {
    providerName: 'xai',
    models: { plan: 'p', work: 'w', synthesis: 's' },
    generateDocuments: true,
    documentFormats: ['markdown', 'pdf'],
    workflowTimeoutMs: 450_000,
    maxRetries: 2,
    maxConcurrentAgents: 10,
    maxOutputTokens: 4_096,
    maxCostNanoUsd: 2_500_000_000,
    onLimit: 'fail',
    minSuccessfulAgents: 1,
    labels: { team: 'sea' },
    priority: 3,
  },
  sources: [{ name: 'moon.md', sha256, bytes: 20 }],
  requestId: 'r-1',
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
};

const callStarted = (agentId: string, model: string): EventOf<'model_call_started'> => ({
  type: 'model_call_started',
  agentId,
  turn: 0,
  attempt: 1,
  provider: 'xai',
  model,
  reserved: { inputTokens: 100, outputTokens: 200, costNanoUsd: 3_000 },
  agentDeadline: Date.UTC(2026, 0, 2),
});

export const callEnded = (agentId: string, text: string): EventOf<'model_call_ended'> => ({
  type: 'model_call_ended',
  agentId,
  turn: 0,
  attempt: 1,
  result: 'ok',
  output: { text, finishReason: 'stop', toolCalls: [{ id: 'c', name: 'search', arguments: '{}' }] },
  usage,
  costNanoUsd: 1_000,
  assumed: false,
  durationMs: 250.5,
  priceSource: 'table',
});

const scheduled = (
  agentId: string,
  role: 'planner' | 'researcher' | 'final',
  stage: EventOf<'agent_scheduled'>['stage'],
): EventOf<'agent_scheduled'> => ({
  type: 'agent_scheduled',
  agentId,
  role,
  stage,
  title: agentId,
  subtask: { title: 'Tides', question: 'Why?', type: 'news' },
  inputAgentIds: [],
  passages: [{ handle: 'D1.1', documentName: 'moon.md', sha256, start: 0, end: 9 }],
  parameters: { depth: 2, none: null },
  model: 'w',
  timeoutMs: 180_000,
  inputHash: sha256,
  tools: ['search'],
});

const completed = (agentId: string, outputSequence: number): EventOf<'agent_completed'> => ({
  type: 'agent_completed',
  agentId,
  turn: 0,
  outputSequence,
  citations: ['D1.1'],
  unknownCitations: ['D9.9'],
  usage,
  costNanoUsd: 1_000,
  durationMs: 300,
  attempts: 1,
});

/** What follows the start of a legal run that ends well. */
export const goodRun: readonly EventData[] = [
  { type: 'workflow_admitted', deadline: Date.UTC(2026, 0, 2) },
  scheduled('planner', 'planner', { type: 'plan' }),
  { type: 'plan_started', agentId: 'planner' },
  callStarted('planner', 'p'),
  callEnded('planner', '1. Tides'),
  completed('planner', 6),
  {
    type: 'plan_completed',
    agentId: 'planner',
    requested: 2,
    obtained: 1,
    subtasks: [{ title: 'Tides', question: 'Why?' }],
  },
  scheduled('researcher/0', 'researcher', { type: 'work' }),
  callStarted('researcher/0', 'w'),
  callEnded('researcher/0', 'The moon does it [D1.1].'),
  completed('researcher/0', 11),
  scheduled('final', 'final', { type: 'synthesis', level: 'final' }),
  { type: 'synthesis_started', agentId: 'final', level: 'final' },
  callStarted('final', 's'),
  callEnded('final', 'It is the moon [D1.1].'),
  completed('final', 16),
  { type: 'synthesis_completed', agentId: 'final', level: 'final' },
  { type: 'document_started', format: 'markdown' },
  {
    type: 'document_completed',
    format: 'markdown',
    fileName: 'tides.md',
    mediaType: 'text/markdown',
    sha256,
    bytes: 100_000,
    durationMs: 4,
  },
  { type: 'document_started', format: 'pdf' },
  {
    type: 'document_failed',
    format: 'pdf',
    failure: { code: 'internal', message: 'no font', retryable: false },
  },
  {
    type: 'workflow_completed',
    completeness: 0.5,
    failedAgentIds: [],
    finalAgentId: 'final',
    details: { branch: 'a' },
  },
];

/** One of each type that `started` and `goodRun` do not hold. */
const others: readonly EventData[] = [
  {
    type: 'workflow_recovered',
    previousEpoch: 3,
    callsInterrupted: 1,
    agentsCompletedKept: 2,
    callsFinishedKept: 3,
  },
  {
    type: 'agent_retrying',
    agentId: 'researcher/0',
    turn: 1,
    attempt: 2,
    cause: failed,
    delayMs: 1_500,
    retryTime: Date.UTC(2026, 0, 1, 0, 0, 1, 500),
  },
  {
    type: 'tool_call_started',
    agentId: 'researcher/0',
    turn: 0,
    callId: 'c',
    tool: 'search',
    arguments: '{}',
    idempotent: true,
  },
  {
    type: 'tool_call_ended',
    agentId: 'researcher/0',
    turn: 0,
    callId: 'c',
    result: 'aborted',
    failure: failed,
    cause: 'shutdown',
    output: 'half',
    sources: [
      { handle: 'T1.1', documentName: 'search', sha256, start: 0, end: 4, url: 'https://h/', title: 'H' },
    ],
    durationMs: 1,
  },
  {
    type: 'agent_failed',
    agentId: 'researcher/0',
    role: 'researcher',
    subtask: { title: 'Tides', question: 'Why?' },
    failure: failed,
    attempts: 3,
    durationMs: 9,
  },
  { type: 'budget_warning', cap: 'cost', used: 8, limit: 10 },
  { type: 'limit_reached', cap: 'tokens', used: 10, limit: 10 },
  { type: 'conclusion_requested', reason: 'deadline', graceDeadline: Date.UTC(2026, 0, 3) },
  { type: 'cancellation_requested', reason: 'enough' },
  {
    type: 'workflow_paused',
    reason: 'lunch',
    remainingMs: 1_000,
    agentRemainingMs: { 'researcher/0': 500 },
    pauseDeadline: Date.UTC(2026, 0, 8),
  },
  { type: 'workflow_resumed' },
  { type: 'workflow_failed', error: { type: 'quorum', message: 'too few' } },
  {
    type: 'workflow_timed_out',
    limit: 'workflow_timeout',
    limitMs: 450_000,
    error: { type: 'deadline', message: 'workflow_timeout' },
  },
  {
    type: 'workflow_cancelled',
    receipt: {
      callsAborted: 1,
      callsUnknown: 9,
      callsFinished: 2,
      ignoredAbort: ['a/b/0/1'],
      inputTokens: 3,
      outputTokens: 4,
      costNanoUsd: 5,
      assumedCostNanoUsd: 6,
      unpricedCalls: 7,
      quiescenceMs: 8,
    },
  },
];

/** At least one event of every type; not a legal log. */
export const oneOfEach: readonly EventData[] = [started, ...goodRun, ...others];
