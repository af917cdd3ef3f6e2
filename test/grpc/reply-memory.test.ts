import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { observingReplies } from '../../src/grpc/reply-encoder.ts';
import { ReplyMemory } from '../../src/grpc/reply-memory.ts';
import { limits } from '../../src/workflow/limits.ts';
import { silentLogger } from '../../src/workflow/logger.ts';

suite('memory of replies', () => {
  test('is collected each time that replies have come to so many bytes', () => {
    let collections = 0;
    const memory = new ReplyMemory(() => collections++);
    memory.sent(limits.replyBytesPerCollection - 1);
    assert.equal(collections, 0);
    memory.sent(1);
    assert.equal(collections, 1);
    memory.sent(limits.replyBytesPerCollection - 1);
    assert.equal(collections, 1);
    memory.sent(limits.replyBytesPerCollection);
    assert.equal(collections, 2);
  });

  test('counts the bytes of every method’s replies, and none of one that cannot be encoded', () => {
    let collections = 0;
    const memory = new ReplyMemory(() => collections++);
    const method = {
      path: '/orchestrator.v1.Test/Echo',
      requestStream: false,
      responseStream: false,
      requestSerialize: () => Buffer.alloc(0),
      requestDeserialize: () => undefined,
      responseSerialize: (bytes: number) => Buffer.alloc(bytes),
      responseDeserialize: () => undefined,
    };
    const { echo, other } = observingReplies(
      { echo: method, other: method },
      { logger: silentLogger, memory },
    );
    const half = limits.replyBytesPerCollection / 2;
    assert.equal(echo?.responseSerialize(half).length, half);
    assert.throws(() => echo?.responseSerialize(-half), RangeError);
    assert.equal(collections, 0);
    other?.responseSerialize(half);
    assert.equal(collections, 1);
  });
});
