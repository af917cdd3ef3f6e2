import type { WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** Hears of events after they are durable, once each, in order, in the process that appended them. */
export interface CommitObserver {
  /** `events` are one batch of one workflow, `state` the fold including them. Must be quick and must not throw. */
  committed(state: WorkflowState, events: readonly WorkflowEvent[]): void;
}
