import type { Clock } from '../clock/clock.ts';
import type { DocumentRenderer } from '../document/document-renderer.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { CallPermit } from '../provider/call-gate.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { DocumentSet } from '../tool/document-library.ts';
import { noTools, type Toolbox } from '../tool/toolbox.ts';
import type { AbortCause } from '../workflow/event.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { PreparedCall } from './call-request.ts';
import type { CallTracer } from './commit-observer.ts';
import { ModelCall, type CallEnd } from './model-call.ts';
import type { ProgressFeed } from './progress-feed.ts';
import { Rendering, type RenderEnd } from './rendering.ts';
import { ToolCall, type ToolEnd, type ToolOrder } from './tool-call.ts';
import { openToolOrders } from './tool-transcript.ts';

export interface ActivityDeps {
  readonly clock: Clock;
  readonly catalog: ProviderCatalog;
  readonly renderers: ReadonlyMap<string, DocumentRenderer>;
  readonly callTracer: CallTracer | undefined;
  /** Absent: agents have no tools. */
  readonly tools?: Toolbox | undefined;
  readonly progress: ProgressFeed;
}

/** How an activity ended; reported once. */
export type ActivityEnd =
  | { readonly type: 'call_ended'; readonly end: CallEnd }
  | { readonly type: 'tool_ended'; readonly end: ToolEnd }
  | { readonly type: 'rendered'; readonly end: RenderEnd };

/** The workflow that something is under way for. */
export interface ActivityHost {
  readonly key: WorkflowKey;
  /** What its tools may read; undefined: it has no documents. */
  readonly documents: DocumentSet | undefined;
  activityEnded(end: ActivityEnd): void;
  /** A defect: the end of an activity is not known. */
  activityBroke(error: unknown): void;
}

interface Prepared {
  readonly call: PreparedCall;
  readonly permit: CallPermit;
}

const none: readonly never[] = [];

/**
 * What a workflow has under way in this process: model calls and documents being written. Makes true what the log
 * says, as often as it is asked to, and keeps what has ended until that is durable: until then the log says that it
 * is under way, and must not find it missing and begin it again.
 */
export class Activities {
  readonly #deps: ActivityDeps;
  readonly #orchestrator: Orchestrator;
  readonly #host: ActivityHost;
  /** A few, and for most of a workflow's life one: a list of just that length. */
  #calls: readonly ModelCall[] = none;
  /** Most workflows call no tools and write no document, and wait for most of their life. */
  #tools: Map<string, ToolCall> | undefined;
  #renderings: Map<string, Rendering> | undefined;
  /** Requests rendered for their reservation and the leave to send them, until their call is under way. */
  #prepared: Map<string, Prepared> | undefined;

  constructor(deps: ActivityDeps, orchestrator: Orchestrator, host: ActivityHost) {
    this.#deps = deps;
    this.#orchestrator = orchestrator;
    this.#host = host;
  }

  /** Model and tool calls under way. */
  get openCalls(): number {
    return this.#calls.length + (this.#tools?.size ?? 0);
  }

  /** Keeps the request of the call that is about to be recorded. */
  prepare(agentId: string, call: PreparedCall, permit: CallPermit): void {
    this.#prepared ??= new Map();
    this.#prepared.set(agentId, { call, permit });
  }

