import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { limits } from '../workflow/limits.ts';
import type { CheckpointReport } from './sqlite-checkpointer.ts';

// Runs in a thread of its own with its own connection: copying pages inside a COMMIT is what makes commits slow.

const path = String(workerData);
// The writer stands still while a restart waits for readers, so it waits only briefly.
const database = new DatabaseSync(path, { timeout: limits.storeRestartWaitMs, defensive: true });
database.exec(
  'PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 0',
);

function journalBytes(): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

function checkpoint(): CheckpointReport {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    // A passive run never catches up with a busy writer; what it left is little, so the writer waits only briefly. Then
    // the log begins anew in the space it has: syncing a file that grows costs twice as much as one that is overwritten.
    // While a reader needs the old pages the log goes on growing; the next checkpoint tries again.
    database.exec('PRAGMA wal_checkpoint(RESTART)');
    return { journalBytes: journalBytes() };
  } catch (error) {
    return { journalBytes: journalBytes(), failure: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'checkpoint') {
    parentPort?.postMessage(checkpoint());
    return;
  }
  database.close();
  parentPort?.close();
});
