import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock/clock.ts';
import type { EventData, WorkflowEvent } from '../workflow/event.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import type { AppendResult, KnownRequest } from './event-store.ts';
import { DamagedLogError } from './event-store.ts';
import { checksumOf } from './event-checksum.ts';
import type { PreparedAppend, StoredEvent } from './prepared-append.ts';
import type { CommitWork } from './sqlite-commit-queue.ts';
import { rowLimit } from './sqlite-schema.ts';
import type { SqliteSpend } from './sqlite-spend.ts';
import type { Claim, LogPosition, SqliteClaims } from './sqlite-claims.ts';

/** Logs in the database: checks and writes of an append, and reading. */
export class SqliteLog implements CommitWork<PreparedAppend, AppendResult> {
  readonly #clock: Clock;
  readonly #claims: SqliteClaims;
  readonly #spend: SqliteSpend;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #completions: number;

  constructor(database: DatabaseSync, claims: SqliteClaims, spend: SqliteSpend, clock: Clock) {
    this.#clock = clock;
    this.#claims = claims;
    this.#spend = spend;
    this.#statements = prepareStatements(database);
    this.#completions = Number(
      database.prepare('SELECT max(completion) AS n FROM workflow WHERE completion IS NOT NULL').get()?.[
        'n'
      ] ?? 0,
    );
  }

  bytesOf(append: PreparedAppend): number {
    return append.bytes;
  }

  /** Makes all checks of one append before its first write, so that a refusal leaves nothing to undo. */
  apply(append: PreparedAppend): AppendResult {
    const claim = this.#claims.find(append.text);
    const position = claim ? this.#positionOf(claim) : this.position(append.key);
    if (position.finished) return { result: 'terminal' };
    if (claim?.epoch !== append.epoch) return { result: 'fenced', epoch: claim?.epoch ?? 0 };
    if (append.expectedSequence !== position.sequence) {
      if (this.#isDuplicate(append, position)) return { result: 'duplicate' };
      return { result: 'conflict', sequence: position.sequence };
    }
    if (append.request) {
      const { method, requestId } = append.request;
      const known = this.knownRequest(append.key.tenant, method, requestId, this.#clock.now());
      if (known) return { result: 'request_known', known };
    }
    const { spend, dayCaps, key } = append;
    const over = dayCaps && this.#spend.refusal(key.tenant, spend, dayCaps);
    if (over) return { result: 'over_day_cap', of: over };
    const run = this.#write(append, position);
    this.#spend.add(key.tenant, spend);
    claim.position = {
      run,
      sequence: append.lastSequence,
      finished: append.terminal,
      status: append.status,
    };
    return { result: 'appended' };
  }

  /** What all appends of the transaction come to. */
  finish(): void {
    this.#spend.write();
  }

  committed(appends: readonly PreparedAppend[]): void {
    this.#spend.committed();
    for (const append of appends) {
      if (append.terminal && this.#claims.find(append.text)?.position?.finished) {
        this.#claims.release(append.text, append.epoch);
      }
    }
  }

  failed(appends: readonly PreparedAppend[]): void {
    this.#spend.failed();
    for (const append of appends) {
      const claim = this.#claims.find(append.text);
      if (claim) claim.position = undefined;
    }
  }

  /** Where the committed log stands. */
  position(key: WorkflowKey): LogPosition {
    const found = this.#statements.position.get(key.tenant, key.workflowId);
    if (!found) return { run: undefined, sequence: 0, finished: false, status: undefined };
    return {
      run: Number(found['run']),
      sequence: Number(found['sequence']),
      finished: found['completion'] !== null,
      status: String(found['status']),
    };
  }

  read(key: WorkflowKey, afterSequence: number, limit: number): readonly WorkflowEvent[] | undefined {
    const run = this.#claims.find(keyText(key))?.position?.run ?? this.position(key).run;
    if (run === undefined) return undefined;
    return this.#statements.read.all(run, afterSequence, rowLimit(limit)).map((row): WorkflowEvent => {
      const { body, ...stored } = storedEventOf(row);
      const { checksum } = row;
      if (checksum !== null && checksum !== checksumOf({ ...stored, body })) {
        throw damaged(key, stored.sequence);
      }
      return { workflowId: key.workflowId, ...stored, data: decode(key, stored.sequence, body) };
    });
  }

  knownRequest(tenant: string, method: string, requestId: string, now: number): KnownRequest | undefined {
    const found = this.#statements.request.get(tenant, method, requestId, now);
    return found && { workflowId: String(found['workflow_id']), bodyHash: String(found['body_hash']) };
  }

  blob(sha256: string): Uint8Array | undefined {
    const bytes = this.#statements.blob.get(sha256)?.['bytes'];
    return bytes instanceof Uint8Array ? bytes : undefined;
  }

  #positionOf(claim: Claim): LogPosition {
    claim.position ??= this.position(claim.key);
    return claim.position;
  }

  #isDuplicate(append: PreparedAppend, position: LogPosition): boolean {
    if (position.run === undefined || append.lastSequence > position.sequence) return false;
    const stored = this.#statements.read.all(position.run, append.expectedSequence, append.events.length);
    return append.events.every((event, index) => {
      const row = stored[index];
      return row !== undefined && Number(row['epoch']) === event.epoch && row['body'] === event.body;
    });
  }

  #write(append: PreparedAppend, position: LogPosition): number {
    const statements = this.#statements;
    const run = position.run ?? this.#create(append);
    for (const event of append.events) {
      statements.event.run(
        run,
        event.sequence,
        event.time,
        event.epoch,
        event.progress,
        event.body,
        checksumOf(event),
      );
    }
    for (const { sha256, bytes } of append.blobs) {
      // A blob that is known is not rewritten; inserting changes nothing then.
      statements.newBlob.run(sha256, bytes);
      statements.useBlob.run(run, sha256);
    }
    if (append.terminal) {
      statements.finish.run(
        append.status,
        append.lastSequence,
        append.summary,
        ++this.#completions,
        append.endTime ?? null,
        run,
      );
    } else if (position.run !== undefined) {
      statements.update.run(append.lastSequence, append.summary, run);
      // Apart, so that an append that keeps the status, as most do, leaves its index alone.
      if (append.status !== position.status) statements.status.run(append.status, run);
    }
    return run;
  }

  #create(append: PreparedAppend): number {
    const { key, request } = append;
    const { lastInsertRowid } = this.#statements.create.run(
      key.tenant,
      key.workflowId,
      append.orchestrator,
      append.createTime,
      append.priority,
      append.status,
      append.lastSequence,
      append.summary,
    );
    const run = Number(lastInsertRowid);
    this.#statements.describe.run(run, append.labels, append.description);
    if (request) {
      this.#statements.newRequest.run(
        key.tenant,
        request.method,
        request.requestId,
        key.workflowId,
        request.bodyHash,
        request.expireTime,
      );
    }
    return run;
  }
}

