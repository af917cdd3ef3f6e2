import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import { test } from 'node:test';
import { workflowService } from '../../src/grpc/definition.ts';
import type { EventData } from '../../src/workflow/event.ts';
import { serve } from './harness.ts';
import { frame, openSession, requestHeaders } from './raw-client.ts';
import { started } from './sample-events.ts';

const { ListWorkflowEvents } = workflowService;
/** More than a connection takes before its client reads, so that the rest of a reply waits in the server. */
const failureChars = 400_000;

const failed = (letter: string): EventData => ({
  type: 'document_failed',
  format: 'pdf',
  failure: { code: 'internal', message: letter.repeat(failureChars), retryable: false },
});

// Replies of several pieces are put together in memory that the next one uses again. That rests on grpc-js copying
// what a serializer gives before it returns; a version that did not would send one caller what another asked for.
test('replies that wait for their clients at the same time are not mixed up', async () => {
  const harness = await serve();
  const session = openSession(harness.address);
  try {
    const letters = ['a', 'b', 'c'];
    const idOf = (letter: string): string => `research_0a1b2c3d4e5${letter}`;
    for (const letter of letters) harness.application.append(idOf(letter), started, failed(letter));
    const streams = [];
    for (const letter of letters) {
      const stream = session.request(requestHeaders(ListWorkflowEvents.path));
      stream.pause();
      stream.end(frame(ListWorkflowEvents.requestSerialize({ workflowId: idOf(letter) })));
      await once(stream, 'response');
      streams.push(stream);
    }
    for (const [index, stream] of streams.entries()) {
      const bytes = await buffer(stream);
      const { events } = ListWorkflowEvents.responseDeserialize(bytes.subarray(5));
      const message = events.at(-1)?.documentFailed?.failure?.message;
      assert.equal(message, letters[index]?.repeat(failureChars));
    }
  } finally {
    session.destroy();
    await harness.close();
  }
});
