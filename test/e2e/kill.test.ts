import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';
import { judgeLog, killRounds } from './kill-rounds.ts';

test('rows 90 and 93: runs killed again and again end, and no call is made after its durable end', async () => {
  const seed = 7;
  const report = await killRounds({ kills: 5, seed, concurrentRuns: 4 });
  assert.deepEqual(report.violations, [], `seed ${seed}`);
  assert.equal(report.completed, report.workflows, 'every run completed');
  assert.equal(report.kills.length, 5);
  const recovered = report.kills.reduce((sum, kill) => sum + kill.recovered, 0);
  assert.ok(recovered > 0, 'no kill hit a run');
  assert.ok(
    report.requestsRepeated <= report.callsInterrupted,
    `${report.requestsRepeated} requests were made again for ${report.callsInterrupted} calls in flight`,
  );
});

test('the judge of those runs finds what must not be', () => {
  const id = 'research_000000000000';
  const at = (ms: number): object => ({ time: { seconds: '0', nanos: ms * 1_000_000 } });
  const started = (attempt: number): object => ({
    type: 'model_call_started',
    agentId: 'planner',
    modelCallStarted: { turn: 0, attempt },
  });
  const ended = (attempt: number, result: string): object => ({
    type: 'model_call_ended',
    agentId: 'planner',
    modelCallEnded: { turn: 0, attempt, result },
  });
  // Only what the judge reads.
  const log = (...events: readonly object[]): WorkflowEvent__Output[] =>
    events.map((event, index) => ({ sequence: index + 1, ...at(index), ...event })) as never;
  const request = (attempt: number, arrivalTime = 0) => ({
    attemptId: `${id}/planner/0/${attempt}`,
    arrivalTime,
  });
  const end = { type: 'workflow_completed' };

  const sound = judgeLog(id, log(started(1), ended(1, 'unknown'), started(2), ended(2, 'ok'), end), [
    request(1),
    request(2, 3),
  ]);
  assert.deepEqual(sound, { found: [], finished: 1, repeated: 1, interrupted: 1 });

  const unsound: readonly (readonly [RegExp, WorkflowEvent__Output[], ReturnType<typeof request>[]])[] = [
    [/requested after its durable end/, log(started(1), ended(1, 'ok'), end), [request(1, 9)]],
    [
      /started again after its durable end/,
      log(started(1), ended(1, 'ok'), started(2), ended(2, 'ok'), end),
      [],
    ],
    [/its start is not in the log/, log(started(1), ended(1, 'ok'), end), [request(2)]],
    [/requested twice/, log(started(1), ended(1, 'ok'), end), [request(1), request(1)]],
    [/2 terminal events/, log(started(1), ended(1, 'ok'), end, end), []],
    [/0 terminal events/, log(started(1), ended(1, 'ok')), []],
    [/has no end in the log/, log(started(1), end), []],
    [/sequence 7 stands at 2/, log(started(1), { ...ended(1, 'ok'), sequence: 7 }, end), []],
  ];
  for (const [finding, events, requests] of unsound) {
    assert.match(judgeLog(id, events, requests).found.join('\n'), finding);
  }
});
