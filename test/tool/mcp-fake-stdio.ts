import { createInterface } from 'node:readline';
import { watch } from 'node:fs';
import { moodFrom, reply, type RpcMessage } from './mcp-fake.ts';

// `node mcp-fake-stdio.ts [file]`: the file holds the description of `echo`; a change of it is announced.

const file = process.argv[2];
if (process.env['FAKE_STUBBORN'] !== undefined) {
  // Neither the end of its input nor a polite request ends it.
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 60_000);
}
process.stderr.write('the fake server speaks\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  const text = reply(JSON.parse(line) as RpcMessage, moodFrom(file));
  if (text !== undefined) process.stdout.write(`${text}\n`);
});
if (file !== undefined) {
  watch(file, () => {
    process.stdout.write(
      `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })}\n`,
    );
  }).unref();
}
