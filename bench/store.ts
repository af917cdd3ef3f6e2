import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../src/clock/real-clock.ts';
import { SqliteStore } from '../src/store/sqlite-store.ts';
import type { EventData } from '../src/workflow/event.ts';
import { admitted, completed, keyOf, started, Writer } from '../test/store/fixture.ts';

// Appends per second and fsyncs of the SQLite store: `node bench/store.ts [workflows] [concurrency] [folder]`.
// Each workflow is a start, eight appends of three events with about 1 KB of text, and an end, one after the other.

const workflows = Number(process.argv[2] ?? 2_000);
const concurrency = Number(process.argv[3] ?? 64);
const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), 'store-bench-'));
const clock = new RealClock();
const store = SqliteStore.open({ path: join(folder, 'store.db'), clock });

const text = Array.from({ length: 32 }, () => clock.hex(16)).join(' ');
const retrying = (attempt: number): EventData => ({
  type: 'document_failed',
  format: `markdown ${attempt}`,
  failure: { code: 'internal', message: text, retryable: false },
});
const working: EventData[] = [retrying(1), retrying(2), retrying(3)];

// Built before the clock starts: the fold that makes the rows is not what is measured.
const writers = Array.from({ length: workflows }, (_, index) => new Writer(keyOf(index)));
const template = new Writer(keyOf(0));
const shapes = [
  [started()],
  [admitted, ...working],
  ...Array.from({ length: 7 }, () => working),
  [completed],
].map((data) => {
  const append = template.build(data);
  template.accept(append);
  return append;
});

let next = 0;
let appends = 0;
let events = 0;
const latencies: number[] = [];
async function drive(): Promise<void> {
  for (let writer = writers[next++]; writer; writer = writers[next++]) {
    const { key } = writer;
    await writer.claim(store);
    for (const shape of shapes) {
      const { epoch } = writer;
      const { workflowId } = key;
      const begin = clock.monotonic();
      const answer = await store.append({
        ...shape,
        key,
        epoch,
        events: shape.events.map((event) => ({ ...event, workflowId, epoch })),
        row: { ...shape.row, workflowId },
      });
      if (answer.result !== 'appended') throw new Error(answer.result);
      latencies.push(clock.monotonic() - begin);
      appends++;
      events += shape.events.length;
    }
  }
}

const begin = clock.monotonic();
await Promise.all(Array.from({ length: concurrency }, drive));
const seconds = (clock.monotonic() - begin) / 1_000;
latencies.sort((a, b) => a - b);
const percentile = (share: number): string =>
  (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2);
process.stdout.write(
  `${workflows} workflows, ${concurrency} at once, ${seconds.toFixed(2)} s: ` +
    `${Math.round(workflows / seconds)} workflows/s, ${Math.round(appends / seconds)} appends/s, ${Math.round(events / seconds)} events/s\n` +
    `${store.commits} commits (one fsync each), ${(events / store.commits).toFixed(1)} events a commit, ${store.checkpoints} checkpoints\n` +
    `append latency ms: p50 ${percentile(0.5)}, p99 ${percentile(0.99)}, max ${percentile(0.99999)}\n`,
);
await store.close();
rmSync(folder, { recursive: true });
