import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { LogAudit } from '../workflow/audit.ts';
import { compare } from '../workflow/call-audit.ts';
import { noSpend, plus, type DaySpend } from '../workflow/day-spend.ts';
import { clip } from '../workflow/failure.ts';
import type { AuditReport, Check, Finding } from '../workflow/finding.ts';
import { workflowIdPattern } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import { isTerminal } from '../workflow/status.ts';
import { checksumOf } from './event-checksum.ts';
import { openForReading } from './sqlite-reader.ts';
import { generationOf } from './sqlite-claims.ts';
import { tableDifferences } from './sqlite-tables-check.ts';
import { rowFrom } from './stored-row.ts';

type Columns = Record<string, unknown>;

/** The first version that keeps the spend of days. */
const spendVersion = 3;
/** The first version that keeps the number of finished workflows. */
const finishedVersion = 4;

const sha256Pattern = /^[a-f0-9]{64}$/;

/**
 * Judges a whole store and changes nothing. One read transaction, so a store that a server has open is judged as it
 * stood at one moment. One workflow's state is in memory at a time. Throws StoreMissingError when there is no
 * file, StoreUnavailableError when it is foreign or newer than this build.
 */
export function auditDatabase(path: string): AuditReport {
  const { database, version } = openForReading(path);
  try {
    const audit = new SqliteAudit(database, version);
    audit.run();
    return audit.report();
  } finally {
    database.close();
  }
}

class SqliteAudit {
  readonly #database: DatabaseSync;
  /** Undefined: the file is new, a start was cut off before its tables were made. */
  readonly #version: number | undefined;
  readonly #findings: Finding[] = [];
  /** What the logs say of each day. */
  readonly #spend = new Map<string, DaySpend>();
  #generation = 0;
  #problems = 0;
  #open = 0;
  #finished = 0;
  #events = 0;
  #eventsWithoutChecksum = 0;
  #blobs = 0;
  #blobBytes = 0;
  #requests = 0;

  constructor(database: DatabaseSync, version: number | undefined) {
    this.#database = database;
    this.#version = version;
  }

  report(): AuditReport {
    return {
      workflows: this.#open + this.#finished,
      open: this.#open,
      finished: this.#finished,
      events: this.#events,
      eventsWithoutChecksum: this.#eventsWithoutChecksum,
      blobs: this.#blobs,
      blobBytes: this.#blobBytes,
      requests: this.#requests,
      problems: this.#problems,
      findings: this.#findings,
    };
  }

