import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anything, array, assert as check, dictionary, double, integer, property, string } from 'fast-check';
import { catalogService, eventsEncoder, workflowService } from '../../src/grpc/definition.ts';
import { eventMessage } from '../../src/grpc/event-message.ts';
import { structMessage } from '../../src/grpc/struct.ts';
import { workflowMessage } from '../../src/grpc/workflow-message.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { goodRun, oneOfEach, started } from './sample-events.ts';

const { WatchWorkflow, GetWorkflow, ListWorkflowEvents, DownloadDocument } = workflowService;

function eventOf(data: EventData, sequence = 1): WorkflowEvent {
  return {
    workflowId: 'research_0a1b2c3d4e5f',
    sequence,
    time: 1_700_000_000_123,
    epoch: 1,
    progress: 12.5,
    data,
  };
}

interface Method<Reply> {
  readonly responseSerialize: (reply: Reply) => Buffer;
  readonly responseType: { readonly serialize: (reply: object) => Buffer };
}

/** The bytes are those that proto-loader itself makes. */
function sameBytes<Reply extends object>(method: Method<Reply>, reply: Reply): void {
  assert.equal(
    method.responseSerialize(reply).toString('hex'),
    method.responseType.serialize(reply).toString('hex'),
  );
}

describe('the message encoder', () => {
  test('gives the bytes of proto-loader for every type of event, and for a run as it grows', () => {
    for (const data of oneOfEach) sameBytes(WatchWorkflow, { events: [eventMessage(eventOf(data))] });
    let state: WorkflowState | undefined;
    for (const [index, data] of [started, ...goodRun].entries()) {
      state = evolve(state, eventOf(data, index + 1));
      sameBytes(GetWorkflow, { workflow: workflowMessage(state, 'because') });
    }
  });

  test('gives the bytes of proto-loader for plain JSON, whole numbers of any size, fractions and maps', () => {
    check(
      property(
        dictionary(string({ unit: 'grapheme' }), anything({ maxDepth: 4 }).filter(isJson)),
        array(string({ unit: 'grapheme', maxLength: 120 })),
        integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
        integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        double(),
        dictionary(string({ unit: 'grapheme' }), string({ unit: 'grapheme' })),
        (input, texts, int64, int32, fraction, labels) => {
          const details = structMessage(input);
          const completed = { failedAgentIds: texts, completeness: fraction, details };
          const options = { maxTokens: int64, maxRetries: int32, labels };
          sameBytes(WatchWorkflow, {
            events: [{ sequence: int64, workflowCompleted: completed }, { workflowStarted: { options } }],
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('gives the bytes of proto-loader for bytes, for nothing, and for more than its memory holds', () => {
    sameBytes(DownloadDocument, { chunk: Buffer.alloc(100_000, 7) });
    sameBytes(GetWorkflow, {});
    sameBytes(GetWorkflow, { workflow: null });
    const text = 'täglich '.repeat(400_000);
    sameBytes(GetWorkflow, { workflow: { task: text, title: 'after it' } });
    sameBytes(ListWorkflowEvents, { events: [], nextPageToken: 'x' });
  });

  test('halves of surrogate pairs become U+FFFD, in short and in long texts and in the keys of maps', () => {
    for (const length of [0, 500]) {
      const pad = 'a'.repeat(length);
      const bytes = GetWorkflow.responseSerialize({
        workflow: { title: `${pad}\ud83d`, labels: { '\ude00': `\ude00${pad}` } },
      });
      const { workflow } = GetWorkflow.responseDeserialize(bytes);
      assert.equal(workflow?.title, `${pad}\ufffd`);
      assert.deepEqual(workflow.labels, { '\ufffd': `\ufffd${pad}` });
    }
  });

  test('several messages stand in one piece, each where it says', () => {
    const messages = oneOfEach.map((data, index) => ({ events: [eventMessage(eventOf(data, index + 1))] }));
    const { bytes, ends } = eventsEncoder.encodeEach(messages);
    assert.equal(ends.at(-1), bytes.length);
    for (const [index, message] of messages.entries()) {
      const piece = bytes.subarray(ends[index - 1] ?? 0, ends[index]);
      assert.deepEqual(piece, WatchWorkflow.responseType.serialize(message));
    }
    assert.deepEqual(eventsEncoder.encodeEach([]), { bytes: Buffer.alloc(0), ends: [] });
  });

  test('a message that cannot be encoded leaves nothing behind for the next one', () => {
    const odd = { workflow: { task: 'odd', state: 'STATE_ODD' as 'STATE_RUNNING' } };
    assert.throws(() => GetWorkflow.responseSerialize(odd), /State has no member STATE_ODD/);
    sameBytes(GetWorkflow, { workflow: { task: 'even' } });
  });

  test('an error does not quote a text that stands where a whole number is asked for', () => {
    const odd = { events: [{ sequence: 'what an agent wrote' }] };
    assert.throws(
      () => ListWorkflowEvents.responseSerialize(odd),
      (error) => error instanceof RangeError && !error.message.includes('agent'),
    );
  });

  test('members of enumerations may be numbers, also such as have no name', () => {
    for (const state of [0, 2, 99] as const)
      sameBytes(GetWorkflow, { workflow: { task: 'numbered', state: state as 2 } });
  });

  test('a number that is not finite is refused, where a whole one is asked for, rather than written for ever', () => {
    for (const sequence of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      const odd = { events: [{ sequence }] };
      assert.throws(() => ListWorkflowEvents.responseSerialize(odd), RangeError);
    }
    sameBytes(ListWorkflowEvents, { events: [{ sequence: 2 ** 60 }] });
  });

  test('knows everything that the services send', () => {
    for (const method of [...Object.values(workflowService), ...Object.values(catalogService)])
      assert.equal(method.responseSerialize({}).length, 0, method.path);
  });
});

/** Whether it has a form in JSON, and thus in a Struct. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
