import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { Output } from '../../src/cli/output.ts';
import { noteOffline } from '../../src/cli/workflow-run.ts';
import type { RunOptions__Output } from '../../src/gen/orchestrator/v1/RunOptions.ts';
import type { Workflow__Output } from '../../src/gen/orchestrator/v1/Workflow.ts';

function notedFor(workflow: Partial<Workflow__Output>): string {
  let written = '';
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  const output = new Output(sink, sink, { json: false, quiet: false, color: false });
  // Only what the hint looks at.
  noteOffline(output, {
    providerName: 'offline',
    sources: [],
    options: null,
    ...workflow,
  } as Workflow__Output);
  return written;
}

test('says that an offline run without documents has nothing to quote, and nothing to anybody else', () => {
  assert.match(notedFor({}), /--docs or --corpus/);
  assert.equal(notedFor({ providerName: 'xai' }), '');
  assert.equal(notedFor({ sources: [{ name: 'a.md', sha256: '00', sizeBytes: '1' }] }), '');
  assert.equal(notedFor({ options: { corpus: 'handbook' } as RunOptions__Output }), '');
});
