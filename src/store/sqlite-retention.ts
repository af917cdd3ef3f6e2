import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import type { EvictionRule, RemoveResult } from './event-store.ts';
import type { SqliteBegin } from './sqlite-begin.ts';
import { rowLimit } from './sqlite-schema.ts';

interface Finished {
  readonly run: number;
  readonly key: WorkflowKey;
  readonly sequence: number;
}

/** Removes finished workflows, and nothing else: candidates come from an index that holds only finished ones. */
export class SqliteRetention {
  readonly #database: DatabaseSync;
  readonly #begin: SqliteBegin;
  readonly #candidates: StatementSync;
  readonly #count: StatementSync;
  readonly #one: StatementSync;
  readonly #blobs: StatementSync;
  readonly #unuse: StatementSync;
  readonly #deletions: readonly StatementSync[];
  readonly #unusedBlob: StatementSync;
  readonly #requests: StatementSync;

  constructor(database: DatabaseSync, begin: SqliteBegin) {
    this.#database = database;
    this.#begin = begin;
    this.#candidates = database.prepare(
      `SELECT run, tenant, workflow_id, sequence, end_time FROM workflow INDEXED BY workflow_finished
       WHERE completion IS NOT NULL AND end_time < ? ORDER BY end_time, completion LIMIT ?`,
    );
    this.#count = database.prepare("SELECT value AS n FROM meta WHERE name = 'finished'");
    this.#one = database.prepare('SELECT run, completion FROM workflow WHERE tenant = ? AND workflow_id = ?');
    this.#blobs = database.prepare('SELECT blob_id FROM blob_use WHERE run = ?');
    this.#unuse = database.prepare('DELETE FROM blob_use WHERE run = ?');
    this.#unusedBlob = database.prepare(
      'DELETE FROM blob WHERE blob_id = ? AND NOT EXISTS (SELECT 1 FROM blob_use WHERE blob_use.blob_id = blob.blob_id)',
    );
    this.#deletions = [
      database.prepare('DELETE FROM event WHERE run = ?'),
      database.prepare('DELETE FROM description WHERE run = ?'),
      database.prepare('DELETE FROM workflow WHERE run = ?'),
    ];
    this.#requests = database.prepare(
      `DELETE FROM request WHERE rowid IN (SELECT rowid FROM request WHERE expire_time <= ? ORDER BY expire_time LIMIT ?)`,
    );
  }

  /**
   * Removes some of what the rule allows in one transaction: at most `rule.limit` workflows, and about
   * `limits.storeEvictionEventsMax` events, so that commits do not wait long. Empty: there is nothing to remove.
   */
  evictSome(rule: EvictionRule): readonly WorkflowKey[] {
    const removable = this.#removable(rule);
    if (removable.length === 0) return [];
    this.#transaction(() => {
      for (const { run } of removable) this.#remove(run);
    });
    return removable.map(({ key }) => key);
  }

  /** Removes one workflow if it has ended. */
  remove({ tenant, workflowId }: WorkflowKey): RemoveResult {
    const found = this.#one.get(tenant, workflowId);
    if (!found) return 'unknown';
    if (found['completion'] === null) return 'open';
    this.#transaction(() => this.#remove(Number(found['run'])));
    return 'removed';
  }

  /** Removes some expired request records. Answers how many; fewer than `limits.storeExpiredRequestsMax` is all. */
  expireSome(now: number): number {
    return this.#transaction(() => Number(this.#requests.run(now, limits.storeExpiredRequestsMax).changes));
  }

  #removable(rule: EvictionRule): Finished[] {
    const endedBefore = Math.max(rule.endedBefore, rule.olderThan);
    let retained = Number(this.#count.get()?.['n']);
    // Beyond the surplus only age decides; one more row says whether it does, and the next round takes the others.
    const wanted = Math.min(rule.limit, Math.max(1, retained - rule.keep));
    const candidates = this.#candidates.all(endedBefore, rowLimit(wanted));
    let events = 0;
    const removable: Finished[] = [];
    for (const found of candidates) {
      const endTime = Number(found['end_time']);
      const surplus = retained > rule.keep && endTime < rule.endedBefore;
      // Oldest first: when this one stays, so do those after it.
      if (!surplus && endTime >= rule.olderThan) break;
      const sequence = Number(found['sequence']);
      if (removable.length > 0 && events + sequence > limits.storeEvictionEventsMax) break;
      events += sequence;
      retained--;
      removable.push({
        run: Number(found['run']),
        key: { tenant: String(found['tenant']), workflowId: String(found['workflow_id']) },
        sequence,
      });
    }
    return removable;
  }

  #remove(run: number): void {
    const blobs = this.#blobs.all(run);
    this.#unuse.run(run);
    for (const blob of blobs) this.#unusedBlob.run(Number(blob['blob_id']));
    for (const deletion of this.#deletions) deletion.run(run);
  }

  #transaction<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
