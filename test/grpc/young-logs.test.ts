import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { YoungLogs } from '../../src/grpc/young-logs.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { goodRun, started } from './sample-events.ts';

const whole = [started, ...goodRun].map(
  (data, index): WorkflowEvent => ({
    workflowId: 'research_0a1b2c3d4e5f',
    sequence: index + 1,
    time: 0,
    epoch: 1,
    progress: 0,
    data,
  }),
);
const open = whole.slice(0, -1);

const sequencesOf = (events: readonly WorkflowEvent[]): number[] => events.map(({ sequence }) => sequence);

describe('young logs', () => {
  test('are kept from their first event on, and given away once', () => {
    const logs = new YoungLogs();
    logs.committed('a', open.slice(0, 1));
    logs.committed('a', open.slice(1, 4));
    assert.deepEqual(sequencesOf(logs.take('a')), [1, 2, 3, 4]);
    assert.deepEqual(logs.take('a'), []);
    logs.committed('a', open.slice(4));
    assert.deepEqual(logs.take('a'), [], 'what is not whole is of no use');
  });

  test('are dropped when they end, for what has ended may be removed', () => {
    const logs = new YoungLogs();
    logs.committed('a', open);
    logs.committed('a', whole.slice(-1));
    assert.deepEqual(logs.take('a'), []);
  });

  test('are dropped when an event is missing, and when they are not short any more', () => {
    const logs = new YoungLogs();
    logs.committed('gap', open.slice(0, 2));
    logs.committed('gap', open.slice(3, 4));
    assert.deepEqual(logs.take('gap'), []);
    const [first] = open;
    assert.ok(first);
    logs.committed('long', [first]);
    for (let sequence = 2; sequence <= 64; sequence++) logs.committed('long', [{ ...first, sequence }]);
    logs.committed('other', [first]);
    logs.committed('long', [{ ...first, sequence: 65 }]);
    assert.deepEqual([logs.take('long').length, logs.take('other').length], [0, 1]);
  });

  test('are few: the oldest go first', () => {
    const logs = new YoungLogs();
    for (let log = 0; log < 1_000; log++) logs.committed(`${log}`, open.slice(0, 4));
    assert.deepEqual([logs.take('487').length, logs.take('488').length], [0, 4]);
  });
});
