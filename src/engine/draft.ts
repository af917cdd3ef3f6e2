import { evolve } from '../workflow/evolve.ts';
import { isTerminalEvent, type EventData, type EventType, type WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** After these, the share of the work that is done may have changed. */
const movesProgress: ReadonlySet<EventType> = new Set([
  'plan_completed',
  'agent_completed',
  'agent_failed',
  'document_completed',
  'document_failed',
]);

/**
 * Events about to be appended together, and the state as it will be after them. Numbers and stamps each event; the
 * time never runs backwards inside a log and progress never falls.
 */
export class Draft {
  readonly key: WorkflowKey;
  readonly events: WorkflowEvent[] = [];
  readonly #epoch: number;
  readonly #time: number;
  readonly #progressOf: (state: WorkflowState) => number;
  #state: WorkflowState | undefined;
  #progress: number;

  constructor(
    key: WorkflowKey,
    state: WorkflowState | undefined,
    stamp: {
      readonly epoch: number;
      readonly now: number;
      readonly progressOf: (state: WorkflowState) => number;
    },
  ) {
    this.key = key;
    this.#state = state;
    this.#epoch = stamp.epoch;
    this.#time = Math.max(stamp.now, state?.updateTime ?? 0);
    this.#progressOf = stamp.progressOf;
    this.#progress = state?.progress ?? 0;
  }

  /** The state after the events so far. Throws when there is none yet. */
  get state(): WorkflowState {
    if (!this.#state) throw new Error(`workflow ${this.key.workflowId}: the draft is empty`);
    return this.#state;
  }

  /** Wall time that the events carry. */
  get time(): number {
    return this.#time;
  }

  add(data: EventData): void {
    if (data.type === 'workflow_completed') this.#progress = 100;
    const event: WorkflowEvent = {
      workflowId: this.key.workflowId,
      sequence: (this.#state?.sequence ?? 0) + 1,
      time: this.#time,
      epoch: this.#epoch,
      progress: this.#progress,
      data,
    };
    this.#state = evolve(this.#state, event);
    this.events.push(event);
    if (movesProgress.has(data.type) && !isTerminalEvent(data)) {
      this.#progress = Math.max(this.#progress, Math.min(99, this.#progressOf(this.#state)));
    }
  }
}
