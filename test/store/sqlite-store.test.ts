import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { DamagedLogError, StoreLockedError, StoreUnavailableError } from '../../src/store/event-store.ts';
import { auditDatabase } from '../../src/store/sqlite-audit.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { storeContract } from './contract.ts';
import { noSpend } from '../../src/workflow/day-spend.ts';
import type { EventData } from '../../src/workflow/event.ts';
import { failure } from '../../src/workflow/failure.ts';
import { limits } from '../../src/workflow/limits.ts';
import {
  admitted,
  blobOf,
  completed,
  failureOf,
  finishWorkflow,
  keyOf,
  paused,
  requestOf,
  resumed,
  started,
  scheduled,
  startTime,
  startWorkflow,
  Writer,
} from './fixture.ts';
import { olderVersion } from './older-version.ts';

storeContract('sqlite store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-store-'));
  const clock = new SimulatedClock(startTime);
  const store = SqliteStore.open({ path: join(folder, 'store.db'), clock });
  return {
    store,
    clock,
    discard: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

const clock = new SimulatedClock(startTime);
const appender = new URL('./sqlite-appender.ts', import.meta.url).pathname;

/** Runs the body with a folder that is removed afterwards. */
async function inFolder(body: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-store-'));
  try {
    await body(join(folder, 'data', 'store.db'), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the body with an open store, which is closed afterwards. */
async function withStore<T>(
  options: { path: string; bytesMax?: number },
  body: (store: SqliteStore) => Promise<T>,
): Promise<T> {
  const store = SqliteStore.open({ ...options, clock });
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

interface Child {
  readonly process: ChildProcess;
  readonly lines: string[];
  /** Resolves when that many lines were printed or the process has ended. */
  printed(count: number): Promise<void>;
  /** Kills the process and waits until it is gone and everything it printed was read. */
  kill(): Promise<void>;
}

function startAppender(path: string, first: number): Child {
  const child = spawn(process.execPath, [appender, path, `${first}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const closed = Promise.all([once(reader, 'close'), once(child, 'exit')]);
  let changed = Promise.withResolvers<void>();
  reader.on('line', (line) => {
    lines.push(line);
    changed.resolve();
    changed = Promise.withResolvers();
  });
  return {
    process: child,
    lines,
    printed: async (count) => {
      while (lines.length < count) {
        const ended = await Promise.race([changed.promise.then(() => false), closed.then(() => true)]);
        if (ended) return;
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

suite('sqlite store: files', () => {
  test('keeps its folder and files to its user, also under the loosest umask', () =>
    inFolder(async (path, folder) => {
      const umask = process.umask(0);
      let store: SqliteStore;
      try {
        store = SqliteStore.open({ path, clock });
      } finally {
        process.umask(umask);
      }
      try {
        await startWorkflow(store, 1);
        const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
        assert.equal(mode(join(folder, 'data')), '700');
        for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}.lock`]) {
          assert.equal(mode(file), '600', file);
        }
      } finally {
        await store.close();
      }
    }));

  test('is set to survive a power cut', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        assert.equal(store.setting('synchronous'), 2);
        assert.equal(store.setting('journal_mode'), 'wal');
        assert.equal(store.setting('wal_autocheckpoint'), 0);
        assert.equal(store.setting('mmap_size'), 0);
        assert.equal(store.setting('trusted_schema'), 0);
      }),
    ));

  test('refuses a file of another application, a newer version or no database, and leaves it as it is', () =>
    inFolder(async (_, folder) => {
      const refusal = (file: string): string => {
        try {
          SqliteStore.open({ path: file, clock });
        } catch (error) {
          assert.ok(error instanceof StoreUnavailableError);
          return error.message;
        }
        throw new Error(`${file} was opened`);
      };
      const foreign = join(folder, 'foreign.db');
      const other = new DatabaseSync(foreign);
      other.exec('CREATE TABLE note (text TEXT)');
      assert.match(refusal(foreign), /another application/);
      assert.deepEqual(other.prepare('PRAGMA journal_mode').get(), {
        __proto__: null,
        journal_mode: 'delete',
      });
      other.close();

      const newer = join(folder, 'newer.db');
      await withStore({ path: newer }, async () => undefined);
      const raised = new DatabaseSync(newer);
      raised.exec('PRAGMA user_version = 99');
      raised.close();
      assert.match(refusal(newer), /schema version 99, this build knows 4/);

      const text = join(folder, 'text.db');
      writeFileSync(text, 'a text that is no database at all, and long enough to have a header. '.repeat(20));
      assert.match(refusal(text), /not a database/);
      // A refusal holds nothing: the lock is free again.
      assert.match(refusal(text), /not a database/);
    }));

  test('finds everything again when opened once more, and fences epochs of before', () =>
    inFolder(async (path) => {
      const blob = blobOf('text');
      const [writer, finished] = await withStore({ path }, async (store) => {
        const open = await startWorkflow(store, 1, {
          labels: { team: 'belt' },
          blobs: [blob],
          request: requestOf('r1', clock.now() + 1_000),
        });
        await open.write(store, [admitted, paused]);
        return [open, await finishWorkflow(store, 2)] as const;
      });
      await withStore({ path }, async (store) => {
        assert.deepEqual(await store.read(writer.key, 0, 10), writer.events);
        assert.deepEqual(await store.row(writer.key), writer.row);
        assert.deepEqual(await store.row(finished.key), finished.row);
        assert.deepEqual(await store.blob(blob.sha256), blob.bytes);
        assert.ok(await store.knownRequest('default', 'StartResearch', 'r1', clock.now()));
        assert.deepEqual(
          (await store.openWorkflows()).map(({ key }) => key),
          [writer.key],
        );
        const append = writer.build([resumed]);
        assert.equal((await store.append(append)).result, 'fenced');
        const former = writer.epoch;
        await writer.claim(store);
        assert.ok(writer.epoch > former);
        await writer.write(store, [resumed, admitted, completed]);
        // Completions go on behind those of before.
        const rule = { keep: 1, endedBefore: Infinity, olderThan: -Infinity, limit: 10 };
        assert.deepEqual(await store.evict(rule, clock.now()), [finished.key]);
      });
    }));

  test('names the workflow and the sequence of an event of which any part is damaged', () =>
    inFolder(async (path) => {
      const damages = [
        `body = '{"type":'`,
        `body = replace(body, 'workflow_started', 'workflow_startex')`,
        'time = time + 1',
        'epoch = epoch + 1',
        'progress = 7',
        `body = '{"type":', checksum = NULL`,
      ];
      const other = await withStore({ path }, (store) => startWorkflow(store, 0));
      for (const [index, damage] of damages.entries()) {
        const writer = await withStore({ path }, (store) => startWorkflow(store, index + 1));
        const raw = new DatabaseSync(path);
        raw.exec(`UPDATE event SET ${damage} WHERE run = ${index + 2}`);
        raw.close();
        await withStore({ path }, async (store) => {
          const error = await failureOf(store.read(writer.key, 0, 5));
          assert.ok(error instanceof DamagedLogError, damage);
          assert.match(error.message, new RegExp(`event 1 of default/${writer.key.workflowId}`));
          assert.equal((await store.read(other.key, 0, 5))?.length, 1);
        });
      }
    }));

  test('takes over a file that has no ledger of days, and reads it off its logs', () =>
    inFolder(async (path) => {
      const call = { agentId: 'planner', turn: 0, provider: 'xai', model: 'm' };
      const reserved = { inputTokens: 100, outputTokens: 50, costNanoUsd: 900 };
      const dayMs = 86_400_000;
      const day = startTime / dayMs;
      const spend = await withStore({ path }, async (store) => {
        for (const number of [1, 2]) {
          const writer = await startWorkflow(store, number);
          await writer.write(store, [admitted, scheduled('planner')]);
          const begun: EventData = { type: 'model_call_started', ...call, attempt: 1, reserved };
          await writer.write(store, [begun], {
            spend: [{ ...noSpend, day, reserves: true, heldNanoUsd: 900, heldTokens: 150 }],
          });
          if (number === 2) continue;
          const ended: EventData = {
            type: 'model_call_ended',
            agentId: 'planner',
            turn: 0,
            attempt: 1,
            result: 'failed',
            failure: failure('overloaded', 'busy', true),
            usage: { inputTokens: 10, outputTokens: 5 },
            costNanoUsd: 90,
            assumed: false,
            durationMs: 1,
          };
          // It ends on the next day and counts for the one on which it began.
          await writer.write(store, [ended], {
            time: startTime + dayMs,
            spend: [
              {
                day,
                reserves: false,
                heldNanoUsd: -900,
                heldTokens: -150,
                spentNanoUsd: 90,
                spentTokens: 15,
              },
            ],
          });
        }
        return store.spendOf('default', day);
      });
      assert.deepEqual(spend, { heldNanoUsd: 900, heldTokens: 150, spentNanoUsd: 90, spentTokens: 15 });
      const raw = new DatabaseSync(path);
      raw.exec(olderVersion(2));
      raw.close();
      assert.deepEqual(await withStore({ path }, (store) => store.spendOf('default', day)), spend);
      assert.deepEqual(auditDatabase(path).findings, []);
    }));

  test('takes over a file of the version before, whose events have no checksum', () =>
    inFolder(async (path) => {
      const writer = await withStore({ path }, (store) => startWorkflow(store, 1));
      const raw = new DatabaseSync(path);
      raw.exec(olderVersion(1));
      raw.close();
      await withStore({ path }, async (store) => {
        assert.equal((await store.read(writer.key, 0, 5))?.length, 1);
        await writer.claim(store);
        await writer.write(store, [admitted]);
        assert.equal((await store.read(writer.key, 0, 5))?.length, 2);
      });
    }));
});