function storedEventOf(row: Record<string, unknown>): StoredEvent {
  return {
    sequence: Number(row['sequence']),
    time: Number(row['time']),
    epoch: Number(row['epoch']),
    progress: Number(row['progress']),
    body: String(row['body']),
  };
}

function decode(key: WorkflowKey, sequence: number, body: string): EventData {
  try {
    // Written by this store from the same type.
    return JSON.parse(body) as EventData;
  } catch (cause) {
    throw damaged(key, sequence, cause);
  }
}

function damaged(key: WorkflowKey, sequence: number, cause?: unknown): DamagedLogError {
  return new DamagedLogError(
    `event ${sequence} of ${keyText(key)} is damaged: what the file holds is not what was written`,
    { cause },
  );
}

function prepareStatements(
  database: DatabaseSync,
): Record<
  | 'position'
  | 'create'
  | 'describe'
  | 'update'
  | 'status'
  | 'finish'
  | 'event'
  | 'read'
  | 'newBlob'
  | 'useBlob'
  | 'blob'
  | 'newRequest'
  | 'request',
  StatementSync
> {
  return {
    position: database.prepare(
      'SELECT run, sequence, completion, status FROM workflow WHERE tenant = ? AND workflow_id = ?',
    ),
    create: database.prepare(
      `INSERT INTO workflow (tenant, workflow_id, orchestrator, create_time, priority, status, sequence, summary)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    describe: database.prepare('INSERT INTO description (run, labels, body) VALUES (?, ?, ?)'),
    update: database.prepare('UPDATE workflow SET sequence = ?, summary = ? WHERE run = ?'),
    status: database.prepare('UPDATE workflow SET status = ? WHERE run = ?'),
    finish: database.prepare(
      'UPDATE workflow SET status = ?, sequence = ?, summary = ?, completion = ?, end_time = ? WHERE run = ?',
    ),
    event: database.prepare(
      'INSERT INTO event (run, sequence, time, epoch, progress, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    read: database.prepare(
      `SELECT sequence, time, epoch, progress, body, checksum FROM event
       WHERE run = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
    ),
    newBlob: database.prepare('INSERT INTO blob (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    useBlob: database.prepare(
      `INSERT INTO blob_use (run, blob_id) SELECT ?, blob_id FROM blob WHERE sha256 = ? ON CONFLICT DO NOTHING`,
    ),
    blob: database.prepare('SELECT bytes FROM blob WHERE sha256 = ?'),
    newRequest: database.prepare(
      `INSERT OR REPLACE INTO request (tenant, method, request_id, workflow_id, body_hash, expire_time)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    request: database.prepare(
      `SELECT workflow_id, body_hash FROM request
       WHERE tenant = ? AND method = ? AND request_id = ? AND expire_time > ?`,
    ),
  };
}
