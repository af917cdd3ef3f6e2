import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readDescriptor } from './descriptor.ts';
import { fuzzMessages } from './message-fuzz.ts';
import { Target } from './target.ts';

const messages = 1_000;

let target: Target;
before(async () => {
  target = await Target.open();
});
after(async () => assert.deepEqual(await target.close(), []));

test('broken and hostile messages to every method are answered properly, and a refused one starts nothing', async () => {
  const { report, violations } = await target.under(() => fuzzMessages(target, { messages, seed: 7 }));
  assert.deepEqual([...report.violations, ...violations], []);
  assert.deepEqual(
    Object.keys(report.methods).toSorted(),
    readDescriptor()
      .methods.map(({ name }) => name)
      .toSorted(),
  );
  // Messages that are all refused at the first check, or all accepted, would prove little.
  for (const code of ['OK', 'INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION']) {
    assert.ok((report.codes[code] ?? 0) > 0, JSON.stringify(report.codes));
  }
  assert.ok(report.workflowsStarted > 0);
});
