import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, dictionary, jsonValue, property, string } from 'fast-check';
import type { Duration__Output } from '../../src/gen/google/protobuf/Duration.ts';
import type { Struct__Output } from '../../src/gen/google/protobuf/Struct.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { fieldPath } from '../../src/grpc/error-code.ts';
import { eventMessage } from '../../src/grpc/event-message.ts';
import { cursorOf, pageToken } from '../../src/grpc/page-token.ts';
import { workflowKeyOf } from '../../src/grpc/request-field.ts';
import { plainOf, structMessage } from '../../src/grpc/struct.ts';
import { durationMessage, durationMsOf, timeOf, timestampMessage } from '../../src/grpc/timestamp.ts';
import { type EventData, eventTypes } from '../../src/workflow/event.ts';
import { oneOfEach } from './sample-events.ts';

const { responseSerialize: encode, responseDeserialize: decode } = workflowService.WatchWorkflow;

function onTheWire(data: EventData, sequence = 1) {
  const event = {
    workflowId: 'research_0a1b2c3d4e5f',
    sequence,
    time: 1_500,
    epoch: 1,
    progress: 12.5,
    data,
  };
  const [message] = decode(encode({ events: [eventMessage(event)] })).events;
  assert.ok(message);
  return message;
}

const camelCase = (name: string): string =>
  name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** The sample as one that came from the wire: fields that are unset here have their defaults there. */
function structOnTheWire(value: Record<string, unknown>): Struct__Output {
  const message = onTheWire({
    type: 'workflow_completed',
    completeness: 1,
    failedAgentIds: [],
    details: value,
  });
  const details = message.workflowCompleted?.details;
  assert.ok(details);
  return details;
}