  /** Nothing that was prepared and has not begun is going to: its permits are for others. */
  dropPrepared(): void {
    for (const { permit } of this.#prepared?.values() ?? none) permit.giveBack();
    this.#prepared = undefined;
  }

  /** Begins what the state says is under way and is not; stops what it says has ended. */
  carryOut(state: WorkflowState): void {
    for (const running of this.#calls) {
      const open = state.agents.get(running.agentId)?.openCall;
      const { turn, attempt } = running.call;
      if (open?.turn !== turn || open.attempt !== attempt) running.abort('deadline');
    }
    for (const agent of state.agents.values()) {
      if (agent.openCall && !this.#callOf(agent.agentId)) this.#call(state, agent.agentId);
    }
    this.#carryOutTools(state);
    for (const { format, status } of state.documents.values()) {
      if (status === 'started' && !this.#renderings?.has(format)) this.#render(state, format);
    }
  }

  abortCalls(cause: AbortCause): void {
    for (const call of this.#calls) call.abort(cause);
    for (const call of this.#tools?.values() ?? none) call.abort(cause);
  }

  /** Stops everything; what still reports is not waited for. */
  stop(cause: AbortCause): void {
    this.abortCalls(cause);
    for (const rendering of this.#renderings?.values() ?? none) rendering.abort();
    this.dropPrepared();
  }

  /** The end is durable, or nothing in the log waits for it any more. */
  forget(ended: ActivityEnd): void {
    if (ended.type === 'rendered') {
      this.#renderings?.delete(ended.end.format);
      return;
    }
    if (ended.type === 'tool_ended') {
      const { end, start } = ended.end;
      const id = toolKey(end);
      if (this.#tools?.get(id)?.order.start === start) this.#tools.delete(id);
      return;
    }
    const { agentId, turn, attempt } = ended.end;
    const running = this.#callOf(agentId);
    if (running?.call.turn !== turn || running.call.attempt !== attempt) return;
    this.#calls = this.#calls.length === 1 ? none : this.#calls.filter((call) => call !== running);
  }

  #callOf(agentId: string): ModelCall | undefined {
    return this.#calls.find((call) => call.agentId === agentId);
  }

  #carryOutTools(state: WorkflowState): void {
    const orders = openToolOrders(state);
    if (orders.length === 0 && !this.#tools) return;
    const open = new Map(orders.map((order) => [toolKey(order), order]));
    for (const [id, running] of this.#tools ?? none) {
      if (open.get(id)?.start !== running.order.start) running.abort('deadline');
    }
    for (const [id, order] of open) if (!this.#tools?.has(id)) this.#callTool(id, order, state);
  }

  #callTool(id: string, order: Omit<ToolOrder, 'traceparent'>, state: WorkflowState): void {
    const { callTracer, clock, tools = noTools } = this.#deps;
    const traced = callTracer?.toolTraceparentOf?.(state.workflowId, order.agentId, order.callId);
    const call = new ToolCall({ ...order, traceparent: traced ?? state.traceparent });
    this.#tools ??= new Map();
    this.#tools.set(id, call);
    call.run(tools, clock, this.#host.documents).then(
      (end) => this.#host.activityEnded({ type: 'tool_ended', end }),
      (error: unknown) => this.#host.activityBroke(error),
    );
  }

  #call(state: WorkflowState, agentId: string): void {
    const openCall = state.agents.get(agentId)?.openCall;
    const prepared = this.#prepared?.get(agentId);
    this.#prepared?.delete(agentId);
    if (!openCall || !prepared) {
      // Only a recorded start leads here, and the same batch prepared its request.
      throw new Error(`workflow ${state.workflowId}: no request is prepared for ${agentId}`);
    }
    const { callerRequestId, traceparent: root } = state;
    const traceparent = this.#deps.callTracer?.traceparentOf(state.workflowId, agentId) ?? root;
    const request = { ...prepared.call.request, traceparent, requestId: callerRequestId };
    const call = new ModelCall(agentId, openCall, prepared.permit, this.#host, this.#deps);
    this.#calls = [...this.#calls, call];
    call.run(request, this.#deps.progress.sink(this.#host.key, agentId, openCall));
  }

  #render(state: WorkflowState, format: string): void {
    const rendering = new Rendering(format);
    this.#renderings ??= new Map();
    this.#renderings.set(format, rendering);
    rendering.run(state, this.#orchestrator, this.#deps).then(
      (end) => this.#host.activityEnded({ type: 'rendered', end }),
      (error: unknown) => this.#host.activityBroke(error),
    );
  }
}

const toolKey = ({ agentId, turn, callId }: Pick<ToolOrder, 'agentId' | 'turn' | 'callId'>): string =>
  `${agentId}/${turn}/${callId}`;
