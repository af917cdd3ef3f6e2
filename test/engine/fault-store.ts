import {
  StoreUnavailableError,
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
} from '../../src/store/event-store.ts';
import type { DaySpend } from '../../src/workflow/day-spend.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import type { WorkflowRow } from '../../src/workflow/row.ts';

/**
 * - works: as the store behind it.
 * - refuses: nothing is read or written.
 * - loses answers: appends are written, but whoever asked is told that the store failed.
 * - hangs: never answers.
 */
export type Fault = 'works' | 'refuses' | 'loses answers' | 'hangs';

/** A store that fails as told, in front of one that does not. */
export class FaultStore implements EventStore, LeaseStore {
  /** What happens to the next command. */
  fault: (command: string) => Fault = () => 'works';
  readonly #store: EventStore & LeaseStore;

  constructor(store: EventStore & LeaseStore) {
    this.#store = store;
  }

  append(append: Append): Promise<AppendResult> {
    return this.#do('append', () => this.#store.append(append));
  }

  read(
    key: WorkflowKey,
    afterSequence: number,
    limit: number,
  ): Promise<readonly WorkflowEvent[] | undefined> {
    return this.#do('read', () => this.#store.read(key, afterSequence, limit));
  }

  row(key: WorkflowKey): Promise<WorkflowRow | undefined> {
    return this.#do('row', () => this.#store.row(key));
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#do('list', () => this.#store.list(query));
  }

  openWorkflows(): Promise<readonly OpenWorkflow[]> {
    return this.#do('openWorkflows', () => this.#store.openWorkflows());
  }

  knownRequest(
    tenant: string,
    method: string,
    requestId: string,
    now: number,
  ): Promise<KnownRequest | undefined> {
    return this.#do('knownRequest', () => this.#store.knownRequest(tenant, method, requestId, now));
  }

  blob(sha256: string): Promise<Uint8Array | undefined> {
    return this.#do('blob', () => this.#store.blob(sha256));
  }

  spendOf(tenant: string, day: number): Promise<DaySpend> {
    return this.#do('spendOf', () => this.#store.spendOf(tenant, day));
  }

  evict(rule: EvictionRule, now: number): Promise<readonly WorkflowKey[]> {
    return this.#do('evict', () => this.#store.evict(rule, now));
  }

  remove(key: WorkflowKey): Promise<RemoveResult> {
    return this.#do('remove', () => this.#store.remove(key));
  }

  check(): Promise<void> {
    return this.#do('check', () => this.#store.check());
  }

  claim(key: WorkflowKey, owner: string): Promise<number | undefined> {
    return this.#do('claim', () => this.#store.claim(key, owner));
  }

  release(key: WorkflowKey, epoch: number): Promise<void> {
    return this.#do('release', () => this.#store.release(key, epoch));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #do<T>(command: string, work: () => Promise<T>): Promise<T> {
    const fault = this.fault(command);
    if (fault === 'hangs') return new Promise<T>(() => undefined);
    if (fault === 'refuses') throw new StoreUnavailableError(`${command}: the disk is full`);
    const answer = await work();
    if (fault === 'loses answers') throw new StoreUnavailableError(`${command}: no answer`);
    return answer;
  }
}