suite('sqlite store: commits', () => {
  test('writes all appends of one turn in one transaction, and many in two, so that writing begins early', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        const commitsOf = async (writers: readonly Writer[]): Promise<number> => {
          for (const writer of writers) await writer.claim(store);
          const before = store.commits;
          await Promise.all(
            writers.flatMap((writer) => {
              const first = writer.build([started()]);
              writer.accept(first);
              return [store.append(first), store.append(writer.build([admitted]))];
            }),
          );
          return store.commits - before;
        };
        const writers = Array.from({ length: 200 }, (_, index) => new Writer(keyOf(index)));
        const few = limits.storeCommitEarlyAppends / 2 - 1;
        assert.equal(await commitsOf(writers.slice(0, few)), 1);
        assert.equal(await commitsOf(writers.slice(few)), 2);
        assert.equal((await store.row(keyOf(199)))?.sequence, 2);
      }),
    ));

  test('an append that comes alone is durable at the end of its turn, of two neighbours none is', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        const writer = await startWorkflow(store, 1);
        const neighbour = await startWorkflow(store, 2);
        const answered: string[] = [];
        const append = async (owner: Writer, data: readonly EventData[]): Promise<void> => {
          await owner.write(store, data);
          answered.push(owner.key.workflowId);
        };
        const alone = append(writer, [admitted]);
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(answered, [writer.key.workflowId]);
        await alone;
        const both = [append(writer, [paused]), append(neighbour, [admitted])];
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(answered.length, 1);
        await Promise.all(both);
      }),
    ));

  test('holds nothing in memory for a finished workflow', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        for (let index = 0; index < 50; index++) await finishWorkflow(store, index);
        assert.equal(store.claims, 0);
        await store.claim(keyOf(1), 'late');
        assert.equal(store.claims, 0);
      }),
    ));

  test('a claim counts what its former owner is having written, and fences what waits for its turn', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        const writer = await startWorkflow(store, 1);
        const neighbour = await startWorkflow(store, 2);
        const first = writer.build([admitted]);
        const written = store.append(first);
        writer.accept(first);
        // One that is alone would be written in one go.
        void neighbour.write(store, [admitted]);
        // The transaction begins at the end of the turn.
        await new Promise((resolve) => setImmediate(resolve));
        const second = new Writer(writer.key);
        await second.claim(store, 'second');
        assert.equal((await store.read(writer.key, 0, 10))?.length, 2);
        assert.deepEqual(await written, { result: 'appended' });
        second.events.push(...writer.events);
        const waiting = store.append(second.build([paused]));
        const third = new Writer(writer.key);
        await third.claim(store, 'third');
        assert.deepEqual(await waiting, { result: 'fenced', epoch: third.epoch });
        third.events.push(...writer.events);
        await third.write(store, [paused]);
      }),
    ));

  test('giving back, removing and closing come after what was handed over before', () =>
    inFolder(async (path) => {
      const appends = await withStore({ path }, async (store) => {
        const writers = await Promise.all([1, 2, 3].map((number) => startWorkflow(store, number)));
        const handedOver = writers.map((writer, index) =>
          store.append(writer.build(index === 1 ? [admitted, completed] : [admitted])),
        );
        await store.release(keyOf(1), writers[0]?.epoch ?? 0);
        assert.equal((await store.row(keyOf(1)))?.sequence, 2);
        assert.equal(await store.remove(keyOf(2)), 'removed');
        const last = new Writer(keyOf(4));
        await last.claim(store);
        return [...handedOver, store.append(last.build([started()]))];
      });
      for (const append of appends) assert.deepEqual(await append, { result: 'appended' });
      await withStore({ path }, async (store) => {
        assert.equal(await store.row(keyOf(2)), undefined);
        assert.equal((await store.row(keyOf(4)))?.sequence, 1);
      });
    }));

  test('moves a grown log into the database from another thread', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        const task = 'x'.repeat(4_000);
        for (let index = 0; store.checkpoints === 0; index++) {
          assert.ok(index < 20_000, 'no checkpoint was made');
          await startWorkflow(store, index, { task });
        }
        await store.check();
        // More than the head of the file, and without a COMMIT that would have copied pages itself.
        assert.ok(statSync(path).size > 1_000_000);
      }),
    ));

  test('disk full: takes an append again that failed only because of its neighbour', () =>
    inFolder((path) =>
      withStore({ path, bytesMax: 400_000 }, async (store) => {
        const writer = new Writer(keyOf(1));
        await writer.claim(store);
        const first = writer.build([started()]);
        writer.accept(first);
        const huge = writer.build([admitted], { blobs: [blobOf('x'.repeat(800_000))] });
        const outcomes = await Promise.allSettled([store.append(first), store.append(huge)]);
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ['rejected', 'rejected'],
        );
        assert.deepEqual(await store.append(first), { result: 'appended' });
        await writer.write(store, [admitted]);
        assert.deepEqual(await store.read(writer.key, 0, 5), writer.events);
      }),
    ));

  test('disk full: rejects the whole batch, leaves nothing half there, and goes on when there is room', () =>
    inFolder((path) =>
      withStore({ path, bytesMax: 400_000 }, async (store) => {
        const task = 'x'.repeat(4_000);
        const written: Writer[] = [];
        let error: unknown;
        let full: Writer | undefined;
        for (let index = 0; !full; index++) {
          const writer = new Writer(keyOf(index));
          await writer.claim(store);
          const first = writer.build([started({ task })], { blobs: [blobOf(`${index} ${task}`)] });
          writer.accept(first);
          const end = writer.build([admitted, completed]);
          const outcomes = await Promise.allSettled([store.append(first), store.append(end)]);
          const refused = outcomes.find((outcome) => outcome.status === 'rejected');
          if (refused) {
            assert.ok(outcomes.every((outcome) => outcome.status === 'rejected'));
            error = refused.reason;
            full = writer;
          } else {
            writer.accept(end);
            written.push(writer);
          }
        }
        assert.ok(error instanceof StoreUnavailableError, String(error));
        assert.match(error.message, /full/);
        assert.ok(written.length > 5);
        assert.equal(await store.row(full.key), undefined);
        assert.equal(await store.read(full.key, 0, 5), undefined);
        for (const writer of written) assert.deepEqual(await store.read(writer.key, 0, 5), writer.events);

        const rule = { keep: 0, endedBefore: Infinity, olderThan: -Infinity, limit: 100 };
        assert.equal((await store.evict(rule, clock.now())).length, written.length);
        const again = new Writer(full.key);
        again.epoch = full.epoch;
        await again.write(store, [started({ task })]);
        assert.deepEqual(await store.read(again.key, 0, 5), again.events);
      }),
    ));
});

