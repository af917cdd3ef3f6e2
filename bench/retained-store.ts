import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { withNode } from './drive.ts';

/** Fills the folder with a store of so many finished runs: one that the engine carried out, and copies of its rows. */
export async function fillRetained(folder: string, count: number): Promise<void> {
  await withNode({ answerTime: 0, folder }, (node) => node.run());
  const database = new DatabaseSync(join(folder, 'orchestrator.db'));
  try {
    // The copies run before the measurement; nothing needs to survive a power cut here.
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; BEGIN');
    const source = Number(database.prepare('SELECT max(run) AS run FROM workflow').get()?.['run']);
    const workflow = database.prepare(
      `INSERT INTO workflow (tenant, workflow_id, orchestrator, create_time, priority, status, sequence, completion,
         end_time, summary)
       SELECT tenant, ?, orchestrator, create_time, priority, status, sequence, completion + ?, end_time, summary
       FROM workflow WHERE run = ?`,
    );
    const others = [
      'INSERT INTO description SELECT ?, labels, body FROM description WHERE run = ?',
      `INSERT INTO event (run, sequence, time, epoch, progress, body, checksum)
       SELECT ?, sequence, time, epoch, progress, body, checksum FROM event WHERE run = ?`,
      'INSERT INTO blob_use SELECT ?, blob_id FROM blob_use WHERE run = ?',
    ].map((sql) => database.prepare(sql));
    for (let copy = 1; copy < count; copy++) {
      const id = `research_${copy.toString(16).padStart(12, '0')}`;
      const run = Number(workflow.run(id, copy, source).lastInsertRowid);
      for (const other of others) other.run(run, source);
    }
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}
