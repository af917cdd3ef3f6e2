import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { Append } from '../src/store/event-store.ts';
import { prepareAppend } from '../src/store/prepared-append.ts';
import { EngineNode } from './engine-node.ts';
import { type FloorAppend, floorAppend, FloorStore } from './floor-store.ts';

/** The appends of one whole run, as the engine hands them to the store. */
export async function recordRun(): Promise<readonly FloorAppend[]> {
  const appends: Append[] = [];
  const node = await EngineNode.start({ answerTime: 0, onAppend: (append) => appends.push(append) });
  try {
    await node.run();
  } finally {
    await node.close();
  }
  const prepared = appends.map(prepareAppend);
  return prepared.map((append, index) => floorAppend(append, prepared[index - 1]));
}

async function withFloorStore<T>(work: (store: FloorStore) => Promise<T>): Promise<T> {
  const store = new FloorStore();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * Runs a second that the disk and SQLite allow: the same rows in the same tables, ready before the clock starts,
 * `concurrency` runs sharing each commit; no engine, no checks, no encoding.
 */
export function groupCommitFloor(
  run: readonly FloorAppend[],
  runs: number,
  concurrency: number,
): Promise<number> {
  return withFloorStore(async (store) => {
    const begin = performance.now();
    for (let done = 0; done < runs; done += concurrency) {
      let group = Array.from({ length: Math.min(concurrency, runs - done) }, () => 0);
      for (const append of run) group = store.commit(append, group);
      // The checkpointer's thread answers to this one's event loop, as it does under the engine.
      await turn();
    }
    return runs / ((performance.now() - begin) / 1_000);
  });
}

/**
 * How long runs take, ms, of which nothing is left but what they wait for: a timer for the calls of each stage, and
 * their commits by SQLite alone. The first two commits come before the first call.
 */
export function makespanFloor(
  run: readonly FloorAppend[],
  runs: number,
  answerMs: number,
): Promise<number[]> {
  return withFloorStore(async (store) => {
    const durations: number[] = [];
    while (durations.length < runs) {
      const begin = performance.now();
      let numbers = [0];
      for (const [index, append] of run.entries()) {
        if (index > 1) await pause(answerMs);
        numbers = store.commit(append, numbers);
      }
      durations.push(performance.now() - begin);
    }
    return durations;
  });
}

/** Runs a second when each of a run's appends is one write and one fsync of its bytes, one after the other. */
export function serialSyncFloor(run: readonly FloorAppend[], runs: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-floor-'));
  try {
    const file = openSync(join(folder, 'serial.log'), 'w');
    const blocks = run.map(({ bytes }) => Buffer.alloc(bytes, 'x'));
    const begin = performance.now();
    for (let done = 0; done < runs; done++) {
      for (const block of blocks) {
        writeSync(file, block);
        fdatasyncSync(file);
      }
    }
    const seconds = (performance.now() - begin) / 1_000;
    closeSync(file);
    return runs / seconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
