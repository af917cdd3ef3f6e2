import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { limits } from '../../src/workflow/limits.ts';

const source = fileURLToPath(new URL('../../src/grpc', import.meta.url));

/** Numbers that bound nothing: the wire format's, estimates, and what an encoder works with. */
const numbers: ReadonlySet<string> = new Set([
  'NANOS_PER_MS',
  'bytesAtFirst',
  'delimited',
  'entryOverheadBytes',
  'envelopeBytes',
  'fixed64',
  'shortChars',
  'valueBytes',
  'varint',
]);

test('what bounds the edge is among the limits, and not beside its use', () => {
  const found = globSync('*.ts', { cwd: source }).flatMap((file) => {
    const text = readFileSync(`${source}/${file}`, 'utf8');
    return [...text.matchAll(/^(?:export )?const (\w+)(?:: number)? = [\d_ .*/]+;$/gm)].map(
      ([, name = '']) => name,
    );
  });
  assert.deepEqual(found.toSorted(), [...numbers]);
});

test('what is encoded in one piece of memory is dropped as one', () => {
  assert.equal(limits.encodedSegmentEvents % limits.encodedSlabEvents, 0);
});
