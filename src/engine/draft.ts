import { addChange, spendChange, type SpendChange, type SpendSum } from '../workflow/day-spend.ts';
import { Folding } from '../workflow/evolve.ts';
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
  readonly #folding: Folding;
  #sequence: number;
  #progress: number;
  readonly #spend: SpendSum = [];
  #reserves = false;

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
    this.#folding = new Folding(state);
    this.#sequence = state?.sequence ?? 0;
    this.#epoch = stamp.epoch;
    this.#time = Math.max(stamp.now, state?.updateTime ?? 0);
    this.#progressOf = stamp.progressOf;
    this.#progress = state?.progress ?? 0;
  }

  /** The state after the events so far; it changes with every event added. Throws when there is none yet. */
  get state(): WorkflowState {
    if (!this.#folding.begun) throw new Error(`workflow ${this.key.workflowId}: the draft is empty`);
    return this.#folding.state;
  }

  /** What the events add to the spend of their days. */
  get spend(): readonly SpendChange[] {
    return this.#spend;
  }

  /** Whether a call is begun, so that a cap may refuse the whole. */
  get reserves(): boolean {
    return this.#reserves;
  }

  /** Wall time that the events carry. */
  get time(): number {
    return this.#time;
  }

  add(data: EventData): void {
    if (data.type === 'workflow_completed') this.#progress = 100;
    const event: WorkflowEvent = {
      workflowId: this.key.workflowId,
      sequence: this.#sequence + 1,
      time: this.#time,
      epoch: this.#epoch,
      progress: this.#progress,
      data,
    };
    const change = spendChange(this.#folding.begun ? this.#folding.state : undefined, data, this.#time);
    this.#folding.add(event);
    if (change) addChange(this.#spend, change);
    if (data.type === 'model_call_started') this.#reserves = true;
    this.#sequence++;
    this.events.push(event);
    if (movesProgress.has(data.type) && !isTerminalEvent(data)) {
      this.#progress = Math.max(this.#progress, Math.min(99, this.#progressOf(this.state)));
    }
  }
}
