import type { CommitObserver } from '../engine/commit-observer.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** Carries what has just become durable from the engine to the edge, which is composed after it. */
export class CommitFeed implements CommitObserver {
  #observer: CommitObserver | undefined;

  /** From now on `observer` is told; there is one at a time. */
  connect(observer: CommitObserver): void {
    this.#observer = observer;
  }

  committed(state: WorkflowState, events: readonly WorkflowEvent[]): void {
    this.#observer?.committed(state, events);
  }
}
