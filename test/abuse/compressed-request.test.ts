import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { status as Code } from '@grpc/grpc-js';
import { workflowService } from '../../src/grpc/definition.ts';
import { serve } from '../grpc/harness.ts';
import { openSession, requestHeaders } from '../grpc/raw-client.ts';

const task = 'What is known about durable logs?';
const compressedFlag = 1;
const prefixBytes = 5;

/** A good request, packed. */
function packed(pack: (bytes: Buffer) => Buffer): Buffer {
  const message = pack(workflowService.StartResearch.requestSerialize({ task }));
  const prefix = Buffer.alloc(prefixBytes);
  prefix[0] = compressedFlag;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

describe('a compressed request is refused unread, and the answer says what is accepted', () => {
  const encodings: readonly (readonly [encoding: string, pack: (bytes: Buffer) => Buffer])[] = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['__proto__', (bytes) => bytes],
  ];
  for (const [encoding, pack] of encodings) {
    test(encoding, async () => {
      const harness = await serve();
      const { address, application } = harness;
      const session = openSession(address);
      try {
        const headers = {
          ...requestHeaders(workflowService.StartResearch.path),
          'grpc-encoding': encoding,
        };
        const stream = session.request(headers);
        const seen: Record<string, unknown> = {};
        stream.on('response', (received) => Object.assign(seen, received));
        stream.on('trailers', (received) => Object.assign(seen, received));
        stream.resume();
        stream.end(packed(pack));
        await new Promise<void>((resolve) => stream.once('close', () => resolve()));
        assert.equal(seen['grpc-status'], String(Code.UNIMPLEMENTED));
        assert.equal(seen['grpc-accept-encoding'], 'identity');
        assert.match(decodeURIComponent(String(seen['grpc-message'])), /send requests uncompressed/);
        assert.equal(application.starts.length, 0);
      } finally {
        session.destroy();
        await harness.close();
      }
    });
  }
});
