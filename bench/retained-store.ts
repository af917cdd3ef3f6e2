import { closeSync, fsyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { withNode } from './drive.ts';

/**
 * Fills the folder with a store of so many finished runs: one that the engine carried out, and copies of its rows, each
 * run's one after the other as runs leave them. What is written is on the disk when this returns: gigabytes that the
 * kernel still had to write would be paid for by whatever is measured next.
 */
export async function fillRetained(folder: string, count: number): Promise<void> {
  await withNode({ answerTime: 0, folder }, (node) => node.run());
  const path = join(folder, 'orchestrator.db');
  const database = new DatabaseSync(path);
  try {
    // Nothing of the copies needs to survive a power cut: they are made before the measurement.
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF');
    const copies = 'WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ?)';
    const most = count - 1;
    // The one run has number 1, so copy n gets number n + 1. CROSS JOIN keeps the order of the loops: the other way
    // round the first events of all runs would come first, and each run would be scattered over the whole file.
    for (const insert of [
      `INSERT INTO workflow (run, tenant, workflow_id, orchestrator, create_time, priority, status, sequence,
         completion, end_time, summary)
       ${copies} SELECT n + 1, tenant, printf('research_%012x', n), orchestrator, create_time, priority, status,
         sequence, completion + n, end_time, summary FROM copy CROSS JOIN workflow WHERE run = 1`,
      `INSERT INTO description (run, labels, body)
       ${copies} SELECT n + 1, labels, description.body FROM copy CROSS JOIN description WHERE run = 1`,
      `INSERT INTO event (run, sequence, time, epoch, progress, body, checksum)
       ${copies} SELECT n + 1, sequence, time, epoch, progress, body, checksum FROM copy CROSS JOIN event
       WHERE run = 1`,
      `INSERT INTO blob_use (run, blob_id) ${copies} SELECT n + 1, blob_id FROM copy CROSS JOIN blob_use WHERE run = 1`,
    ]) {
      database.prepare(insert).run(most);
    }
    // The store counts ends; the copies have none.
    database.exec(
      `UPDATE meta SET value = (SELECT count(*) FROM workflow WHERE completion IS NOT NULL) WHERE name = 'finished'`,
    );
    database.exec('PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** Throws unless the folder's store holds so many finished runs: evictions that did not happen must not look quick. */
export function checkRetained(folder: string, count: number): void {
  const database = new DatabaseSync(join(folder, 'orchestrator.db'), { readOnly: true });
  try {
    const found = database.prepare('SELECT count(*) AS n FROM workflow WHERE completion IS NOT NULL').get()?.[
      'n'
    ];
    if (found !== count) throw new Error(`${String(found)} finished runs are retained, expected ${count}`);
  } finally {
    database.close();
  }
}
