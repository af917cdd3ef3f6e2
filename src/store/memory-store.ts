import type { Clock } from '../clock/clock.ts';
import { noSpend, plus, within, type DaySpend } from '../workflow/day-spend.ts';
import type { EventData, WorkflowEvent } from '../workflow/event.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import type { WorkflowRow } from '../workflow/row.ts';
import type { Status } from '../workflow/status.ts';
import {
  type Append,
  type AppendResult,
  type EventStore,
  type EvictionRule,
  type KnownRequest,
  type LeaseStore,
  type ListPage,
  type ListQuery,
  type OpenWorkflow,
  type RemoveResult,
  StoreUnavailableError,
} from './event-store.ts';
import { type PreparedAppend, prepareAppend, type StoredEvent } from './prepared-append.ts';
import { rowFrom } from './stored-row.ts';

interface Log {
  readonly key: WorkflowKey;
  /** Creation order. */
  readonly order: number;
  readonly createTime: number;
  readonly orchestrator: string;
  readonly priority: number;
  readonly labels: string;
  readonly description: string;
  readonly events: StoredEvent[];
  readonly blobs: Set<string>;
  summary: string;
  status: Status;
  /** Set when the last event is terminal. */
  endTime: number | undefined;
}

interface StoredRequest extends KnownRequest {
  readonly expireTime: number;
}

/**
 * Event store and leases in memory, for tests and simulations: the same answers as the durable stores, given at once
 * and lost with the process. A claim always succeeds and fences the former owner.
 */
export class MemoryStore implements EventStore, LeaseStore {
  readonly #clock: Clock;
  readonly #logs = new Map<string, Log>();
  readonly #open = new Map<string, Log>();
  /** In order of completion. */
  readonly #finished = new Map<string, Log>();
  readonly #requests = new Map<string, StoredRequest>();
  readonly #blobs = new Map<string, { readonly bytes: Uint8Array; references: number }>();
  readonly #spend = new Map<string, DaySpend>();
  readonly #epochs = new Map<string, number>();
  #lastEpoch = 0;
  #lastOrder = 0;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async append(append: Append): Promise<AppendResult> {
    this.#checkOpen();
    const prepared = prepareAppend(append);
    const log = this.#logs.get(prepared.text);
    if (log && log.endTime !== undefined) return { result: 'terminal' };
    const epoch = this.#epochs.get(prepared.text);
    if (epoch !== prepared.epoch) return { result: 'fenced', epoch: epoch ?? 0 };
    const sequence = log?.events.length ?? 0;
    if (prepared.expectedSequence !== sequence) {
      return log && isDuplicate(log, prepared) ? { result: 'duplicate' } : { result: 'conflict', sequence };
    }
    const { request, spend, dayCaps } = prepared;
    const { tenant } = prepared.key;
    if (request) {
      const known = this.#requests.get(requestKey(tenant, request.method, request.requestId));
      if (known && known.expireTime > this.#clock.now())
        return { result: 'request_known', known: { workflowId: known.workflowId, bodyHash: known.bodyHash } };
    }
    for (const change of dayCaps ? spend : []) {
      const before = this.#spendOf(tenant, change.day);
      if (change.reserves && !within(plus(before, change), dayCaps ?? {}))
        return { result: 'over_day_cap', of: { day: change.day, spend: before } };
    }
    for (const change of spend)
      this.#spend.set(spendKey(tenant, change.day), plus(this.#spendOf(tenant, change.day), change));
    if (request) {
      const id = requestKey(prepared.key.tenant, request.method, request.requestId);
      const { bodyHash, expireTime } = request;
      this.#requests.set(id, { workflowId: prepared.key.workflowId, bodyHash, expireTime });
    }
    this.#write(log ?? this.#create(prepared), prepared);
    return { result: 'appended' };
  }

  async read(
    key: WorkflowKey,
    afterSequence: number,
    limit: number,
  ): Promise<readonly WorkflowEvent[] | undefined> {
    this.#checkOpen();
    const log = this.#logs.get(keyText(key));
    return log?.events.slice(Math.max(0, afterSequence), Math.max(0, afterSequence) + limit).map((event) => ({
      workflowId: key.workflowId,
      sequence: event.sequence,
      time: event.time,
      epoch: event.epoch,
      progress: event.progress,
      // Written by this store from the same type.
      data: JSON.parse(event.body) as EventData,
    }));
  }

  async row(key: WorkflowKey): Promise<WorkflowRow | undefined> {
    this.#checkOpen();
    const log = this.#logs.get(keyText(key));
    return log && rowFrom(log);
  }

  async list(query: ListQuery): Promise<ListPage> {
    this.#checkOpen();
    const logs = [...this.#logs.values()].filter((log) => matches(log, query)).toSorted(newestFirst);
    const { after } = query;
    const start = after === undefined ? 0 : startAfter(logs, after, this.#createTimeNear(after));
    const page = logs.slice(start, start + query.limit);
    const last = page.at(-1);
    const more = last !== undefined && start + query.limit < logs.length;
    return { rows: page.map(rowFrom), ...(more && { next: last.order }) };
  }

  async openWorkflows(): Promise<readonly OpenWorkflow[]> {
    this.#checkOpen();
    return [...this.#open.values()].map(({ key, status, priority, order }) => ({
      key: { ...key },
      status,
      priority,
      order,
      epoch: this.#epochs.get(keyText(key)),
    }));
  }

  async knownRequest(
    tenant: string,
    method: string,
    requestId: string,
    now: number,
  ): Promise<KnownRequest | undefined> {
    this.#checkOpen();
    const known = this.#requests.get(requestKey(tenant, method, requestId));
    if (!known || known.expireTime <= now) return undefined;
    return { workflowId: known.workflowId, bodyHash: known.bodyHash };
  }

