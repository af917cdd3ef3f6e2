import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { YoungLogs } from '../../src/grpc/young-logs.ts';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import { limits } from '../../src/workflow/limits.ts';
import { goodRun, started } from './sample-events.ts';

function eventOf(data: EventData, sequence: number): WorkflowEvent {
  return { workflowId: 'research_0a1b2c3d4e5f', sequence, time: 0, epoch: 1, progress: 0, data };
}

function large(sequence: number, chars: number): WorkflowEvent {
  const message = 'x'.repeat(chars);
  return eventOf(
    { type: 'document_failed', format: 'pdf', failure: { code: 'internal', message, retryable: false } },
    sequence,
  );
}

const whole = [started, ...goodRun].map((data, index) => eventOf(data, index + 1));
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
    const most = limits.youngLogEventsMax;
    for (let sequence = 2; sequence <= most; sequence++) logs.committed('long', [{ ...first, sequence }]);
    logs.committed('other', [first]);
    logs.committed('long', [{ ...first, sequence: most + 1 }]);
    assert.deepEqual([logs.take('long').length, logs.take('other').length], [0, 1]);
  });

  test('are few: the oldest go first', () => {
    const logs = new YoungLogs();
    for (let log = 0; log < 1_000; log++) logs.committed(`${log}`, open.slice(0, 4));
    const [oldest, gone] = [1_000 - limits.youngLogsEventsMax / 4, 999 - limits.youngLogsEventsMax / 4];
    assert.deepEqual([logs.take(`${gone}`).length, logs.take(`${oldest}`).length], [0, 4]);
  });

  test('are small: one with large events is dropped, also when the first of them is too large by itself', () => {
    const logs = new YoungLogs();
    logs.committed('small', open.slice(0, 1));
    logs.committed('grows', open.slice(0, 1));
    logs.committed('grows', [large(2, limits.youngLogBytesMax / 4)]);
    assert.ok(logs.bytes > limits.youngLogBytesMax / 2, 'a text counts as UTF-16');
    logs.committed('grows', [large(3, limits.youngLogBytesMax / 4)]);
    logs.committed('large', [large(1, limits.youngLogBytesMax / 2)]);
    assert.deepEqual(
      ['small', 'grows', 'large'].map((id) => logs.take(id).length),
      [1, 0, 0],
    );
    assert.equal(logs.bytes, 0);
  });

  test('take so many bytes together, of texts and of names: the oldest go first', () => {
    const logs = new YoungLogs();
    const fitting = limits.youngLogsBytesMax / limits.youngLogBytesMax;
    for (let log = 0; log < 3 * fitting; log++) {
      logs.committed(`${log}`, [large(1, limits.youngLogBytesMax / 2 - 1_024)]);
      assert.ok(logs.bytes <= limits.youngLogsBytesMax, `${logs.bytes} bytes`);
    }
    assert.deepEqual([logs.take(`${2 * fitting - 1}`).length, logs.take(`${2 * fitting}`).length], [0, 1]);
    const named = { ...started, input: { ['x'.repeat(limits.youngLogBytesMax)]: 1 } };
    logs.committed('named', [eventOf(named, 1)]);
    assert.deepEqual(logs.take('named'), []);
  });
});
