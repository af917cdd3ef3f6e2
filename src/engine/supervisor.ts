import { createActor, type ActorRefFrom } from 'xstate';
import type { Timer } from '../clock/clock.ts';
import type { OrchestratorRegistry } from '../orchestrator/registry.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { Blob, LeaseStore, RemoveResult, RequestRecord } from '../store/event-store.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { EventOf } from '../workflow/event.ts';
import type { WorkflowState } from '../workflow/state.ts';
import { Admission } from './admission.ts';
import { Alarms } from './alarms.ts';
import { ApplicationError } from './application-error.ts';
import { drainWorkflows, type DrainReport, type ShutdownPolicy } from './drain.ts';
import { Journal } from './journal.ts';
import { LogListeners } from './log-listeners.ts';
import { Ownership } from './ownership.ts';
import { Retention, type RetentionOptions } from './retention.ts';
import { TaskRegistry } from './task-registry.ts';
import { supervisorMachine, type SupervisorHost } from './supervisor-machine.ts';
import { type Adopter, TakeOver } from './take-over.ts';
import {
  type Leaving,
  WorkflowActor,
  type WorkflowActorDeps,
  type WorkflowParent,
} from './workflow-actor.ts';

/** Requests of recovered workflows leave when the event loop has come round so often to their new connections. */
const turnsToConnect = 2;

export interface SupervisorOptions extends RetentionOptions {
  readonly maxLiveWorkflows: number;
  readonly maxPendingWorkflows: number;
}

export interface SupervisorDeps extends WorkflowActorDeps {
  readonly leases: LeaseStore;
  readonly registry: OrchestratorRegistry;
}

/** A request that starts a workflow, before it is known how long its id is kept. */
export type NewRequest = Omit<RequestRecord, 'expireTime'>;

export type CreateResult =
  | { readonly result: 'created'; readonly state: WorkflowState }
  | { readonly result: 'request_known'; readonly workflowId: string; readonly bodyHash: string };

/**
 * Owns the task registry: every workflow of this process that has not ended is one live actor here. Starts and admits
 * them, sweeps for those that nobody carries and for what retention lets go, and drains. One per process.
 */
export class Supervisor implements SupervisorHost, WorkflowParent, Adopter {
  readonly alarms: Alarms;
  readonly #deps: SupervisorDeps;
  readonly #options: SupervisorOptions;
  readonly #ownership: Ownership;
  readonly #actors = new TaskRegistry<WorkflowActor>();
  readonly #admission: Admission;
  readonly #listeners = new LogListeners();
  readonly #takeOver: TakeOver;
  readonly #machine: ActorRefFrom<typeof supervisorMachine>;
  readonly #recovered = Promise.withResolvers<void>();
  /** Settle when a workflow taken up at the start goes on. */
  readonly #resuming: Promise<void>[] = [];
  #started = false;
  #order = 0;
  /** Starts whose first append is under way; the sweep must not take them for orphans, a drain waits for them. */
  readonly #creating = new TaskRegistry<Promise<unknown>>();
  readonly #retention: Retention;
  #sweepTimer: Timer | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #shutDown: Promise<DrainReport> | undefined;
  #drainPlan:
    | {
        readonly graceMs: number;
        readonly policy: ShutdownPolicy;
        readonly done: (report: DrainReport) => void;
      }
    | undefined;

  constructor(deps: SupervisorDeps, options: SupervisorOptions) {
    this.#deps = deps;
    this.#options = options;
    this.alarms = new Alarms(deps.clock);
    this.#ownership = new Ownership(deps);
    this.#takeOver = new TakeOver(deps, this.#ownership, this);
    this.#admission = new Admission(options.maxLiveWorkflows);
    this.#retention = new Retention(deps, options, (key) => this.#listeners.notify(keyText(key)));
    this.#machine = createActor(supervisorMachine, { input: { host: this } });
  }

  /** Takes up every workflow that has not ended; resolves when all of them are taken up, and starts are accepted. */
  async start(): Promise<void> {
    this.#started = true;
    this.#machine.start();
    await this.#recovered.promise;
  }