  run(): void {
    const version = this.#version;
    if (version === undefined) return;
    this.#reading('the file', () => {
      this.#database.exec('BEGIN');
      this.#structure();
    });
    this.#reading('its tables', () => {
      for (const { expected, found } of tableDifferences(this.#database, version)) {
        this.#say('schema', expected, found);
      }
    });
    this.#reading('the generation', () => this.#readGeneration());
    this.#reading('workflows', () => this.#workflows(version));
    if (version >= finishedVersion)
      this.#reading('the number of finished workflows', () => this.#checkFinished());
    this.#reading('orders of completion', () => this.#completions());
    this.#reading('blobs', () => this.#checkBlobs());
    this.#reading('requests', () => this.#checkRequests());
    this.#reading('what belongs together', () => this.#orphans());
    // What is missing of a damaged log would be missing of its days too.
    if (version >= spendVersion && this.#problems === 0)
      this.#reading('the spend of days', () => this.#checkSpend());
  }

  /** What cannot be read is a finding too, and what else can be read is judged all the same. */
  #reading(what: string, read: () => void, workflowId?: string): void {
    try {
      read();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#say('database', `to read ${what}`, message, workflowId);
    }
  }

  #say(check: Check, expected: string, found: string, workflowId?: string): void {
    this.#add({
      check,
      workflowId,
      expected: clip(expected, limits.auditTextCharsMax),
      found: clip(found, limits.auditTextCharsMax),
    });
  }

  #add(finding: Finding): void {
    this.#problems++;
    if (this.#findings.length < limits.auditFindingsMax) this.#findings.push(finding);
  }

  /** Also holds every index against its table: a log is read through one. */
  #structure(): void {
    for (const row of this.#database.prepare('PRAGMA integrity_check').iterate()) {
      const text = String(row['integrity_check']);
      if (text !== 'ok') this.#say('database', 'a sound file', text);
    }
  }

  #readGeneration(): void {
    const found = this.#database.prepare("SELECT value FROM meta WHERE name = 'generation'").get();
    if (found) this.#generation = Number(found['value']);
    else this.#say('generation', 'a generation', 'none');
  }

  #workflows(version: number): void {
    const workflows = this.#database.prepare(
      `SELECT run, tenant, workflow_id, orchestrator, create_time, priority, status, sequence, completion, end_time,
              summary, labels, body FROM workflow LEFT JOIN description USING (run) ORDER BY run`,
    );
    const events = this.#database.prepare(
      `SELECT sequence, time, epoch, progress, body, ${version < 2 ? 'NULL AS checksum' : 'checksum'}
       FROM event WHERE run = ? ORDER BY sequence`,
    );
    const uses = this.#database.prepare(
      'SELECT sha256, length(bytes) AS bytes FROM blob_use JOIN blob USING (blob_id) WHERE run = ?',
    );
    for (const workflow of workflows.iterate()) {
      if (workflow['completion'] === null) this.#open++;
      else this.#finished++;
      const id = String(workflow['workflow_id']);
      this.#reading(
        'its log',
        () => {
          const key = { tenant: String(workflow['tenant']), workflowId: id };
          const audit = new LogAudit(key, (finding) => this.#add(finding));
          for (const event of events.iterate(Number(workflow['run']))) this.#event(audit, event);
          this.#row(audit, workflow);
          this.#count(audit, key.tenant);
          if (audit.state) this.#references(audit, uses.all(Number(workflow['run'])));
        },
        id,
      );
    }
  }

  #event(audit: LogAudit, row: Columns): void {
    this.#events++;
    const stored = {
      sequence: Number(row['sequence']),
      time: Number(row['time']),
      epoch: Number(row['epoch']),
      progress: Number(row['progress']),
    };
    const { sequence, epoch } = stored;
    const body = String(row['body']);
    const { checksum } = row;
    if (checksum === null) this.#eventsWithoutChecksum++;
    else {
      const found = checksumOf({ ...stored, body });
      if (checksum !== found) {
        audit.addDamaged(sequence, 'checksum', {
          expected: `checksum ${Number(checksum)}`,
          found: String(found),
        });
        return;
      }
    }
    if (generationOf(epoch) > this.#generation) {
      audit.addDamaged(sequence, 'generation', {
        expected: `an epoch of generation ${this.#generation} at most`,
        found: `epoch ${epoch} of generation ${generationOf(epoch)}`,
      });
      return;
    }
    let data: unknown;
    try {
      data = JSON.parse(body);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      audit.addDamaged(sequence, 'event', { expected: 'JSON', found });
      return;
    }
    audit.add({ ...stored, data });
  }

  #count({ spend }: LogAudit, tenant: string): void {
    for (const change of spend) {
      const key = `${change.day} ${tenant}`;
      this.#spend.set(key, plus(this.#spend.get(key) ?? noSpend, change));
    }
  }

  #row(audit: LogAudit, workflow: Columns): void {
    const { summary, labels, body: description } = workflow;
    let row: ReturnType<typeof rowFrom> | undefined;
    if (typeof summary === 'string' && typeof labels === 'string' && typeof description === 'string') {
      try {
        row = rowFrom({ summary, labels, description });
      } catch (error) {
        const found = error instanceof Error ? error.message : String(error);
        audit.differs('row', undefined, { expected: 'a derived row', found });
      }
    } else audit.differs('row', undefined, { expected: 'a derived row with its description', found: 'none' });
    audit.finish(row);
    const { state } = audit;
    if (!state) return;
    const ended = isTerminal(state.status);
    const expected = {
      orchestrator: state.orchestrator,
      create_time: state.createTime,
      priority: state.options.priority,
      status: state.status,
      sequence: state.sequence,
      end_time: ended ? (state.endTime ?? state.updateTime) : null,
      completed: ended,
    };
    audit.differs(
      'row',
      undefined,
      compare(expected, { ...workflow, completed: workflow['completion'] !== null }),
    );
  }

  #references(audit: LogAudit, uses: readonly Columns[]): void {
    const used = new Map(uses.map((use) => [String(use['sha256']), Number(use['bytes'])]));
    for (const { sequence, sha256, bytes } of audit.references.values()) {
      const found = used.get(sha256);
      used.delete(sha256);
      if (found !== undefined && (bytes === undefined || bytes === found)) continue;
      audit.differs('reference', sequence, {
        expected: `blob ${sha256}${bytes === undefined ? '' : ` of ${bytes} bytes`}, used by this workflow`,
        found: found === undefined ? 'none' : `${found} bytes`,
      });
    }
    for (const sha256 of used.keys()) {
      audit.differs('reference', undefined, {
        expected: 'uses of blobs its log refers to',
        found: `blob ${sha256}`,
      });
    }
  }

  /**
   * What is held on a day is what its open calls hold. What is spent may be more than the logs tell, for a day outlives
   * its workflows, but never less.
   */
  #checkSpend(): void {
    for (const row of this.#database.prepare('SELECT * FROM spend').iterate()) {
      const key = `${Number(row['day'])} ${String(row['tenant'])}`;
      const told = this.#spend.get(key) ?? noSpend;
      this.#spend.delete(key);
      const different = compare(
        { held_nano_usd: told.heldNanoUsd, held_tokens: told.heldTokens },
        { held_nano_usd: row['held_nano_usd'], held_tokens: row['held_tokens'] },
      );
      if (different) this.#say('money', `day ${key}: ${different.expected}`, different.found);
      if (
        Number(row['spent_nano_usd']) < told.spentNanoUsd ||
        Number(row['spent_tokens']) < told.spentTokens
      ) {
        this.#say(
          'money',
          `day ${key}: at least ${told.spentNanoUsd} nano-USD and ${told.spentTokens} tokens spent`,
          `${String(row['spent_nano_usd'])} and ${String(row['spent_tokens'])}`,
        );
      }
    }
    for (const key of this.#spend.keys()) this.#say('money', `a ledger of day ${key}`, 'none');
  }

  /** Decides what is evicted. */
  #checkFinished(): void {
    const found = this.#database.prepare("SELECT value FROM meta WHERE name = 'finished'").get()?.['value'];
    if (found !== this.#finished) {
      this.#say('row', `${this.#finished} finished workflows counted`, String(found ?? 'no count'));
    }
  }

  #completions(): void {
    const doubled = this.#database.prepare(
      `SELECT completion, count(*) AS n FROM workflow WHERE completion IS NOT NULL GROUP BY completion HAVING n > 1`,
    );
    for (const { completion, n } of doubled.iterate()) {
      this.#say('row', `one workflow completed as number ${String(completion)}`, String(n));
    }
  }

  #checkBlobs(): void {
    const blobs = this.#database.prepare('SELECT blob_id, sha256, bytes FROM blob ORDER BY blob_id');
    for (const { sha256, bytes } of blobs.iterate()) {
      if (!(bytes instanceof Uint8Array)) throw new TypeError(`blob ${String(sha256)} has no bytes`);
      this.#blobs++;
      this.#blobBytes += bytes.byteLength;
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (hash !== sha256) this.#say('blob', `bytes with hash ${String(sha256)}`, `hash ${hash}`);
    }
  }

  #checkRequests(): void {
    const requests = this.#database.prepare(
      `SELECT request.*, body FROM request
       LEFT JOIN workflow USING (tenant, workflow_id) LEFT JOIN event ON event.run = workflow.run AND event.sequence = 1`,
    );
    for (const {
      request_id: requestId,
      workflow_id: id,
      body_hash: hash,
      expire_time: time,
      body,
    } of requests.iterate()) {
      this.#requests++;
      const workflowId = String(id);
      if (!workflowIdPattern.test(workflowId)) this.#say('request', 'the id of a workflow', workflowId);
      const isHash = sha256Pattern.test(String(hash));
      if (!isHash) this.#say('request', 'a SHA-256', String(hash), workflowId);
      if (!Number.isFinite(time) || Number(time) <= 0)
        this.#say('request', 'a time', String(time), workflowId);
      // Its workflow may be gone: a request is remembered longer.
      const known = typeof body === 'string' ? requestOf(body) : undefined;
      if (known && known.requestId !== requestId) {
        this.#say('request', `request id ${known.requestId} as in the log`, String(requestId), workflowId);
      }
      if (isHash && known?.bodyHash !== undefined && known.bodyHash !== hash) {
        this.#say('request', `body hash ${known.bodyHash} as in the log`, String(hash), workflowId);
      }
    }
  }

  #orphans(): void {
    const lost: readonly (readonly [expected: string, sql: string])[] = [
      [
        'events of a workflow',
        'SELECT DISTINCT run AS n FROM event WHERE run NOT IN (SELECT run FROM workflow)',
      ],
      [
        'a description of a workflow',
        'SELECT run AS n FROM description WHERE run NOT IN (SELECT run FROM workflow)',
      ],
      [
        'uses of a workflow',
        'SELECT DISTINCT run AS n FROM blob_use WHERE run NOT IN (SELECT run FROM workflow)',
      ],
      [
        'uses of a blob',
        'SELECT DISTINCT blob_id AS n FROM blob_use WHERE blob_id NOT IN (SELECT blob_id FROM blob)',
      ],
      ['a blob in use', 'SELECT blob_id AS n FROM blob WHERE blob_id NOT IN (SELECT blob_id FROM blob_use)'],
    ];
    for (const [expected, sql] of lost) {
      for (const { n } of this.#database.prepare(sql).iterate()) {
        this.#say('orphan', expected, `number ${String(n)}, which belongs to none`);
      }
    }
  }
}

/** What a log begins with knows of its request; undefined: the event is damaged, which is told elsewhere. */
function requestOf(
  body: string,
): { readonly requestId: string; readonly bodyHash: string | undefined } | undefined {
  try {
    const data: unknown = JSON.parse(body);
    if (typeof data !== 'object' || data === null) return undefined;
    return {
      requestId: 'requestId' in data && typeof data.requestId === 'string' ? data.requestId : '',
      // An earlier version did not write it.
      bodyHash:
        'requestBodyHash' in data && typeof data.requestBodyHash === 'string'
          ? data.requestBodyHash
          : undefined,
    };
  } catch {
    return undefined;
  }
}
