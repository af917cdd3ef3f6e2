import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { CallGate } from '../provider/call-gate.ts';
import type { Asker } from '../provider/waiting-line.ts';
import type { Blob, EventStore } from '../store/event-store.ts';
import type { DocumentLibrary, DocumentSet } from '../tool/document-library.ts';
import { noTools } from '../tool/toolbox.ts';
import type { AbortCause, WorkflowEvent } from '../workflow/event.ts';
import { attemptId, keyText, type WorkflowKey } from '../workflow/id.ts';
import type { Logger } from '../workflow/logger.ts';
import type { Status } from '../workflow/status.ts';
import { hasOpenToolCall, openCallCount, type WorkflowState } from '../workflow/state.ts';
import { Activities, type ActivityDeps, type ActivityEnd, type ActivityHost } from './activities.ts';
import { Alarm } from './alarm.ts';
import type { AppendMeter } from './append-meter.ts';
import { CallWaits } from './call-waits.ts';
import type { CommitObserver } from './commit-observer.ts';
import type { DayBudget } from './day-budget.ts';
import { decide, nextWakeTime, runningBlockedReason } from './decide.ts';
import type { Draft } from './draft.ts';
import { admit, closeCancelled, failWorkflow, timeOut, timeOutPaused } from './transition.ts';
import { applyIntent, isActivityEnd, type Intent } from './intent.ts';
import { lifecycleSteps, type LifecycleStep, type LifecycleSteps } from './lifecycle-steps.ts';
import type { Journal } from './journal.ts';
import { noMaterial } from './material.ts';
import { MaterialAccess } from './material-access.ts';
import { WorkflowFacts } from './workflow-facts.ts';
import { isLifecycleEvent, type WorkflowHost } from './workflow-machine.ts';

export interface WorkflowActorDeps extends ActivityDeps {
  readonly store: EventStore;
  readonly gate: CallGate;
  readonly library: DocumentLibrary;
  readonly observers: readonly CommitObserver[];
  readonly logger: Logger;
  readonly appendMeter: AppendMeter;
  readonly dayBudget: DayBudget;
  /** Turns an agent may have; default: `limits.turnsPerAgentDefault`. */
  readonly turnsPerAgent?: number | undefined;
  /** Default: the steps of the machine of `workflow-machine.ts`. Tests run mutants of it. */
  readonly lifecycle?: LifecycleSteps | undefined;
}

/** What a workflow asks of its supervisor. */
export interface WorkflowParent {
  queueUp(actor: WorkflowActor): void;
  leaveQueue(actor: WorkflowActor): void;
  releaseSlot(actor: WorkflowActor): void;
  /** The log has grown. */
  advanced(actor: WorkflowActor): void;
  /** The last event is durable, or ownership is lost: forget this actor. */
  gone(actor: WorkflowActor, why: Leaving): void;
}

/** Why an actor is over: its workflow has ended, another process carries it, or this one lets go of it. */
export type Leaving = 'ended' | 'lost' | 'released';

/**
 * One workflow, live. Reports and requests become events, events become durable, and only then the machine is told
 * and its actions make true what the log says. It knows nothing that the log does not say, so starting and resuming
 * are the same loop.
 */
export class WorkflowActor implements WorkflowHost, ActivityHost, Asker {
  readonly key: WorkflowKey;
  /** The key as one text, for maps. */
  readonly id: string;
  /** In the order of starts. */
  readonly order: number;
  readonly #deps: WorkflowActorDeps;
  readonly #parent: WorkflowParent;
  readonly #journal: Journal;
  readonly #orchestrator: Orchestrator;
  readonly #origin: 'started' | 'claimed';
  /** Where the machine stands. */
  #stage: Status;
  /** Undefined: it has no documents, as most. */
  readonly #access: MaterialAccess | undefined;
  readonly #activities: Activities;
  readonly #alarm: Alarm;
  readonly #waits = new CallWaits();
  /** Set when it has let go of everything. */
  #left: Leaving | undefined;
  /** Ends the wait for a store that does not answer; made when there is one. */
  #patience: AbortController | undefined;
  /** Made when somebody waits for the end. */
  #ended: PromiseWithResolvers<void> | undefined;
  #inbox: Intent[] | undefined;
  #pumping = false;
  #draining = false;
  #drained: (() => void) | undefined;
  #quarantined: string | undefined;
  /** What outside of the log keeps a running workflow from going on. */
  #waitsFor: string | undefined;