  /** After `start`: resolves when each workflow that was running has recorded what it found and goes on; at the latest after `ms`. */
  async goingOn(ms: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const patience = this.#deps.clock.after(ms, resolve);
    await Promise.race([Promise.all(this.#resuming.splice(0)), late]);
    patience.cancel();
    for (let turn = 0; turn < turnsToConnect; turn++) await this.#nextTurn();
  }

  get accepting(): boolean {
    return this.#machine.getSnapshot().matches('serving');
  }

  get draining(): boolean {
    const snapshot = this.#machine.getSnapshot();
    return snapshot.matches('draining') || snapshot.matches('stopped');
  }

  /** Workflows that hold a slot. */
  get liveCount(): number {
    return this.#admission.running;
  }

  get pendingCount(): number {
    return this.#admission.waiting;
  }

  /** Entries of the task registry: workflows that have not ended. */
  get registeredCount(): number {
    return this.#actors.size;
  }

  find(key: WorkflowKey): WorkflowActor | undefined {
    return this.#actors.get(keyText(key));
  }

  blockedReason(key: WorkflowKey): string | undefined {
    const id = keyText(key);
    const position = this.#admission.positionOf(id);
    if (position !== undefined) return `slot: ${position - 1} workflows are ahead in line`;
    return this.heldUpBy(key);
  }

  /** The same without the place in line, which would have to be counted for each workflow of a list. */
  heldUpBy(key: WorkflowKey): string | undefined {
    const id = keyText(key);
    return this.#takeOver.whyUntouched(id) ?? this.#actors.get(id)?.blockedReason;
  }

  /** Calls `listener` whenever the workflow's log has grown or the workflow is gone; call the result to stop. */
  listen(key: WorkflowKey, listener: () => void): () => void {
    return this.#listeners.add(keyText(key), listener);
  }

  /** Refuses new work while starting, draining or full. */
  assertAccepting(): void {
    if (!this.accepting) {
      throw new ApplicationError(
        'unavailable',
        'the server is shutting down or still starting; try again or use another node',
        {
          reason: 'NOT_ACCEPTING',
          retryDelayMs: limits.startRetryDelayMs,
        },
      );
    }
    // Starts under way will take the free slots first, then stand in line. Paused ones count too: they were let in once
    // and hold memory here until they end.
    const pending = this.#admission.waiting + this.#creating.size;
    const registered = this.#actors.size + this.#creating.size;
    const { maxLiveWorkflows, maxPendingWorkflows } = this.#options;
    if (
      pending >= maxPendingWorkflows + this.#admission.freeSlots ||
      registered >= maxPendingWorkflows + maxLiveWorkflows
    ) {
      throw new ApplicationError(
        'exhausted',
        `${registered} workflows have not ended (${pending} wait for a slot), the most this server allows; try again later`,
        {
          reason: 'PENDING_QUEUE_FULL',
          metadata: {
            pending: String(pending),
            registered: String(registered),
            limit: String(maxPendingWorkflows),
          },
          retryDelayMs: limits.startRetryDelayMs,
        },
      );
    }
  }

  /** Makes a workflow durable, then lets it stand in line. Rejects with StoreUnavailableError. */
  async create(
    key: WorkflowKey,
    orchestrator: Orchestrator,
    started: EventOf<'workflow_started'>,
    blobs: readonly Blob[],
    request: NewRequest | undefined,
  ): Promise<CreateResult> {
    this.assertAccepting();
    const id = keyText(key);
    const creation = this.#create(key, orchestrator, started, blobs, request);
    this.#creating.set(id, creation);
    try {
      return await creation;
    } finally {
      this.#creating.delete(id);
    }
  }

  async #create(
    key: WorkflowKey,
    orchestrator: Orchestrator,
    started: EventOf<'workflow_started'>,
    blobs: readonly Blob[],
    request: NewRequest | undefined,
  ): Promise<CreateResult> {
    const { observers } = this.#deps;
    const epoch = await this.#ownership.claim(key);
    if (epoch === undefined) throw idTaken(key, 'another owner holds it');
    const journal = new Journal(this.#deps, key, epoch, undefined, (state) => orchestrator.progress(state));
    const draft = journal.draft();
    draft.add(started);
    let owned = false;
    try {
      // From when it is recorded: whoever came with it may have waited for long.
      const expireTime = draft.time + limits.requestIdKeptMs;
      const answer = await journal.create(draft, blobs, request && { ...request, expireTime });
      if (answer.result === 'request_known') return { result: 'request_known', ...answer.known };
      if (answer.result !== 'appended' && answer.result !== 'duplicate') {
        throw idTaken(key, `the first append was refused (${answer.result})`);
      }
      owned = true;
    } finally {
      // If it was written after all, the sweep finds it without an owner and takes it.
      if (!owned) await this.#ownership.giveBack(key, epoch);
    }
    for (const observer of observers) observer.committed(journal.state, draft.events);
    void this.#take(new WorkflowActor(this.#deps, this, journal, orchestrator, 'started', this.#order++));
    return { result: 'created', state: journal.state };
  }

  /** Removes one finished workflow; those who watch it are told. */
  async remove(key: WorkflowKey): Promise<RemoveResult> {
    const result = await this.#deps.store.remove(key);
    if (result === 'removed') this.#listeners.notify(keyText(key));
    return result;
  }

  /**
   * Refuses new work, lets attempts under way end for `graceMs`, aborts the rest and releases every workflow, so that
   * the next process goes on from its log. With policy `cancel` each is cancelled instead. Asked again, it answers the
   * same report.
   */
  shutDown(graceMs: number, policy: ShutdownPolicy): Promise<DrainReport> {
    // Before the start there is nothing to drain, and afterwards nothing will be started.
    this.#shutDown ??= new Promise((done) => {
      if (!this.#started) {
        this.#machine.stop();
        done({ workflowsReleased: 0, workflowsCancelled: 0, callsAborted: 0 });
        return;
      }
      this.#drainPlan = { graceMs, policy, done };
      this.#machine.send({ type: 'drain' });
    });
    return this.#shutDown;
  }

  // What the machine asks for.

  recover(): void {
    void this.#takeOver.claimOpen().then(
      () => {
        if (!this.draining) this.#admission.open();
        this.#machine.send({ type: 'recovered' });
        this.#recovered.resolve();
      },
      // Nothing is served from a store that cannot be read; whoever started this supervisor hears why.
      (error: unknown) => this.#recovered.reject(error),
    );
  }

