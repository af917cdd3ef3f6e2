import type { SQLInputValue } from 'node:sqlite';
import type { DaySpend } from '../workflow/day-spend.ts';
import type { RequestRecord } from './event-store.ts';
import type { PreparedAppend, StoredEvent } from './prepared-append.ts';

/** Every statement that an append may come to; a write names one by its place here. */
export const writeStatements = [
  `INSERT INTO event (run, sequence, time, epoch, progress, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  'UPDATE workflow SET sequence = ?, summary = ? WHERE run = ?',
  'UPDATE workflow SET status = ? WHERE run = ?',
  `UPDATE workflow SET status = ?, sequence = ?, summary = ?, completion = ?, end_time = ? WHERE run = ?`,
  `INSERT INTO workflow (run, tenant, workflow_id, orchestrator, create_time, priority, status, sequence, summary)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  'INSERT INTO description (run, labels, body) VALUES (?, ?, ?)',
  // A blob that is known is not rewritten; inserting changes nothing then.
  'INSERT INTO blob (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING',
  `INSERT INTO blob_use (run, blob_id) SELECT ?, blob_id FROM blob WHERE sha256 = ? ON CONFLICT DO NOTHING`,
  `INSERT OR REPLACE INTO request (tenant, method, request_id, workflow_id, body_hash, expire_time)
   VALUES (?, ?, ?, ?, ?, ?)`,
  `INSERT INTO spend (tenant, day, spent_nano_usd, held_nano_usd, spent_tokens, held_tokens)
   VALUES (?, ?, ?, ?, ?, ?)
   ON CONFLICT (tenant, day) DO UPDATE SET spent_nano_usd = excluded.spent_nano_usd,
     held_nano_usd = excluded.held_nano_usd, spent_tokens = excluded.spent_tokens,
     held_tokens = excluded.held_tokens`,
] as const;

/** Places in `writeStatements`. */
export const eventWrite = 0;
const updateWrite = 1;
const statusWrite = 2;
const finishWrite = 3;
const createWrite = 4;
const describeWrite = 5;
const blobWrite = 6;
const blobUseWrite = 7;
const requestWrite = 8;
const spendWrite = 9;

/**
 * What one transaction writes, as one flat list: the place of a statement, its parameters, the next statement, and so on.
 * Another thread takes it as it is; a list of numbers and strings is copied several times faster than one of objects.
 */
export class Write {
  readonly values: SQLInputValue[] = [];

  get empty(): boolean {
    return this.values.length === 0;
  }

  /** Whoever writes it adds the checksum, which is why there is one parameter less. */
  event(run: number, { sequence, time, epoch, progress, body }: StoredEvent): void {
    this.values.push(eventWrite, run, sequence, time, epoch, progress, body);
  }

  create(run: number, append: PreparedAppend): void {
    const { key, orchestrator, createTime, priority, status, lastSequence, summary } = append;
    this.values.push(
      createWrite,
      run,
      key.tenant,
      key.workflowId,
      orchestrator,
      createTime,
      priority,
      status,
    );
    this.values.push(lastSequence, summary, describeWrite, run, append.labels, append.description);
  }

  update(run: number, { lastSequence, summary }: PreparedAppend): void {
    this.values.push(updateWrite, lastSequence, summary, run);
  }

  status(run: number, { status }: PreparedAppend): void {
    this.values.push(statusWrite, status, run);
  }

  finish(run: number, { status, lastSequence, summary, endTime }: PreparedAppend, completion: number): void {
    this.values.push(finishWrite, status, lastSequence, summary, completion, endTime ?? null, run);
  }

  blob(run: number, { sha256, bytes }: PreparedAppend['blobs'][number]): void {
    this.values.push(blobWrite, sha256, bytes, blobUseWrite, run, sha256);
  }

  request(tenant: string, workflowId: string, request: RequestRecord): void {
    const { method, requestId, bodyHash, expireTime } = request;
    this.values.push(requestWrite, tenant, method, requestId, workflowId, bodyHash, expireTime);
  }

  spend(tenant: string, day: number, spend: DaySpend): void {
    const { spentNanoUsd, heldNanoUsd, spentTokens, heldTokens } = spend;
    this.values.push(spendWrite, tenant, day, spentNanoUsd, heldNanoUsd, spentTokens, heldTokens);
  }
}
