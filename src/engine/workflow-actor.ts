import { createActor, type ActorRefFrom } from 'xstate';
import type { Clock, Timer } from '../clock/clock.ts';
import type { DocumentRenderer } from '../document/document-renderer.ts';
import type { AgentSpec, Orchestrator } from '../orchestrator/orchestrator.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import { StoreUnavailableError, type Blob, type EventStore } from '../store/event-store.ts';
import { CorpusError, type DocumentLibrary } from '../tool/document-library.ts';
import type { AbortCause, PassageRef, WorkflowEvent } from '../workflow/event.ts';
import { attemptId, keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { contentOf, openCallCount, type WorkflowState } from '../workflow/state.ts';
import { isTerminal } from '../workflow/status.ts';
import type { AppendMeter } from './append-meter.ts';
import { prepareCall, type PreparedCall } from './call-request.ts';
import type { CallTracer, CommitObserver } from './commit-observer.ts';
import { decide, nextWakeTime, runningBlockedReason, type Facts } from './decide.ts';
import type { Draft } from './draft.ts';
import { admit, close, failWorkflow, pause, recover, timeOut, timeOutPaused } from './ending.ts';
import type { Journal } from './journal.ts';
import { Material, sha256Of } from './material.ts';
import { ModelCall, type CallEnd } from './model-call.ts';
import { Rendering, type RenderEnd } from './rendering.ts';
import { isLifecycleEvent, snapshotAt, workflowMachine, type WorkflowHost } from './workflow-machine.ts';

export interface WorkflowActorDeps {
  readonly clock: Clock;
  readonly store: EventStore;
  readonly catalog: ProviderCatalog;
  readonly library: DocumentLibrary;
  readonly renderers: ReadonlyMap<string, DocumentRenderer>;
  readonly observers: readonly CommitObserver[];
  readonly callTracer: CallTracer | undefined;
  readonly logger: Logger;
  readonly appendMeter: AppendMeter;
  /** Default: the machine of `workflow-machine.ts`. Tests run mutants of it. */
  readonly machine?: typeof workflowMachine | undefined;
}

/** What a workflow asks of its supervisor. */
export interface WorkflowParent {
  queueUp(actor: WorkflowActor): void;
  leaveQueue(actor: WorkflowActor): void;
  releaseSlot(actor: WorkflowActor): void;
  /** The log has grown. */
  advanced(actor: WorkflowActor): void;
  /** The last event is durable, or ownership is lost: forget this actor. */
  gone(actor: WorkflowActor, why: 'ended' | 'lost' | 'released'): void;
}

/** What happened or is asked for; handled in order, several in one append. */
type Intent =
  | { readonly type: 'admit' }
  | { readonly type: 'recover' }
  | { readonly type: 'call_ended'; readonly end: CallEnd }
  | { readonly type: 'rendered'; readonly end: RenderEnd }
  | { readonly type: 'tick' }
  | { readonly type: 'cancel'; readonly reason: string | undefined; readonly done: () => void }
  | { readonly type: 'pause'; readonly reason: string | undefined; readonly done: () => void }
  | { readonly type: 'resume'; readonly done: () => void };

/**
 * One workflow, live. Reports and requests become events, events become durable, and only then the machine is told
 * and its actions make true what the log says. It knows nothing that the log does not say, so starting and resuming
 * are the same loop.
 */
export class WorkflowActor implements WorkflowHost {
  readonly key: WorkflowKey;
  readonly #deps: WorkflowActorDeps;
  readonly #parent: WorkflowParent;
  readonly #journal: Journal;
  readonly #orchestrator: Orchestrator;
  readonly #origin: 'started' | 'claimed';
  readonly #machine: ActorRefFrom<typeof workflowMachine>;
  readonly #material: Material;
  readonly #calls = new Map<string, ModelCall>();
  readonly #renderings = new Map<string, Rendering>();
  /** Requests rendered for the reservation, until their call is under way. */
  readonly #prepared = new Map<string, PreparedCall>();
  readonly #stop = new AbortController();
  readonly #ended: { readonly promise: Promise<void>; readonly resolve: () => void };
  readonly #inbox: Intent[] = [];
  #pumping = false;
  #timer: Timer | undefined;
  #draining = false;
  #drained: (() => void) | undefined;
  #quarantined: string | undefined;
  /** What outside of the log keeps a running workflow from going on. */
  #blocked: string | undefined;

  constructor(
    deps: WorkflowActorDeps,
    parent: WorkflowParent,
    journal: Journal,
    orchestrator: Orchestrator,
    origin: 'started' | 'claimed',
  ) {
    this.#deps = deps;
    this.#parent = parent;
    this.#journal = journal;
    this.#orchestrator = orchestrator;
    this.#origin = origin;
    this.key = journal.key;
    this.#material = new Material(deps.store, deps.library);
    this.#ended = Promise.withResolvers<void>();
    const machine = deps.machine ?? workflowMachine;
    this.#machine =
      origin === 'started'
        ? createActor(machine, { input: { host: this } })
        : createActor(machine, {
            snapshot: snapshotAt(journal.state.status, this, machine),
            input: { host: this },
          });
    // An action that throws is a defect; without an observer it would become an uncaught exception of the process.
    this.#machine.subscribe({ error: (error) => this.#quarantine(error) });
  }

  get id(): string {
    return keyText(this.key);
  }

  /** The durable state. */
  get state(): WorkflowState {
    return this.#journal.state;
  }

  /** Settles when the workflow has ended or this process has lost or released it. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get epoch(): number {
    return this.#journal.epoch;
  }

  /** Model calls under way. */
  get openCalls(): number {
    return this.#calls.size;
  }

  get blockedReason(): string | undefined {
    if (this.#quarantined) return this.#quarantined;
    if (this.#journal.stalled) return this.#journal.stalled;
    if (this.#blocked) return this.#blocked;
    return this.state.status === 'running'
      ? runningBlockedReason(this.state, this.#deps.clock.now())
      : undefined;
  }

  /** Begins. A claimed workflow first closes what its former owner left open, then goes on from where its log stands. */
  start(): void {
    this.#machine.start();
    if (this.#machine.getSnapshot().status !== 'active' || this.#origin === 'started') return;
    const { status } = this.state;
    if (status === 'running' || status === 'cancelling' || openCallCount(this.state) > 0)
      this.#post({ type: 'recover' });
    // The machine was put into its state without entering it. A call open in the log is not one to carry out here.
    if (status === 'pending') this.queueUp();
    else if (status === 'paused') this.#wakeAt(this.#alarmTime());
  }

  admit(): void {
    this.#post({ type: 'admit' });
  }

  /** Resolves when the workflow has ended, whichever way. */
  async cancel(reason: string | undefined): Promise<void> {
    await new Promise<void>((done) => this.#post({ type: 'cancel', reason, done }));
    await this.ended;
  }

  /** Resolves when the request has been handled; the state says whether it took effect. */
  pause(reason: string | undefined): Promise<void> {
    return new Promise((done) => this.#post({ type: 'pause', reason, done }));
  }

  resume(): Promise<void> {
    return new Promise((done) => this.#post({ type: 'resume', done }));
  }

  /** Begins nothing new; resolves when no call is under way and everything reported is durable. */
  drain(): Promise<void> {
    this.#draining = true;
    return new Promise((resolve) => {
      this.#drained = resolve;
      this.#checkDrained();
    });
  }

  /** Ends the wait of `drain`: aborts what is still under way; the attempts do not count. */
  abortCalls(cause: AbortCause): void {
    for (const call of this.#calls.values()) call.abort(cause);
  }

  /** Lets go without another event. */
  release(): void {
    this.#dispose('released');
  }

  // What the machine asks for.

  queueUp(): void {
    this.#parent.queueUp(this);
  }

  leaveQueue(): void {
    this.#parent.leaveQueue(this);
  }

  releaseSlot(): void {
    this.#parent.releaseSlot(this);
  }

  carryOut(): void {
    const { state } = this;
    for (const call of this.#calls.values()) {
      const open = state.agents.get(call.agentId)?.openCall;
      if (open?.turn !== call.call.turn || open.attempt !== call.call.attempt) call.abort('deadline');
    }
    for (const agent of state.agents.values()) {
      if (agent.openCall && !this.#calls.has(agent.agentId)) this.#callModel(agent.agentId);
    }
    for (const document of state.documents.values()) {
      if (document.status === 'started' && !this.#renderings.has(document.format))
        this.#render(document.format);
    }
    this.#wakeAt(this.#alarmTime());
  }

  stopCalls(): void {
    this.abortCalls('cancel');
    for (const rendering of this.#renderings.values()) rendering.abort();
    this.#wakeAt(this.#alarmTime());
  }

  finish(): void {
    this.abortCalls('ended');
    this.#dispose('ended');
  }

  // The loop: what has arrived becomes one batch, the batch becomes durable, then it is acted upon.

  #post(intent: Intent): void {
    if (this.#stop.signal.aborted) {
      if ('done' in intent) intent.done();
      return;
    }
    this.#inbox.push(intent);
    if (this.#pumping) return;
    this.#pumping = true;
    // What arrives in the same turn, for example eight answers at once, shares the append.
    this.#deps.clock.soon(() => void this.#pump());
  }

  async #pump(): Promise<void> {
    try {
      while (this.#inbox.length > 0 && !this.#stop.signal.aborted) await this.#handle(this.#inbox.splice(0));
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#quarantine(error);
    } finally {
      this.#pumping = false;
      if (this.#stop.signal.aborted)
        for (const intent of this.#inbox.splice(0)) if ('done' in intent) intent.done();
      this.#checkDrained();
    }
  }

  async #handle(intents: readonly Intent[]): Promise<void> {
    try {
      await this.#record(intents);
    } finally {
      // Also when the wait for the store was cut short: whoever asked looks at the state, and must not wait for ever.
      for (const intent of intents) if ('done' in intent) intent.done();
    }
  }

  async #record(intents: readonly Intent[]): Promise<void> {
    for (;;) {
      const problem = await this.#loadMaterial(intents);
      const { draft, blobs } = this.#compose(intents, problem);
      if (draft.events.length === 0) {
        this.#forget(intents);
        this.#rearm();
        return;
      }
      const result = await this.#journal.append(draft, blobs, this.#stop.signal);
      if (result === 'lost') {
        this.#dispose('lost');
        return;
      }
      if (result === 'appended') {
        this.#forget(intents);
        this.#tell(draft.events);
        return;
      }
    }
  }

  /**
   * What has reported its end is over once that is durable, not before: until then the log says that it is under way,
   * and another append must not find it missing and begin it again.
   */
  #forget(intents: readonly Intent[]): void {
    for (const intent of intents) {
      if (intent.type === 'rendered') this.#renderings.delete(intent.end.format);
      if (intent.type !== 'call_ended') continue;
      const { agentId, turn, attempt } = intent.end;
      const call = this.#calls.get(agentId)?.call;
      if (call?.turn === turn && call.attempt === attempt) this.#calls.delete(agentId);
    }
  }

  /** A timer may fire early, or the wall clock step back: an alarm that led to nothing is set again if its time is to come. */
  #rearm(): void {
    if (this.#timer) return;
    const wake = this.#alarmTime();
    if (wake !== undefined && wake > this.#deps.clock.now()) this.#wakeAt(wake);
  }

  /** When to look again without any news. */
  #alarmTime(): number | undefined {
    const { state } = this;
    if (state.status === 'cancelling')
      return (state.cancellation?.requestTime ?? 0) + limits.cancelQuiescenceMs;
    const wake = nextWakeTime(state);
    if (!this.#blocked) return wake;
    return Math.min(wake ?? Number.POSITIVE_INFINITY, this.#deps.clock.now() + limits.sweepMs);
  }

  /** The batch these intents amount to. A defect in the rules ends the workflow as failed, loudly, and nothing else. */
  #compose(intents: readonly Intent[], problem: unknown): { draft: Draft; blobs: Blob[] } {
    const draft = this.#journal.draft();
    const blobs: Blob[] = [];
    try {
      for (const intent of intents) this.#apply(draft, intent, blobs);
      if (draft.state.status === 'running') this.#proceed(draft, blobs, problem);
      close(draft, (agentId, call) => attemptId(this.key.workflowId, agentId, call.turn, call.attempt));
      return { draft, blobs };
    } catch (error) {
      this.#deps.logger.error(
        { workflow_id: this.key.workflowId, sequence: this.state.sequence, error },
        'workflow crashed',
      );
      const failed = this.#journal.draft();
      if (failed.state.status === 'pending') admit(failed);
      if (failed.state.status !== 'running') throw error;
      const named = error instanceof Error && error.name !== 'Error';
      failWorkflow(
        failed,
        named ? error.name : 'internal',
        error instanceof Error ? error.message : String(error),
      );
      return { draft: failed, blobs: [] };
    }
  }

  /** Decides what follows, unless something outside of the log is in the way. */
  #proceed(draft: Draft, blobs: Blob[], problem: unknown): void {
    this.#blocked = undefined;
    if (problem instanceof CorpusError && draft.state.agents.size > 0) {
      // Work is paid for already, and a configuration can be mended: wait for it rather than throw the work away.
      this.#blocked = `corpus: ${problem.message}`;
      const { deadline } = draft.state;
      if (deadline !== undefined && deadline <= draft.time) timeOut(draft, deadline);
      return;
    }
    if (problem !== undefined) throw problem;
    if (!this.#draining) decide(draft, this.#facts(blobs));
  }

  #apply(draft: Draft, intent: Intent, blobs: Blob[]): void {
    const { status } = draft.state;
    switch (intent.type) {
      case 'admit':
        if (status === 'pending') admit(draft);
        else if (status !== 'running') this.releaseSlot();
        return;
      case 'recover':
        recover(draft);
        return;
      case 'call_ended': {
        const { agentId, turn, attempt } = intent.end;
        const open = draft.state.agents.get(agentId)?.openCall;
        // A call that was settled as stopped has been charged in full already; its late report changes nothing.
        if (open?.turn === turn && open.attempt === attempt && !isTerminal(status)) draft.add(intent.end);
        return;
      }
      case 'rendered':
        if (status !== 'running' || draft.state.documents.get(intent.end.format)?.status !== 'started')
          return;
        draft.add(intent.end.event);
        if (intent.end.blob) blobs.push(intent.end.blob);
        return;
      case 'tick': {
        const { pause: held } = draft.state;
        if (status === 'paused' && held && held.pauseDeadline <= draft.time) timeOutPaused(draft);
        return;
      }
      case 'cancel':
        if (status !== 'pending' && status !== 'running' && status !== 'paused') return;
        draft.add({
          type: 'cancellation_requested',
          ...(intent.reason !== undefined && { reason: intent.reason }),
        });
        return;
      case 'pause':
        if (status === 'pending' || status === 'running') pause(draft, intent.reason);
        return;
      case 'resume':
        if (status === 'paused') draft.add({ type: 'workflow_resumed' });
        return;
    }
    throw new Error(`unknown intent ${JSON.stringify(intent)}`);
  }

  /** Documents are read before a batch that may need them, so that the batch itself waits for nothing. */
  async #loadMaterial(intents: readonly Intent[]): Promise<unknown> {
    const { status } = this.state;
    if (this.#material.loaded || (status !== 'running' && !intents.some((intent) => intent.type === 'admit')))
      return undefined;
    for (let tries = 1; ; tries++) {
      try {
        await this.#material.load(this.state);
        return undefined;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) return error;
        this.#deps.logger.error(
          { workflow_id: this.key.workflowId, tries, error },
          'documents cannot be read; trying again',
        );
        await this.#deps.clock.sleep(limits.appendRetryMsMax, this.#stop.signal);
      }
    }
  }

  #tell(events: readonly WorkflowEvent[]): void {
    for (const observer of this.#deps.observers) observer.committed(this.state, events);
    this.#parent.advanced(this);
    for (const { data } of events) if (isLifecycleEvent(data.type)) this.#machine.send({ type: data.type });
    this.#machine.send({ type: 'recorded' });
  }

  #facts(blobs: Blob[]): Facts {
    return {
      orchestrator: this.#orchestrator,
      random: () => this.#deps.clock.random(),
      freeze: (state, spec) => {
        const passages = spec.passageQuery === undefined ? [] : this.#material.find(spec.passageQuery);
        blobs.push(...this.#material.blobsOf(passages));
        return { passages, inputHash: inputHashOf(state, spec, passages) };
      },
      reserve: (state, agentId) => {
        const prepared = prepareCall(state, agentId, {
          orchestrator: this.#orchestrator,
          catalog: this.#deps.catalog,
          textsOf: (id) => this.#material.textsOf(state.agents.get(id)?.passages ?? []),
        });
        this.#prepared.set(agentId, prepared);
        return prepared.reserved;
      },
    };
  }

  #callModel(agentId: string): void {
    const agent = this.state.agents.get(agentId);
    const prepared = this.#prepared.get(agentId);
    this.#prepared.delete(agentId);
    if (!agent?.openCall || !prepared) {
      // Only a recorded start leads here, and the same batch prepared its request.
      throw new Error(`workflow ${this.key.workflowId}: no request is prepared for ${agentId}`);
    }
    const traceparent =
      this.#deps.callTracer?.traceparentOf(this.key.workflowId, agentId) ?? this.state.traceparent;
    const call = new ModelCall(agentId, agent.openCall);
    this.#calls.set(agentId, call);
    const { requestId } = this.state;
    const request = {
      ...prepared.request,
      ...(traceparent !== undefined && { traceparent }),
      ...(requestId !== undefined && { requestId }),
    };
    void call.run(request, this.#deps).then((end) => this.#post({ type: 'call_ended', end }));
  }

  #render(format: string): void {
    const rendering = new Rendering(format);
    this.#renderings.set(format, rendering);
    void rendering
      .run(this.state, this.#orchestrator, this.#deps)
      .then((end) => this.#post({ type: 'rendered', end }));
  }

  #wakeAt(time: number | undefined): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (time === undefined || this.#stop.signal.aborted) return;
    this.#timer = this.#deps.clock.at(time, () => {
      this.#timer = undefined;
      this.#post({ type: 'tick' });
    });
  }

  #checkDrained(): void {
    if (!this.#drained || this.#pumping || this.#calls.size > 0) return;
    this.#drained();
    this.#drained = undefined;
  }

  /** An error that no event can express: the workflow stays as its log says, and says why it does not move. */
  #quarantine(error: unknown): void {
    this.#quarantined = `defect: ${error instanceof Error ? error.message : String(error)}`;
    this.#deps.logger.error(
      { workflow_id: this.key.workflowId, error },
      'workflow is quarantined until the next start',
    );
    this.abortCalls('ended');
    this.#dispose('lost');
  }

  #dispose(why: 'ended' | 'lost' | 'released'): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new Error(`workflow ${this.key.workflowId}: ${why}`));
    this.#timer?.cancel();
    if (why !== 'ended') this.abortCalls('shutdown');
    for (const rendering of this.#renderings.values()) rendering.abort();
    this.#prepared.clear();
    this.#material.close();
    if (why !== 'ended') this.#machine.stop();
    this.#parent.gone(this, why);
    this.#ended.resolve();
  }
}

/** SHA-256 over everything a prompt is made of, referenced contents included. */
function inputHashOf(state: WorkflowState, spec: AgentSpec, passages: readonly PassageRef[]): string {
  const inputs = spec.inputAgentIds.map((agentId) => {
    const agent = state.agents.get(agentId);
    return [agentId, agent ? sha256Of(contentOf(agent) ?? '') : ''];
  });
  const { role, stage, subtask, parameters, model } = spec;
  return sha256Of(JSON.stringify([state.task, role, stage, subtask, parameters, model, inputs, passages]));
}