  constructor(
    deps: WorkflowActorDeps,
    parent: WorkflowParent,
    journal: Journal,
    orchestrator: Orchestrator,
    origin: 'started' | 'claimed',
    order: number,
  ) {
    this.#deps = deps;
    this.#parent = parent;
    this.#journal = journal;
    this.#orchestrator = orchestrator;
    this.#origin = origin;
    this.key = journal.key;
    this.id = keyText(journal.key);
    this.order = order;
    this.#access = MaterialAccess.of(journal.state, deps, this);
    this.#alarm = new Alarm(deps.clock, this);
    this.#activities = new Activities(deps, orchestrator, this);
    this.#stage = journal.state.status;
  }

  /** The durable state. */
  get state(): WorkflowState {
    return this.#journal.state;
  }

  /** Settles when the workflow has ended or this process has lost or released it. */
  get ended(): Promise<void> {
    if (this.#left) return Promise.resolve();
    this.#ended ??= Promise.withResolvers<void>();
    return this.#ended.promise;
  }

  get epoch(): number {
    return this.#journal.epoch;
  }

  /** Model and tool calls under way. */
  get openCalls(): number {
    return this.#activities.openCalls;
  }

  /** Set when a defect stopped it: it stays as its log says until the next start. */
  get quarantinedReason(): string | undefined {
    return this.#quarantined;
  }

  get blockedReason(): string | undefined {
    if (this.#quarantined) return this.#quarantined;
    if (this.#journal.stalled) return this.#journal.stalled;
    if (this.state.status !== 'running') return undefined;
    return (
      this.#waitsFor ??
      this.#deps.gate.reason(this.id) ??
      this.#deps.dayBudget.reason(this.id) ??
      runningBlockedReason(this.state, this.#deps.clock.now())
    );
  }

  /** Begins. A claimed workflow first closes what its former owner left open, then goes on from where its log stands. */
  start(): void {
    if (this.#origin === 'started') {
      this.#take(this.#lifecycle.begin());
      return;
    }
    const { status } = this.state;
    const atWork = openCallCount(this.state) > 0 || [...this.state.agents.values()].some(hasOpenToolCall);
    if (status === 'running' || status === 'cancelling' || atWork) this.#post({ type: 'recover' });
    // The machine stands in its state without having entered it. A call open in the log is not one to carry out here.
    if (status === 'pending') this.queueUp();
    else if (status === 'paused') this.#alarm.set(nextWakeTime(this.state, Number.NEGATIVE_INFINITY));
  }

  admit(): void {
    this.#post({ type: 'admit' });
  }

  get priority(): number {
    return this.state.options.priority;
  }

  /** Looks whether something is to be decided: a time has come, or what it waited for may be there. */
  wake(): void {
    this.#post({ type: 'look' });
  }

  /** Looks again if its alarm should have rung: a lost wake-up costs a delay, never a result. */
  nudge(): void {
    if (this.#alarm.overdue) this.wake();
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

  /** Resolves when the request has been handled; the state says whether it took effect. */
  conclude(): Promise<void> {
    return new Promise((done) => this.#post({ type: 'conclude', done }));
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
    this.#activities.abortCalls(cause);
  }

  /** Lets go without another event. */
  release(): void {
    this.#dispose('released');
  }

  /** Somebody else owns it by now: whatever this actor would append is refused. */
  overtaken(): void {
    this.#dispose('lost');
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
    // A workflow that may be held for days keeps no texts; they are read again when it goes on.
    this.#access?.close();
  }

  carryOut(): void {
    this.#activities.carryOut(this.state);
  }

  stopCalls(): void {
    this.#activities.stop('cancel');
  }

  finish(): void {
    this.#dispose('ended');
  }

  // What its activities ask for and report.

  get documents(): DocumentSet | undefined {
    return this.#access?.material.documents;
  }

  activityEnded(end: ActivityEnd): void {
    this.#post(end);
  }

  activityBroke(error: unknown): void {
    this.#quarantine(error);
  }

  // The loop: what has arrived becomes one batch, the batch becomes durable, then it is acted upon.

  #post(intent: Intent): void {
    if (this.#left) {
      if ('done' in intent) intent.done();
      return;
    }
    if (this.#inbox) this.#inbox.push(intent);
    else this.#inbox = [intent];
    if (this.#pumping) return;
    this.#pumping = true;
    // What arrives in the same turn, for example eight answers at once, shares the append.
    this.#deps.clock.soon(() => void this.#pump());
  }

  async #pump(): Promise<void> {
    try {
      while (this.#inbox && !this.#left) await this.#handle(this.#emptied());
    } catch (error) {
      if (!this.#left) this.#quarantine(error);
    } finally {
      this.#pumping = false;
      if (this.#left) for (const intent of this.#emptied()) if ('done' in intent) intent.done();
      this.#checkDrained();
    }
  }

  #emptied(): readonly Intent[] {
    const intents = this.#inbox ?? [];
    this.#inbox = undefined;
    return intents;
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
    while (!this.#left) {
      const { draft, blobs } = this.#compose(intents);
      const result =
        draft.events.length === 0
          ? 'nothing'
          : await this.#journal.append(draft, blobs, () => this.#storeWait());
      if (result === 'behind') continue;
      if (result === 'lost') {
        this.#dispose('lost');
        return;
      }
      for (const intent of intents) {
        if (isActivityEnd(intent)) this.#activities.forget(intent);
      }
      this.#waits.end();
      if (result === 'appended') this.#tell(draft.events);
      if (this.#left) return;
      this.#activities.dropPrepared();
      this.#alarm.set(this.#alarmTime(draft.time));
      return;
    }
  }

  #storeWait(): AbortSignal {
    this.#patience ??= new AbortController();
    if (this.#left) this.#patience.abort(this.#leftReason(this.#left));
    return this.#patience.signal;
  }

  /** When to look again without any news. What was due at `decidedTime` has been decided. */
  #alarmTime(decidedTime: number): number | undefined {
    const times = [
      nextWakeTime(this.state, decidedTime),
      this.#waits.until,
      this.#waitsFor === undefined ? undefined : this.#access?.retryTime,
    ].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The batch these intents amount to. A defect in the rules ends the workflow as failed, loudly, and nothing else. */
  #compose(intents: readonly Intent[]): { draft: Draft; blobs: Blob[] } {
    this.#waits.begin();
    this.#deps.dayBudget.leave(this.id);
    // What an earlier try of this batch took is asked for again.
    this.#activities.dropPrepared();
    try {
      return this.#decided(intents);
    } finally {
      this.#deps.gate.looked(this.id);
    }
  }

  #decided(intents: readonly Intent[]): { draft: Draft; blobs: Blob[] } {
    const draft = this.#journal.draft();
    const blobs: Blob[] = [];
    try {
      for (const intent of intents) {
        blobs.push(...applyIntent(draft, intent, (id) => this.#waits.waitedMs(id, draft.time)));
        // A slot that came too late goes to the next in line.
        if (intent.type === 'admit' && draft.state.status !== 'running') this.releaseSlot();
      }
      this.#waitsFor = undefined;
      timeOutPaused(draft);
      if (draft.state.status === 'running') this.#proceed(draft, blobs);
      this.#close(draft);
      return { draft, blobs };
    } catch (error) {
      this.#deps.logger.error(
        { workflow_id: this.key.workflowId, sequence: this.state.sequence, error },
        'workflow crashed',
      );
      const rest: Blob[] = [];
      return { draft: this.#failed(intents, error, rest), blobs: rest };
    }
  }

  /** The batch that ends a workflow whose rules broke down. Answers that were paid for are recorded all the same. */
  #failed(intents: readonly Intent[], error: unknown, blobs: Blob[]): Draft {
    const draft = this.#journal.draft();
    for (const intent of intents) {
      if (intent.type === 'call_ended' || intent.type === 'tool_ended' || intent.type === 'cancel')
        blobs.push(...applyIntent(draft, intent, () => 0));
    }
    // A cancel beats every other outcome, also this one.
    if (draft.state.status === 'cancelling') {
      this.#close(draft);
      return draft;
    }
    if (draft.state.status === 'pending') admit(draft);
    if (draft.state.status !== 'running') throw error;
    const named = error instanceof Error && error.name !== 'Error';
    failWorkflow(
      draft,
      named ? error.name : 'internal',
      error instanceof Error ? error.message : String(error),
    );
    return draft;
  }

  #close(draft: Draft): void {
    closeCancelled(draft, (agentId, call) =>
      attemptId(this.key.workflowId, agentId, call.turn, call.attempt),
    );
  }

  /** Decides what follows, unless something outside of the log is in the way. */
  #proceed(draft: Draft, blobs: Blob[]): void {
    this.#waitsFor = this.#access?.obstacle(draft.state);
    if (this.#waitsFor === undefined) {
      if (this.#draining) return;
      const facts = this.#facts(draft.time, blobs);
      decide(draft, facts);
      if (facts.waitsForDay) this.#deps.dayBudget.wait(this.id, this.key.tenant, () => this.wake());
      return;
    }
    const { deadline } = draft.state;
    if (deadline !== undefined && deadline <= draft.time) timeOut(draft, deadline);
  }

  #tell(events: readonly WorkflowEvent[]): void {
    for (const observer of this.#deps.observers) observer.committed(this.state, events);
    this.#deps.progress.committed(this.state);
    this.#parent.advanced(this);
    let moved = false;
    for (const { data } of events) {
      if (!isLifecycleEvent(data.type)) continue;
      this.#take(this.#lifecycle.after(this.#stage, data.type));
      moved = true;
    }
    // Whatever state it has entered has looked at the whole batch already.
    if (!moved) this.#take(this.#lifecycle.after(this.#stage, 'recorded'));
  }

  get #lifecycle(): LifecycleSteps {
    return this.#deps.lifecycle ?? lifecycleSteps;
  }

  /** Goes where the machine goes and does what it asks for on the way. What throws there is a defect. */
  #take({ status, orders }: LifecycleStep): void {
    if (this.#left) return;
    this.#stage = status;
    try {
      for (const order of orders) this[order]();
    } catch (error) {
      this.#quarantine(error);
    }
  }

  #facts(time: number, blobs: Blob[]): WorkflowFacts {
    const { catalog, clock, gate, tools = noTools } = this.#deps;
    return new WorkflowFacts(
      {
        orchestrator: this.#orchestrator,
        catalog,
        gate,
        asker: this,
        waits: this.#waits,
        dayBudget: this.#deps.dayBudget,
        material: this.#access?.material ?? noMaterial,
        tools,
        turnsPerAgent: this.#deps.turnsPerAgent,
        time,
        random: () => clock.random(),
        keep: (agentId, prepared, permit) => this.#activities.prepare(agentId, prepared, permit),
      },
      blobs,
    );
  }

  #checkDrained(): void {
    if (!this.#drained || this.#pumping || this.#activities.openCalls > 0) return;
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
    this.#dispose('lost');
  }

  #dispose(why: Leaving): void {
    if (this.#left) return;
    this.#left = why;
    this.#patience?.abort(this.#leftReason(why));
    this.#alarm.set(undefined);
    this.#activities.stop(why === 'ended' ? 'ended' : 'shutdown');
    this.#deps.gate.gone(this.id);
    this.#deps.dayBudget.leave(this.id);
    this.#access?.close();
    this.#parent.gone(this, why);
    this.#ended?.resolve();
  }

  #leftReason(why: Leaving): Error {
    return new Error(`workflow ${this.key.workflowId}: ${why}`);
  }
}