  startSweeping(): void {
    this.#sweepTimer = this.#deps.clock.after(limits.sweepMs, () => {
      this.#sweeping = this.#sweep().finally(() => {
        if (this.accepting) this.startSweeping();
      });
    });
  }

  stopSweeping(): void {
    this.#sweepTimer?.cancel();
    this.#sweepTimer = undefined;
  }

  drain(): void {
    const plan = this.#drainPlan;
    if (!plan) throw new Error('a drain needs a plan');
    void this.#drain(plan.graceMs, plan.policy).then((report) => {
      this.#machine.send({ type: 'drained' });
      plan.done(report);
    });
  }

  // What taking over asks for.

  holds(id: string): boolean {
    return this.#actors.has(id) || this.#creating.has(id);
  }

  adopt(journal: Journal, orchestrator: Orchestrator, order: number): void {
    const id = keyText(journal.key);
    if (journal.state.status === 'running') this.#admission.occupy(id);
    this.#order = Math.max(this.#order, order + 1);
    try {
      const goesOn = this.#take(new WorkflowActor(this.#deps, this, journal, orchestrator, 'claimed', order));
      if (!this.accepting) this.#resuming.push(goesOn);
    } catch (error) {
      this.#actors.delete(id);
      this.#admission.release(id);
      throw error;
    }
  }

  // What workflows ask for.

  queueUp(actor: WorkflowActor): void {
    const { options } = actor.state;
    this.#admission.enqueue({
      key: actor.id,
      priority: options.priority,
      order: actor.order,
      admit: () => actor.admit(),
    });
  }

  leaveQueue(actor: WorkflowActor): void {
    this.#admission.remove(actor.id);
  }

  releaseSlot(actor: WorkflowActor): void {
    this.#admission.release(actor.id);
  }

  advanced(actor: WorkflowActor): void {
    this.#listeners.notify(actor.id);
  }

  gone(actor: WorkflowActor, why: Leaving): void {
    if (this.#actors.get(actor.id) === actor) {
      this.#actors.delete(actor.id);
      this.#admission.remove(actor.id);
      this.#admission.release(actor.id);
      const reason = actor.quarantinedReason;
      if (why === 'lost' && reason !== undefined) this.#takeOver.leaveUntouched(actor.id, reason);
    }
    this.#listeners.notify(actor.id);
    if (why === 'ended') this.#retention.ended();
  }

  async #sweep(): Promise<void> {
    try {
      for (const actor of this.#actors.values()) actor.nudge();
      await this.#takeOver.claimOpen();
      await this.#retention.evict();
    } catch (error) {
      this.#deps.logger.error({ error }, 'sweep failed; the next one tries again');
    }
  }

  #nextTurn(): Promise<void> {
    return new Promise((resolve) => this.#deps.clock.soon(resolve));
  }

  #take(actor: WorkflowActor): Promise<void> {
    this.#actors.set(actor.id, actor);
    return actor.start();
  }

  async #drain(graceMs: number, policy: ShutdownPolicy): Promise<DrainReport> {
    const { clock, logger } = this.#deps;
    this.#admission.shut();
    // A start whose append is under way has been promised nothing yet, but may become durable: it is drained too.
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const patience = clock.after(limits.cancelQuiescenceMs, resolve);
    await Promise.race([Promise.allSettled(this.#creating.values()), late]);
    patience.cancel();
    return drainWorkflows([...this.#actors.values()], {
      clock,
      logger,
      graceMs,
      policy,
      giveBack: async (left) => {
        await this.#sweeping;
        await this.#retention.quiet();
        for (const actor of left) await this.#ownership.giveBack(actor.key, actor.epoch);
      },
    });
  }
}

/** A new id that is not free, or that somebody took meanwhile. Nothing was started; another try draws another id. */
function idTaken({ workflowId }: WorkflowKey, why: string): ApplicationError {
  return new ApplicationError(
    'unavailable',
    `the new id ${workflowId} could not be taken: ${why}; nothing was started, try again`,
    {
      reason: 'WORKFLOW_ID_TAKEN',
      metadata: { workflow_id: workflowId },
      retryDelayMs: limits.startRetryDelayMs,
    },
  );
}
