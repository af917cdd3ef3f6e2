import { noSpend, type DaySpend } from '../src/workflow/day-spend.ts';
import type { WorkflowEvent } from '../src/workflow/event.ts';
import type { WorkflowRow } from '../src/workflow/row.ts';
import type {
  AppendResult,
  EventStore,
  KnownRequest,
  LeaseStore,
  ListPage,
  OpenWorkflow,
  RemoveResult,
} from '../src/store/event-store.ts';
import type { WorkflowKey } from '../src/workflow/id.ts';

/**
 * Takes every append and keeps nothing, so that what a run costs the engine is seen without its store. Answers at the
 * end of the turn, all appends of it together, as a store that shares its commits does.
 */
export class EmptyStore implements EventStore, LeaseStore {
  #epoch = 0;
  #waiting: ((result: AppendResult) => void)[] = [];

  append(): Promise<AppendResult> {
    if (this.#waiting.length === 0) setImmediate(() => this.#answer());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #answer(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve({ result: 'appended' });
  }

  async claim(): Promise<number> {
    return ++this.#epoch;
  }

  async release(): Promise<void> {}

  async read(): Promise<readonly WorkflowEvent[] | undefined> {
    return undefined;
  }

  async row(): Promise<WorkflowRow | undefined> {
    return undefined;
  }

  async list(): Promise<ListPage> {
    return { rows: [] };
  }

  async openWorkflows(): Promise<readonly OpenWorkflow[]> {
    return [];
  }

  async knownRequest(): Promise<KnownRequest | undefined> {
    return undefined;
  }

  async blob(): Promise<Uint8Array | undefined> {
    return undefined;
  }

  async spendOf(): Promise<DaySpend> {
    return noSpend;
  }

  async evict(): Promise<readonly WorkflowKey[]> {
    return [];
  }

  async remove(): Promise<RemoveResult> {
    return 'unknown';
  }

  async check(): Promise<void> {}

  async close(): Promise<void> {}
}
