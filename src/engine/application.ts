import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { ProviderInfo } from '../provider/model-provider.ts';
import type { ListQuery, ListPage } from '../store/event-store.ts';
import type { Receipt, WorkflowEvent } from '../workflow/event.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import type { WorkflowRow } from '../workflow/row.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ProgressReader } from './progress-reader.ts';
import type { Stats } from './stats.ts';

/**
 * A request to start a workflow, before validation. Every edge hands over what its caller wrote, as plain
 * lowerCamelCase values with absent fields left out; the application validates, fills defaults and names bad fields
 * by the paths of these values.
 */
export interface StartRequest {
  readonly tenant: string;
  /** Name of the method, for example `StartResearch`; part of the scope of `requestId`. */
  readonly method: string;
  readonly orchestrator: string;
  /** The orchestrator's own fields. Bad ones are reported with paths that begin with `inputPath`. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Where the orchestrator's fields stand in the caller's request: [] for StartResearch, ['input'] for StartWorkflow. */
  readonly inputPath: readonly string[];
  readonly title?: string | undefined;
  /** RunOptions as written; reported with paths that begin with `options`. See `start-options.ts`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly requestId?: string | undefined;
  /** W3C trace context of the caller. */
  readonly traceparent?: string | undefined;
  /** Id of the call itself (`x-request-id`). */
  readonly callerRequestId?: string | undefined;
}

/** What a valid start would be recorded as; nothing was. */
export interface Validated {
  readonly state: WorkflowState;
}

export interface Started {
  readonly state: WorkflowState;
  /** The request id was known: this is the workflow of the first request. */
  readonly repeated: boolean;
}

export interface CancelOutcome {
  readonly state: WorkflowState;
  /** False: it had ended otherwise before. */
  readonly cancelled: boolean;
  readonly receipt: Receipt | undefined;
}

export interface WorkflowView {
  readonly state: WorkflowState;
  /** What a waiting workflow waits for, in words; undefined while nothing holds it up. */
  readonly blockedReason: string | undefined;
}

/** A derived row, and what holds the workflow up. */
export type ListedWorkflow = WorkflowRow & { readonly blockedReason?: string | undefined };

export interface ListedPage extends ListPage {
  readonly rows: readonly ListedWorkflow[];
}

/** One rendered document of a workflow, with its bytes. */
export interface DocumentBytes {
  readonly format: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** What every edge calls. Every method rejects with ApplicationError and nothing else, but for defects. */
export interface Application {
  /** Resolves when the workflow is durable, before any agent runs. */
  start(request: StartRequest): Promise<Started>;
  /** Checks a start as `start` does, without starting it: the state it would begin with, its id empty. */
  validate(request: StartRequest): Promise<Validated>;
  get(key: WorkflowKey): Promise<WorkflowView>;
  list(query: ListQuery): Promise<ListedPage>;
  /** Events after the sequence, at most `limit`; 0 only asks whether the log is there. `out_of_range` when the sequence is above the last one. */
  events(key: WorkflowKey, afterSequence: number, limit: number): Promise<readonly WorkflowEvent[]>;
  /** Resolves when the log may hold events after the sequence or the workflow is gone; rejects when the signal aborts. A hint: read again. */
  advanced(key: WorkflowKey, afterSequence: number, signal: AbortSignal): Promise<void>;
  /** What agents write and do between two events, from now on; `ready` says when to ask the reader. Close it. */
  progress(key: WorkflowKey, ready: () => void): ProgressReader;
  /** Resolves with the terminal state, or with the state as it is when `timeoutMs` is over. Rejects when the signal aborts. */
  wait(key: WorkflowKey, timeoutMs: number, signal: AbortSignal): Promise<WorkflowView>;
  /** Resolves when the workflow is quiet and its end durable. */
  cancel(key: WorkflowKey, reason: string | undefined): Promise<CancelOutcome>;
  pause(key: WorkflowKey, reason: string | undefined): Promise<WorkflowView>;
  resume(key: WorkflowKey): Promise<WorkflowView>;
  /** Opens no new work and writes the report from what there is; answers when that is durable, not when it is done. */
  conclude(key: WorkflowKey): Promise<WorkflowView>;
  /** Removes a workflow that has ended: log, result, documents. */
  remove(key: WorkflowKey): Promise<void>;
  /** The rendered documents of a workflow. */
  documents(key: WorkflowKey): Promise<readonly DocumentBytes[]>;
  orchestrators(): readonly Orchestrator[];
  providers(): readonly ProviderInfo[];
  lifecycle(): Lifecycle;
  /** Counts an open watch stream until the returned function is called. */
  watchOpened(): () => void;
  stats(): Promise<Stats>;
  /** Rejects when the application cannot serve: the store fails, or it is shutting down. */
  check(): Promise<void>;
  /** Whether new work is refused because of a shutdown. */
  readonly draining: boolean;
}