suite('sqlite store: processes', () => {
  test('a second store on the same file is refused within a second, in this process and in another', () =>
    inFolder((path) =>
      withStore({ path }, async (store) => {
        const begin = process.hrtime.bigint();
        assert.throws(() => SqliteStore.open({ path, clock }), StoreLockedError);
        assert.ok(process.hrtime.bigint() - begin < 1_000_000_000n);
        const child = spawnSync(process.execPath, [appender, path, '0'], { encoding: 'utf8' });
        assert.equal(child.stdout, 'locked\n', child.stderr);
        // The refused ones have not loosened the first one's hold.
        assert.equal(
          spawnSync(process.execPath, [appender, path, '0'], { encoding: 'utf8' }).stdout,
          'locked\n',
        );
        await startWorkflow(store, 1);
      }),
    ));

  test('kill -9 loses no acknowledged append, and the next process may open at once', () =>
    inFolder(async (path) => {
      for (let round = 0; round < 4; round++) {
        const child = startAppender(path, round * 10);
        try {
          await child.printed(40 + round * 60);
          assert.equal(child.process.exitCode, null);
          assert.throws(() => SqliteStore.open({ path, clock }), StoreLockedError);
        } finally {
          await child.kill();
        }
        const acknowledged = new Map<number, number>();
        for (const line of child.lines.slice(1)) {
          const [number, sequence] = line.split(' ').map(Number);
          // A line cut off by the kill would parse as a smaller number, which asks for less.
          if (number !== undefined && sequence !== undefined) acknowledged.set(number, sequence);
        }
        assert.equal(acknowledged.size, 4);
        await withStore({ path }, async (store) => {
          for (const [number, sequence] of acknowledged) {
            const log = await store.read(keyOf(number), 0, 100_000);
            assert.ok(
              log && log.length >= sequence,
              `workflow ${number}: ${log?.length} of ${sequence} events`,
            );
            assert.deepEqual(
              log.map((event) => event.sequence),
              log.map((_, index) => index + 1),
            );
            assert.equal(log.length % 3, 1, 'an append is there as a whole or not at all');
            assert.equal((await store.row(keyOf(number)))?.sequence, log.length);
          }
        });
      }
    }));
});
