import type { Clock } from '../clock/clock.ts';
import { type EventStore, StoreUnavailableError } from '../store/event-store.ts';
import { CorpusError, type DocumentLibrary } from '../tool/document-library.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { Sleeper } from './alarm.ts';
import { Material } from './material.ts';

export interface MaterialDeps {
  readonly store: EventStore;
  readonly library: DocumentLibrary;
  readonly clock: Clock;
}

/**
 * Reads a workflow's documents beside its loop, so that a cancel or a deadline never waits for them, and says what is
 * in the way meanwhile.
 */
export class MaterialAccess {
  readonly material: Material;
  readonly #clock: Clock;
  readonly #reader: Sleeper;
  #loading = false;
  /** Why the last look failed, and when the next one is due. */
  #problem: { readonly error: unknown; readonly retryTime: number } | undefined;

  private constructor(material: Material, clock: Clock, reader: Sleeper) {
    this.material = material;
    this.#clock = clock;
    this.#reader = reader;
  }

  /** Undefined: the workflow has no documents, and never will. The reader is woken when a look has ended, either way. */
  static of(state: WorkflowState, deps: MaterialDeps, reader: Sleeper): MaterialAccess | undefined {
    if (state.corpus === undefined && state.sources.length === 0) return undefined;
    return new MaterialAccess(new Material(deps.store, deps.library), deps.clock, reader);
  }

  /** When to look again; undefined while nothing is in the way or a look is under way. */
  get retryTime(): number | undefined {
    return this.#loading ? undefined : this.#problem?.retryTime;
  }

  /**
   * What is in the way of a decision, in words; undefined: nothing. Begins or repeats the reading as needed. Throws
   * when the documents cannot be had and nothing was paid for yet.
   */
  obstacle(state: WorkflowState): string | undefined {
    if (this.material.isReady) {
      this.#problem = undefined;
      return undefined;
    }
    const problem = this.#problem;
    if (!this.#loading && (!problem || problem.retryTime <= this.#clock.now())) this.#load(state);
    if (!problem) return 'documents: being read';
    const { error } = problem;
    if (error instanceof StoreUnavailableError) return `disk: documents cannot be read (${error.message})`;
    // Work is paid for already, and a configuration can be mended: wait for it rather than throw the work away.
    if (error instanceof CorpusError && state.agents.size > 0) return `corpus: ${error.message}`;
    throw error;
  }

  /** Lets go of the texts; they are read again when they are needed. */
  close(): void {
    this.material.close();
  }

  #load(state: WorkflowState): void {
    this.#loading = true;
    this.material.load(state).then(
      () => this.#ended(undefined),
      (error: unknown) => this.#ended({ error, retryTime: this.#clock.now() + limits.sweepMs }),
    );
  }

  #ended(problem: { readonly error: unknown; readonly retryTime: number } | undefined): void {
    this.#loading = false;
    this.#problem = problem;
    this.#reader.wake();
  }
}