describe('messages', () => {
  test('a receipt counts the calls a crash interrupted apart from those that were aborted', () => {
    const cancelled = oneOfEach.find(({ type }) => type === 'workflow_cancelled');
    assert.ok(cancelled);
    const receipt = onTheWire(cancelled).workflowCancelled?.receipt;
    assert.equal(receipt?.callsAborted, 1);
    assert.equal(receipt.callsUnknown, 9);
  });

  test('every type of event has its own member of the oneof, named as the type', () => {
    assert.deepEqual(new Set(oneOfEach.map(({ type }) => type)), new Set(eventTypes));
    for (const data of oneOfEach) {
      const message = onTheWire(data);
      assert.equal(message.data, camelCase(data.type));
      assert.equal(message.type, data.type);
      assert.equal(message.agentId, 'agentId' in data ? data.agentId : '');
      assert.deepEqual(message.time, { seconds: '1', nanos: 500_000_000 });
      assert.equal(message.progress, 12.5);
    }
  });

  test('no field of an event is lost on the way', () => {
    // Members of the log that other names, units or shapes stand for on the wire.
    const renamed: Readonly<Record<string, string>> = {
      deadline: 'deadlineTime',
      agentDeadline: 'agentDeadlineTime',
      graceDeadline: 'graceDeadlineTime',
      pauseDeadline: 'pauseDeadlineTime',
      durationMs: 'duration',
      delayMs: 'delay',
      timeoutMs: 'timeout',
      remainingMs: 'remaining',
      agentRemainingMs: 'agentRemaining',
      limitMs: 'limitDuration',
      bytes: 'sizeBytes',
    };
    for (const data of oneOfEach) {
      const message: Record<string, unknown> = { ...onTheWire(data) };
      const member = message[camelCase(data.type)] as Record<string, unknown>;
      for (const [field, value] of Object.entries(data)) {
        if (field === 'type' || field === 'agentId') continue;
        const sent = member[renamed[field] ?? field];
        assert.notEqual(sent ?? undefined, undefined, `${data.type}.${field}`);
        if (typeof value === 'string' || typeof value === 'boolean') assert.equal(sent, value);
        if (typeof value === 'number' && !(field in renamed) && field !== 'retryTime') {
          assert.equal(Number(sent), value, `${data.type}.${field}`);
        }
        if (Array.isArray(value)) assert.equal((sent as unknown[]).length, value.length);
      }
    }
  });

  test('costs are exact beside readable, and an unknown cost is unset instead of 0', () => {
    const call = oneOfEach.find((data) => data.type === 'model_call_ended');
    assert.ok(call?.type === 'model_call_ended');
    const priced = onTheWire(call).modelCallEnded;
    assert.equal(priced?.costNanoUsd, '1000');
    assert.equal(priced.costUsd, 1e-6);
    const { costNanoUsd: _, ...unpriced } = call;
    const message = onTheWire(unpriced).modelCallEnded;
    assert.ok(message && !('costNanoUsd' in message) && !('costUsd' in message));
  });

  test('a text cut inside an emoji leaves as valid UTF-8', () => {
    const message = onTheWire({ type: 'cancellation_requested', reason: 'cut \ud83d' });
    assert.equal(message.cancellationRequested?.reason, 'cut \ufffd');
    const details = structOnTheWire({ 'k\ud83d': ['v\ude00'] });
    assert.deepEqual(plainOf(details), { 'k\ufffd': ['v\ufffd'] });
  });

  test('plain JSON survives the way through a Struct', () => {
    const json = dictionary(string({ unit: 'grapheme' }), jsonValue({ maxDepth: 6 }));
    check(
      property(json, (value) => {
        // A Struct has one zero.
        const plain = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        delete plain['__proto__'];
        assert.deepEqual(JSON.parse(JSON.stringify(plainOf(structOnTheWire(plain)))), plain);
      }),
      { numRuns: 200 },
    );
  });

  test('a Struct nested deeper than 16 is refused on the way in and flattened on the way out', () => {
    let deep: Record<string, unknown> = { leaf: 1 };
    for (let level = 0; level < 40; level++) deep = { deep };
    assert.match(JSON.stringify(structMessage(deep)), /leaf/);
    structOnTheWire(deep);
    const nested = (levels: number): Struct__Output =>
      levels === 0
        ? { fields: {} }
        : { fields: { a: { kind: 'structValue', structValue: nested(levels - 1) } } };
    assert.ok(plainOf(nested(15), 'input'));
    assert.throws(() => plainOf(nested(17), 'input'), /nested at most 16/);
  });

  test('numbers that JSON does not have are refused in a Struct', () => {
    const struct: Struct__Output = { fields: { a: { kind: 'numberValue', numberValue: Number.NaN } } };
    assert.throws(() => plainOf(struct, 'input'), /input\.a: must be a finite number/);
  });

  test('times and durations keep their milliseconds', () => {
    for (const time of [0, 1, 999, 1_767_225_600_123, -1, -1_500]) {
      const { seconds, nanos } = timestampMessage(time);
      assert.ok((nanos ?? 0) >= 0);
      assert.equal(timeOf({ seconds: String(seconds), nanos: nanos ?? 0 }, 'time'), time);
    }
    for (const ms of [0, 1, 999.999, 1_000, 86_400_000.5]) {
      const { seconds, nanos } = durationMessage(ms);
      assert.equal(
        durationMsOf({ seconds: String(seconds), nanos: nanos ?? 0 }, 1e12, 'timeout'),
        Math.ceil(ms),
      );
    }
  });

  test('times and durations nobody can mean are refused', () => {
    const bad: readonly Duration__Output[] = [
      { seconds: '-1', nanos: 0 },
      { seconds: '0', nanos: -1 },
      { seconds: '0', nanos: 1_000_000_000 },
      { seconds: '9223372036854775807', nanos: 0 },
      { seconds: '11', nanos: 0 },
    ];
    for (const duration of bad)
      assert.throws(() => durationMsOf(duration, 10_000, 'timeout'), /^ApplicationError: timeout/);
    assert.throws(
      () => timeOf({ seconds: '9223372036854775807', nanos: 0 }, 'createTimeFrom'),
      /createTimeFrom/,
    );
    assert.throws(() => timeOf({ seconds: '0', nanos: -5 }, 'createTimeFrom'), /createTimeFrom/);
  });

  test('row 61: only a whole, well-formed workflow id is taken', () => {
    assert.equal(workflowKeyOf('research_0a1b2c3d4e5f').workflowId, 'research_0a1b2c3d4e5f');
    const bad = [
      '',
      'research_abc123',
      'research_0A1B2C3D4E5F',
      'research_0a1b2c3d4e5f\n',
      ' research_0a1b2c3d4e5f',
    ];
    for (const id of [...bad, 'research_0a1b2c3d4e5f0', '../research_0a1b2c3d4e5f']) {
      assert.throws(() => workflowKeyOf(id), /workflowId: must be/, JSON.stringify(id));
    }
  });

  test('a page token fits only the list it came from', () => {
    const token = pageToken(42, ['ListWorkflows', { orchestrator: 'research' }]);
    assert.equal(cursorOf(token, ['ListWorkflows', { orchestrator: 'research' }]), 42);
    assert.equal(cursorOf('', ['anything']), undefined);
    assert.throws(() => cursorOf(token, ['ListWorkflows', { orchestrator: 'search' }]), /pageToken/);
    for (const forged of ['x', '42', `${token}x`, Buffer.from('42.abc').toString('base64url')]) {
      assert.throws(() => cursorOf(forged, ['ListWorkflows', { orchestrator: 'research' }]), /pageToken/);
    }
  });

  test('field paths read as the request writes them', () => {
    assert.equal(fieldPath(['options', 'documentFormats', 1]), 'options.document_formats[1]');
    assert.equal(fieldPath(['options', 'workflowTimeoutMs']), 'options.workflow_timeout');
    assert.equal(fieldPath(['options', 'labels', 'camelCase']), 'options.labels.camelCase');
    assert.equal(fieldPath(['input', 'numAgents']), 'input.numAgents');
    assert.equal(fieldPath(['options', 'documents', 0, 'text']), 'options.documents[0].text');
  });
});
