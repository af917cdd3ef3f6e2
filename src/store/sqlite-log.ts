import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock/clock.ts';
import type { EventData, WorkflowEvent } from '../workflow/event.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { AppendResult, KnownRequest } from './event-store.ts';
import { DamagedLogError } from './event-store.ts';
import { checksumOf } from './event-checksum.ts';
import type { PreparedAppend, StoredEvent } from './prepared-append.ts';
import type { CommitWork } from './sqlite-commit-queue.ts';
import { rowLimit } from './sqlite-schema.ts';
import type { SqliteSpend } from './sqlite-spend.ts';
import { Write } from './sqlite-write.ts';
import type { Claim, LogPosition, SqliteClaims } from './sqlite-claims.ts';

/** Takes the memory of what a transaction of so many workflows writes and gives it back when that is durable. */
export interface LogWriter {
  write(write: Uint8Array<ArrayBuffer>, workflows: number): ArrayBuffer | Promise<ArrayBuffer>;
}

export interface LogParts {
  /** Only read here; whatever is read is durable. */
  readonly database: DatabaseSync;
  readonly claims: SqliteClaims;
  readonly spend: SqliteSpend;
  readonly writer: LogWriter;
  readonly clock: Clock;
}

/** Logs in the database: checks of an append, what it writes, and reading. */
export class SqliteLog implements CommitWork<PreparedAppend, AppendResult> {
  readonly #claims: SqliteClaims;
  readonly #spend: SqliteSpend;
  readonly #writer: LogWriter;
  readonly #clock: Clock;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #runs: number;
  #completions: number;
  /** Of the transaction that is being put together: what it writes, for which workflows, and the requests it makes known. */
  #write = new Write();
  /** Of the write before, to be used again. */
  #memory: ArrayBuffer | undefined;
  readonly #written = new Set<Claim>();
  readonly #requests = new Set<string>();

  constructor({ database, claims, spend, writer, clock }: LogParts) {
    this.#claims = claims;
    this.#spend = spend;
    this.#writer = writer;
    this.#clock = clock;
    this.#statements = prepareStatements(database);
    const lastOf = (sql: string): number => Number(database.prepare(sql).get()?.['n'] ?? 0);
    this.#runs = lastOf("SELECT seq AS n FROM sqlite_sequence WHERE name = 'workflow'");
    this.#completions = lastOf('SELECT max(completion) AS n FROM workflow WHERE completion IS NOT NULL');
  }

  bytesOf(append: PreparedAppend): number {
    return append.bytes;
  }

  /** Makes all checks of one append before anything is added to what is written, so that a refusal leaves nothing to undo. */
  apply(append: PreparedAppend): AppendResult | undefined {
    const claim = this.#claims.find(append.text);
    const position = claim ? this.#positionOf(claim) : this.position(append.key);
    if (position.finished) return { result: 'terminal' };
    if (claim?.epoch !== append.epoch) return { result: 'fenced', epoch: claim?.epoch ?? 0 };
    if (append.expectedSequence !== position.sequence) {
      // Whether it is a duplicate is read from the log, which does not hold it yet.
      if (this.#written.has(claim)) return undefined;
      if (this.#isDuplicate(append, position)) return { result: 'duplicate' };
      return { result: 'conflict', sequence: position.sequence };
    }
    if (append.request) {
      const { method, requestId } = append.request;
      if (this.#requests.has(requestText(append.key.tenant, method, requestId))) return undefined;
      const known = this.knownRequest(append.key.tenant, method, requestId, this.#clock.now());
      if (known) return { result: 'request_known', known };
    }
    const { spend, dayCaps, key } = append;
    const over = dayCaps && this.#spend.refusal(key.tenant, spend, dayCaps);
    if (over) return { result: 'over_day_cap', of: over };
    this.#written.add(claim);
    const run = this.#add(append, position);
    this.#spend.add(key.tenant, spend);
    claim.position = {
      run,
      sequence: append.lastSequence,
      finished: append.terminal,
      status: append.status,
    };
    return { result: 'appended' };
  }

  write(): Promise<void> | 'durable' | 'nothing' {
    if (this.#written.size === 0) return 'nothing';
    this.#spend.write(this.#write);
    const memory = this.#writer.write(this.#write.bytes, this.#written.size);
    if (memory instanceof Promise) return memory.then((returned) => this.#keep(returned));
    this.#keep(memory);
    return 'durable';
  }

  committed(appends: readonly PreparedAppend[]): void {
    this.#spend.committed();
    for (const claim of this.#written) claim.run = claim.position?.run;
    this.#forget();
    for (const append of appends) {
      if (append.terminal && this.#claims.find(append.text)?.position?.finished) {
        this.#claims.release(append.text, append.epoch);
      }
    }
  }

  failed(): void {
    this.#spend.failed();
    for (const claim of this.#written) claim.position = undefined;
    this.#forget();
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
    const run = this.#claims.find(keyText(key))?.run ?? this.position(key).run;
    if (run === undefined) return undefined;
    // Whoever wants no event asks whether the log is there.
    if (limit <= 0) return [];
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

  #add(append: PreparedAppend, position: LogPosition): number {
    const write = this.#write;
    const run = position.run ?? ++this.#runs;
    if (position.run === undefined) {
      const { key, request } = append;
      write.create(run, append);
      if (request) {
        write.request(key.tenant, key.workflowId, request);
        this.#requests.add(requestText(key.tenant, request.method, request.requestId));
      }
    }
    for (const event of append.events) write.event(run, event);
    for (const blob of append.blobs) write.blob(run, blob);
    if (append.terminal) {
      write.finish(run, append, ++this.#completions);
    } else if (position.run !== undefined) {
      write.update(run, append);
      // Apart, so that an append that keeps the status, as most do, leaves its index alone.
      if (append.status !== position.status) write.status(run, append);
    }
    return run;
  }

  #keep(memory: ArrayBuffer): void {
    this.#memory = memory.byteLength > limits.storeWriteBytesKept ? undefined : memory;
  }

  #forget(): void {
    if (this.#written.size === 0) return;
    this.#write = new Write(this.#memory);
    this.#memory = undefined;
    this.#written.clear();
    this.#requests.clear();
  }
}

const requestText = (tenant: string, method: string, requestId: string): string =>
  JSON.stringify([tenant, method, requestId]);

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
): Record<'position' | 'read' | 'blob' | 'request', StatementSync> {
  return {
    position: database.prepare(
      'SELECT run, sequence, completion, status FROM workflow WHERE tenant = ? AND workflow_id = ?',
    ),
    read: database.prepare(
      `SELECT sequence, time, epoch, progress, body, checksum FROM event
       WHERE run = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
    ),
    blob: database.prepare('SELECT bytes FROM blob WHERE sha256 = ?'),
    request: database.prepare(
      `SELECT workflow_id, body_hash FROM request
       WHERE tenant = ? AND method = ? AND request_id = ? AND expire_time > ?`,
    ),
  };
}
