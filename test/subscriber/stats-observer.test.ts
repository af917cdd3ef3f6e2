import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stats } from '../../src/engine/stats.ts';
import type { EventData } from '../../src/workflow/event.ts';
import { durationBoundsSeconds, StatsObserver } from '../../src/subscriber/stats-observer.ts';
import {
  admitted,
  callEnded,
  callStarted,
  commit,
  completed,
  failed,
  retrying,
  scheduled,
  started,
} from './sample-log.ts';

const timedOut = {
  type: 'workflow_timed_out',
  limit: 'workflow_timeout',
  limitMs: 1,
  error: { type: 'workflow_timeout', message: 'over' },
} as const;
const cancelled: readonly EventData[] = [
  { type: 'cancellation_requested' },
  {
    type: 'workflow_cancelled',
    receipt: {
      callsAborted: 0,
      callsUnknown: 0,
      callsFinished: 0,
      ignoredAbort: [],
      inputTokens: 0,
      outputTokens: 0,
      costNanoUsd: 0,
      assumedCostNanoUsd: 0,
      unpricedCalls: 0,
      quiescenceMs: 0,
    },
  },
];

test('counts finished workflows by orchestrator, cancelled ones apart from errors (rows 73, 74, 77, 84)', () => {
  const observer = new StatsObserver();
  commit(observer, [started, admitted, completed]);
  commit(observer, [started, admitted, failed]);
  commit(observer, [started, admitted, timedOut]);
  commit(observer, [started, admitted, ...cancelled]);
  commit(observer, [{ ...started, orchestrator: 'search' }, admitted, completed]);
  commit(observer, [started, admitted]);
  const { byOrchestrator, totalWorkflows, totalErrors, totalCancelled } = observer.snapshot();
  assert.deepEqual(
    byOrchestrator.map(({ orchestrator, count, errors, cancelled: stopped }) => [
      orchestrator,
      count,
      errors,
      stopped,
    ]),
    [
      ['research', 4, 2, 1],
      ['search', 1, 0, 0],
    ],
  );
  assert.deepEqual([totalWorkflows, totalErrors, totalCancelled], [5, 2, 1]);
});

test('adds the cost of failed workflows too (row 76)', () => {
  const observer = new StatsObserver();
  commit(observer, [started, admitted, scheduled, callStarted(1), callEnded(1, 'ok'), failed]);
  assert.equal(observer.snapshot().totalCostNanoUsd, 700);
  assert.equal(observer.snapshot().byOrchestrator[0]?.costNanoUsd, 700);
});

test('counts calls, failures, tokens and calls without a price', () => {
  const observer = new StatsObserver();
  commit(observer, [
    started,
    admitted,
    scheduled,
    callStarted(1),
    callEnded(1, 'failed'),
    retrying,
    callStarted(2),
    callEnded(2, 'ok'),
  ]);
  const { providerCalls, providerFailures, inputTokens, outputTokens, unpricedCalls } = observer.snapshot();
  assert.deepEqual(
    [providerCalls, providerFailures, inputTokens, outputTokens, unpricedCalls],
    [2, 1, 11, 20, 1],
  );
});

test('measures durations from admission in cumulative buckets of a fixed number (rows 75, 79)', () => {
  const observer = new StatsObserver();
  for (let i = 0; i < 1_000; i++) commit(observer, [started, admitted, completed]);
  commit(observer, [started, admitted, scheduled, failed]);
  const duration = observer.snapshot().byOrchestrator[0]?.duration;
  assert.ok(duration);
  assert.deepEqual([duration.min, duration.max], [0.01, 0.02]);
  assert.ok(duration.avg > 0.01 && duration.avg < 0.0101);
  assert.equal(duration.buckets.length, durationBoundsSeconds.length);
  assert.deepEqual(duration.buckets[0], { upperBound: 1, count: 1_001 });
  assert.deepEqual(duration.buckets.at(-1), { upperBound: Number.POSITIVE_INFINITY, count: 1_001 });
});

test('answers zeros for an orchestrator that finished nothing (row 79)', () => {
  const [research] = new StatsObserver(['research']).snapshot().byOrchestrator;
  assert.deepEqual(
    [research?.count, research?.duration.min, research?.duration.avg, research?.duration.max],
    [0, 0, 0, 0],
  );
});

test('has the shape GetStats shows', () => {
  const part: Omit<
    Stats,
    | 'uptimeSeconds'
    | 'liveWorkflows'
    | 'pendingWorkflows'
    | 'activeWatches'
    | 'registeredWebhooks'
    | 'today'
    | 'appends'
    | 'appendLatencyMsAvg'
    | 'appendLatencyMsMax'
    | 'openBreakers'
    | 'rateLimitedWorkflows'
    | 'throttledCalls'
  > = new StatsObserver().snapshot();
  assert.equal(part.totalWorkflows, 0);
});
