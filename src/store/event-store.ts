import type { DaySpend, SpendChange } from '../workflow/day-spend.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import type { Caps } from '../workflow/ledger.ts';
import type { WorkflowRow } from '../workflow/row.ts';
import type { Status } from '../workflow/status.ts';

/** A text or document kept once, by content. */
export interface Blob {
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Makes a start idempotent: kept with the start in one transaction, and longer than the workflow itself. */
export interface RequestRecord {
  readonly method: string;
  readonly requestId: string;
  /** SHA-256 of the request before defaults. */
  readonly bodyHash: string;
  readonly expireTime: number;
}

export interface KnownRequest {
  readonly workflowId: string;
  readonly bodyHash: string;
}

/** One atomic append: all of it is durable, or none. */
export interface Append {
  readonly key: WorkflowKey;
  /** The appender's ownership period, from `LeaseStore.claim`. */
  readonly epoch: number;
  /** Last sequence the appender has seen; 0 expects that the workflow does not exist. */
  readonly expectedSequence: number;
  /** At least one; sequences follow on `expectedSequence`. */
  readonly events: readonly WorkflowEvent[];
  /** The derived row after these events. */
  readonly row: WorkflowRow;
  /** Blobs the events refer to; already known ones are not written again. */
  readonly blobs?: readonly Blob[] | undefined;
  /** Only with the first event. */
  readonly request?: RequestRecord | undefined;
  /** What the events add to the spend of their days, each day once; written in the same transaction. */
  readonly spend?: readonly SpendChange[] | undefined;
  /** What a day may come to with the events; absent: nothing is asked, as for an append that only settles. */
  readonly dayCaps?: Caps | undefined;
}

/** Where a day stands. */
export interface SpendOfDay {
  readonly day: number;
  readonly spend: DaySpend;
}

/**
 * - appended: durable.
 * - terminal: the log has its last event; nothing was written.
 * - fenced: another owner has claimed the workflow since; the appender must stop for good.
 * - conflict: the log stands at `sequence`; catch up and look again.
 * - duplicate: these very events (same epoch, same sequences) are already there: an earlier answer was lost.
 * - request_known: the request id belongs to another start.
 * - over_day_cap: a day would come to more than its caps; it stands as told.
 */
export type AppendResult =
  | { readonly result: 'appended' }
  | { readonly result: 'terminal' }
  | { readonly result: 'fenced'; readonly epoch: number }
  | { readonly result: 'conflict'; readonly sequence: number }
  | { readonly result: 'duplicate' }
  | { readonly result: 'request_known'; readonly known: KnownRequest }
  | { readonly result: 'over_day_cap'; readonly of: SpendOfDay };

export interface ListQuery {
  readonly tenant: string;
  readonly statuses?: readonly Status[] | undefined;
  readonly orchestrator?: string | undefined;
  /** Every given label must be equal. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Only workflows created at or after / before this time, ms since the epoch. */
  readonly createdFrom?: number | undefined;
  readonly createdBefore?: number | undefined;
  /** Resume after this row (newest first by create time, then by creation order, newest first). */
  readonly after?: ListCursor | undefined;
  readonly limit: number;
}

/** Opaque to callers: the store's own creation order of the last row seen. */
export type ListCursor = number;

export interface ListPage {
  readonly rows: readonly WorkflowRow[];
  /** Absent: there are no more. */
  readonly next?: ListCursor | undefined;
}

export interface OpenWorkflow {
  readonly key: WorkflowKey;
  readonly status: Status;
  readonly priority: number;
  /** Creation order in the store, ascending. */
  readonly order: number;
  /** Of its present owner; undefined: nobody holds it. */
  readonly epoch: number | undefined;
}

/** What retention may remove: finished workflows, oldest completion first. */
export interface EvictionRule {
  /** This many finished workflows stay at least, unless they are older than `olderThan`. */
  readonly keep: number;
  /** Beyond `keep`, only those that ended before this time, ms since the epoch. */
  readonly endedBefore: number;
  /** Ended before this time: removed regardless of `keep`. */
  readonly olderThan: number;
  readonly limit: number;
}

/** `open`: it has not ended, so it stays. `unknown`: there is no such workflow. */
export type RemoveResult = 'removed' | 'open' | 'unknown';

/** A stored log could not be read or written for a reason outside the product (disk full, unreadable file). */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** What the store holds of one log is not what was written; other logs are not concerned, and trying again does not help. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
}

/** There is no such store to read. */
export class StoreMissingError extends Error {
  override readonly name = 'StoreMissingError';
}

/** Another process holds the store. */
export class StoreLockedError extends Error {
  override readonly name = 'StoreLockedError';
}

/**
 * Logs of workflows, their derived rows and the blobs they refer to.
 *
 * Order of checks of an append: terminal, epoch, sequence or duplicate, request id, caps of the day, write. A refused append never
 * affects its neighbours. Every promise rejects with StoreUnavailableError when the store cannot answer; after a
 * rejected append it is unknown whether it was written. Reading a log rejects with DamagedLogError when it is not what
 * was written.
 */
export interface EventStore {
  append(append: Append): Promise<AppendResult>;
  /** Events after `afterSequence`, in order, at most `limit`. Empty when there are none; undefined for an unknown workflow. */
  read(key: WorkflowKey, afterSequence: number, limit: number): Promise<readonly WorkflowEvent[] | undefined>;
  row(key: WorkflowKey): Promise<WorkflowRow | undefined>;
  list(query: ListQuery): Promise<ListPage>;
  /** Workflows without a terminal event, in creation order. Cost grows with their number, not with the retained ones. */
  openWorkflows(): Promise<readonly OpenWorkflow[]>;
  knownRequest(
    tenant: string,
    method: string,
    requestId: string,
    now: number,
  ): Promise<KnownRequest | undefined>;
  blob(sha256: string): Promise<Uint8Array | undefined>;
  /** What a tenant's workflows have spent and hold on a day; kept also when they are evicted. */
  spendOf(tenant: string, day: number): Promise<DaySpend>;
  /** Removes what the rule allows, events, row and unshared blobs together; also expired request records. Answers the removed keys. */
  evict(rule: EvictionRule, now: number): Promise<readonly WorkflowKey[]>;
  /** Removes one finished workflow as `evict` does; its request record stays. */
  remove(key: WorkflowKey): Promise<RemoveResult>;
  /** Fails when the store cannot be read or written now. */
  check(): Promise<void>;
  /** Finishes what was handed over, then releases the store. May be called twice. */
  close(): Promise<void>;
}

/** Who may append to which workflow. */
export interface LeaseStore {
  /**
   * Takes ownership, also of a workflow that does not exist yet: mints an epoch higher than any before, so that every
   * earlier owner is fenced. Undefined: another living owner holds it.
   */
  claim(key: WorkflowKey, owner: string): Promise<number | undefined>;
  /** Gives ownership back; a later claim by anyone succeeds at once. No effect if the epoch is not the current one. */
  release(key: WorkflowKey, epoch: number): Promise<void>;
}
