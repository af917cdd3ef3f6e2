import type { Clock } from '../clock/clock.ts';
import {
  StoreUnavailableError,
  type Append,
  type AppendResult,
  type Blob,
  type EventStore,
  type RequestRecord,
} from '../store/event-store.ts';
import { fold } from '../workflow/evolve.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { rowOf } from '../workflow/row.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { AppendMeter } from './append-meter.ts';
import type { DayBudget } from './day-budget.ts';
import { Draft } from './draft.ts';

/**
 * - appended: durable; the journal stands at the draft's state.
 * - behind: somebody appended in between, or the day does not allow what was to begin; the journal has caught up, look
 *   again.
 * - lost: ownership or the workflow itself is gone; stop for good.
 */
export type JournalResult = 'appended' | 'behind' | 'lost';

const readBatch = 500;

/** Reads a whole log and folds it. Undefined: there is no such workflow. */
export async function readState(
  store: EventStore,
  key: WorkflowKey,
  from?: WorkflowState,
): Promise<WorkflowState | undefined> {
  let state = from;
  for (;;) {
    const events = await store.read(key, state?.sequence ?? 0, readBatch);
    if (!events) return undefined;
    state = fold(events, state);
    if (events.length < readBatch) return state;
  }
}

export interface JournalDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly appendMeter: AppendMeter;
  readonly dayBudget: DayBudget;
}

/** The only writer of one workflow's log, for as long as its epoch lasts. */
export class Journal {
  readonly key: WorkflowKey;
  readonly epoch: number;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #meter: AppendMeter;
  readonly #dayBudget: DayBudget;
  readonly #progressOf: (state: WorkflowState) => number;
  #state: WorkflowState | undefined;
  #stalled: string | undefined;

  constructor(
    deps: JournalDeps,
    key: WorkflowKey,
    epoch: number,
    state: WorkflowState | undefined,
    progressOf: (state: WorkflowState) => number,
  ) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#meter = deps.appendMeter;
    this.#dayBudget = deps.dayBudget;
    this.key = key;
    this.epoch = epoch;
    this.#state = state;
    this.#progressOf = progressOf;
  }

  /** The durable state. Throws before the first append. */
  get state(): WorkflowState {
    if (!this.#state) throw new Error(`workflow ${this.key.workflowId}: nothing is durable yet`);
    return this.#state;
  }

  /** Why appends do not get through at the moment, in words. */
  get stalled(): string | undefined {
    return this.#stalled;
  }

  draft(): Draft {
    return new Draft(this.key, this.#state, {
      epoch: this.epoch,
      now: this.#clock.now(),
      progressOf: this.#progressOf,
    });
  }

  /** The first append. Rejects with StoreUnavailableError at once; a caller waits for the answer. */
  async create(
    draft: Draft,
    blobs: readonly Blob[],
    request: RequestRecord | undefined,
  ): ReturnType<EventStore['append']> {
    const answer = await this.#append(this.#appendOf(draft, blobs, request));
    if (answer.result === 'appended' || answer.result === 'duplicate') this.#state = draft.state;
    return answer;
  }

  /**
   * Appends a draft. While the store does not answer, tries again until the signal aborts, which is asked for only then:
   * the same events with the same sequences, so that a write whose answer was lost is recognised.
   */
  async append(draft: Draft, blobs: readonly Blob[], signal: () => AbortSignal): Promise<JournalResult> {
    const append = this.#appendOf(draft, blobs, undefined);
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.#append(append);
        this.#stalled = undefined;
        switch (answer.result) {
          case 'appended':
          case 'duplicate':
            this.#state = draft.state;
            this.#dayBudget.applied(this.key.tenant, draft.spend);
            return 'appended';
          case 'over_day_cap':
            this.#dayBudget.corrected(this.key.tenant, answer.of);
            return 'behind';
          case 'conflict':
            this.#state = await readState(this.#store, this.key, this.#state);
            return this.#state ? 'behind' : 'lost';
          case 'terminal':
            // The end may be our own, written by an earlier try, or by the same one delivered twice.
            if (await this.#endedAs(draft)) {
              this.#dayBudget.applied(this.key.tenant, draft.spend);
              return 'appended';
            }
            return this.#refused(append, answer.result);
          case 'fenced':
          case 'request_known':
            return this.#refused(append, answer.result);
        }
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.#stalled = `disk: the store does not accept appends (${error.message})`;
        this.#logger.error({ workflow_id: this.key.workflowId, tries, error }, 'append failed; trying again');
        await this.#clock.sleep(
          Math.min(limits.appendRetryMsMax, limits.appendRetryMs * 2 ** Math.min(tries, 10)),
          signal(),
        );
      }
    }
  }

  async #endedAs(draft: Draft): Promise<boolean> {
    const state = await readState(this.#store, this.key, this.#state);
    if (
      state?.sequence !== draft.state.sequence ||
      state.status !== draft.state.status ||
      state.epoch !== this.epoch
    )
      return false;
    this.#state = state;
    return true;
  }

  #refused(append: Append, result: AppendResult['result']): 'lost' {
    this.#logger.warn(
      { workflow_id: this.key.workflowId, sequence: append.expectedSequence, epoch: this.epoch, result },
      'append refused; this process no longer owns the workflow',
    );
    return 'lost';
  }

  async #append(append: Append): ReturnType<EventStore['append']> {
    const begin = this.#clock.monotonic();
    try {
      const answer = await this.#store.append(append);
      this.#meter.record(this.#clock.monotonic() - begin);
      return answer;
    } catch (error) {
      this.#meter.recordFailure(
        error instanceof Error ? error.message : String(error),
        this.#clock.monotonic(),
      );
      throw error;
    }
  }

  #appendOf(draft: Draft, blobs: readonly Blob[], request: RequestRecord | undefined): Append {
    return {
      key: this.key,
      epoch: this.epoch,
      expectedSequence: this.#state?.sequence ?? 0,
      events: draft.events,
      row: rowOf(draft.state),
      blobs,
      request,
      spend: draft.spend,
      dayCaps: draft.reserves ? this.#dayBudget.caps : undefined,
    };
  }
}