  async blob(sha256: string): Promise<Uint8Array | undefined> {
    this.#checkOpen();
    const blob = this.#blobs.get(sha256);
    return blob && new Uint8Array(blob.bytes);
  }

  async spendOf(tenant: string, day: number): Promise<DaySpend> {
    this.#checkOpen();
    return this.#spendOf(tenant, day);
  }

  async evict(rule: EvictionRule, now: number): Promise<readonly WorkflowKey[]> {
    this.#checkOpen();
    for (const [id, request] of this.#requests) if (request.expireTime <= now) this.#requests.delete(id);
    const removed: WorkflowKey[] = [];
    // The sort is stable: those that ended at the same time stay in order of completion.
    const finished = [...this.#finished].toSorted(([, a], [, b]) => (a.endTime ?? 0) - (b.endTime ?? 0));
    for (const [text, log] of finished) {
      if (removed.length >= rule.limit) break;
      const endTime = log.endTime ?? Number.POSITIVE_INFINITY;
      const surplus = this.#finished.size > rule.keep && endTime < rule.endedBefore;
      if (!surplus && endTime >= rule.olderThan) break;
      this.#remove(text, log);
      removed.push({ ...log.key });
    }
    return removed;
  }

  async remove(key: WorkflowKey): Promise<RemoveResult> {
    this.#checkOpen();
    const text = keyText(key);
    const log = this.#logs.get(text);
    if (!log) return 'unknown';
    if (log.endTime === undefined) return 'open';
    this.#remove(text, log);
    return 'removed';
  }

  async check(): Promise<void> {
    this.#checkOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async claim(key: WorkflowKey, _owner: string): Promise<number | undefined> {
    this.#checkOpen();
    const text = keyText(key);
    const epoch = ++this.#lastEpoch;
    // A finished workflow takes no append, so its claim need not be remembered.
    if (!this.#finished.has(text)) this.#epochs.set(text, epoch);
    return epoch;
  }

  async release(key: WorkflowKey, epoch: number): Promise<void> {
    this.#checkOpen();
    const text = keyText(key);
    if (this.#epochs.get(text) === epoch) this.#epochs.delete(text);
  }

  #spendOf(tenant: string, day: number): DaySpend {
    return this.#spend.get(spendKey(tenant, day)) ?? noSpend;
  }

  #create(prepared: PreparedAppend): Log {
    const log: Log = {
      key: prepared.key,
      order: ++this.#lastOrder,
      createTime: prepared.createTime,
      orchestrator: prepared.orchestrator,
      priority: prepared.priority,
      labels: prepared.labels,
      description: prepared.description,
      events: [],
      blobs: new Set(),
      summary: '',
      status: prepared.status,
      endTime: undefined,
    };
    this.#logs.set(prepared.text, log);
    this.#open.set(prepared.text, log);
    return log;
  }

  #write(log: Log, prepared: PreparedAppend): void {
    log.events.push(...prepared.events);
    log.summary = prepared.summary;
    log.status = prepared.status;
    for (const { sha256, bytes } of prepared.blobs) {
      if (log.blobs.has(sha256)) continue;
      log.blobs.add(sha256);
      const known = this.#blobs.get(sha256);
      if (known) known.references++;
      else this.#blobs.set(sha256, { bytes, references: 1 });
    }
    if (!prepared.terminal) return;
    log.endTime = prepared.endTime;
    this.#open.delete(prepared.text);
    this.#finished.set(prepared.text, log);
    this.#epochs.delete(prepared.text);
  }

  #remove(text: string, log: Log): void {
    this.#finished.delete(text);
    this.#logs.delete(text);
    for (const sha256 of log.blobs) {
      const blob = this.#blobs.get(sha256);
      if (blob && --blob.references === 0) this.#blobs.delete(sha256);
    }
  }

  /** Create time of the workflow with that creation order or, when it is gone, of the last one created before it. */
  #createTimeNear(order: number): number {
    let near: Log | undefined;
    for (const log of this.#logs.values()) {
      if (log.order <= order && (!near || log.order > near.order)) near = log;
    }
    return near?.createTime ?? Number.NEGATIVE_INFINITY;
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreUnavailableError('the store is closed');
  }
}

const spendKey = (tenant: string, day: number): string => `${day} ${tenant}`;

function requestKey(tenant: string, method: string, requestId: string): string {
  return JSON.stringify([tenant, method, requestId]);
}

function isDuplicate(log: Log, prepared: PreparedAppend): boolean {
  return prepared.events.every((event) => {
    const stored = log.events[event.sequence - 1];
    return stored !== undefined && stored.epoch === event.epoch && stored.body === event.body;
  });
}

function matches(log: Log, query: ListQuery): boolean {
  if (log.key.tenant !== query.tenant) return false;
  if (query.statuses && !query.statuses.includes(log.status)) return false;
  if (query.orchestrator !== undefined && log.orchestrator !== query.orchestrator) return false;
  if (query.createdFrom !== undefined && log.createTime < query.createdFrom) return false;
  if (query.createdBefore !== undefined && log.createTime >= query.createdBefore) return false;
  if (!query.labels) return true;
  const labels = JSON.parse(log.labels) as Record<string, string>;
  return Object.entries(query.labels).every(
    ([name, value]) => Object.hasOwn(labels, name) && labels[name] === value,
  );
}

function newestFirst(a: Log, b: Log): number {
  return b.createTime - a.createTime || b.order - a.order;
}

/** Index of the first log that comes after the cursor's place in the list. */
function startAfter(logs: readonly Log[], order: number, createTime: number): number {
  const index = logs.findIndex(
    (log) => log.createTime < createTime || (log.createTime === createTime && log.order < order),
  );
  return index === -1 ? logs.length : index;
}
