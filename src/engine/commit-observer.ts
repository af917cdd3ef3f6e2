import type { WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** Is told of every batch once, after it is durable. Must not throw and must not wait. */
export interface CommitObserver {
  committed(state: WorkflowState, events: readonly WorkflowEvent[]): void;
}

/** Trace context of calls, for providers; a no-op when tracing is off. */
export interface CallTracer {
  /** W3C trace context of the agent's open call, or undefined when there is no span for it. */
  traceparentOf(workflowId: string, agentId: string): string | undefined;
  /** The same of one of the agent's open tool calls. */
  toolTraceparentOf?(workflowId: string, agentId: string, callId: string): string | undefined;
}
