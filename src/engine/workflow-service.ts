import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { ProviderInfo } from '../provider/model-provider.ts';
import { DamagedLogError, StoreUnavailableError, type ListQuery } from '../store/event-store.ts';
import { dayOf } from '../workflow/day-spend.ts';
import { evolve } from '../workflow/evolve.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import { defaultTenant, keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';
import { isTerminal } from '../workflow/status.ts';
import { ApplicationError } from './application-error.ts';
import type {
  Application,
  CancelOutcome,
  DocumentBytes,
  ListedPage,
  ListedWorkflow,
  Started,
  StartRequest,
  Validated,
  WorkflowView,
} from './application.ts';
import { readState } from './journal.ts';
import type { Lifecycle } from './lifecycle.ts';
import { bodyHashOf, prepareStart, type StartDeps } from './start.ts';
import type { ProgressReader } from './progress-reader.ts';
import type { CountedStats, Stats } from './stats.ts';
import type { Supervisor, SupervisorDeps } from './supervisor.ts';
import { lifecycleOf, workflowMachine } from './workflow-machine.ts';

export interface WorkflowServiceDeps extends SupervisorDeps, Omit<StartDeps, 'dayBudget'> {
  /** Counters of finished workflows and calls. */
  readonly counters: { snapshot(): CountedStats };
}

/** What every edge calls: the supervisor's live workflows and the logs of all others behind one interface. */
export class WorkflowService implements Application {
  readonly #deps: WorkflowServiceDeps;
  readonly #supervisor: Supervisor;
  readonly #startTime: number;
  #watches = 0;

  constructor(deps: WorkflowServiceDeps, supervisor: Supervisor) {
    this.#deps = deps;
    this.#supervisor = supervisor;
    this.#startTime = deps.clock.monotonic();
  }

  get draining(): boolean {
    return this.#supervisor.draining;
  }

  start(request: StartRequest): Promise<Started> {
    return this.#guard(async () => {
      const { store, clock } = this.#deps;
      const bodyHash = request.requestId ? bodyHashOf(request) : '';
      if (request.requestId) {
        const known = await store.knownRequest(
          request.tenant,
          request.method,
          request.requestId,
          clock.now(),
        );
        if (known) return this.#repeated(request, known.workflowId, known.bodyHash === bodyHash);
      }
      const { orchestrator, event, blobs } = prepareStart(request, this.#deps);
      const key: WorkflowKey = { tenant: request.tenant, workflowId: `${orchestrator.name}_${clock.hex(6)}` };
      const record = request.requestId
        ? { method: request.method, requestId: request.requestId, bodyHash }
        : undefined;
      // In the log too, whose checksum finds what a disk did to it; the record alone has nothing to compare with.
      const started = record ? { ...event, requestBodyHash: bodyHash } : event;
      const created = await this.#supervisor.create(key, orchestrator, started, blobs, record);
      if (created.result === 'request_known')
        return this.#repeated(request, created.workflowId, created.bodyHash === bodyHash);
      return { state: created.state, repeated: false };
    });
  }

  validate(request: StartRequest): Promise<Validated> {
    return this.#guard(async () => {
      const { event } = prepareStart(request, this.#deps);
      const now = this.#deps.clock.now();
      const first = { workflowId: '', sequence: 1, time: now, epoch: 0, progress: 0, data: event };
      return { state: evolve(undefined, first) };
    });
  }

  get(key: WorkflowKey): Promise<WorkflowView> {
    return this.#guard(() => this.#view(key));
  }

  list(query: ListQuery): Promise<ListedPage> {
    return this.#guard(async () => {
      const page = await this.#deps.store.list(query);
      const rows = page.rows.map((row): ListedWorkflow => {
        if (isTerminal(row.status)) return row;
        const { workflowId } = row;
        return { ...row, blockedReason: this.#supervisor.heldUpBy({ tenant: query.tenant, workflowId }) };
      });
      return { ...page, rows };
    });
  }

  events(key: WorkflowKey, afterSequence: number, limit: number): Promise<readonly WorkflowEvent[]> {
    return this.#guard(async () => {
      const events = await this.#deps.store.read(key, afterSequence, limit);
      if (!events) throw notFound(key);
      if (events.length === 0 && afterSequence > 0) {
        const row = await this.#deps.store.row(key);
        if (!row) throw notFound(key);
        if (afterSequence > row.sequence) {
          throw new ApplicationError(
            'out_of_range',
            `sequence ${afterSequence} is above the last one of ${key.workflowId}, ${row.sequence}`,
            {
              reason: 'SEQUENCE_OUT_OF_RANGE',
              metadata: {
                workflow_id: key.workflowId,
                after_sequence: String(afterSequence),
                last_sequence: String(row.sequence),
              },
            },
          );
        }
      }
      return events;
    });
  }

  advanced(key: WorkflowKey, afterSequence: number, signal: AbortSignal): Promise<void> {
    return this.#guard(async () => {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      // An abort may come while the store is asked; it is heard below.
      promise.catch(() => undefined);
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      // Listen before looking, or an append between the two is missed.
      const stop = this.#supervisor.listen(key, () => {
        const actor = this.#supervisor.find(key);
        if (!actor || actor.state.sequence > afterSequence) resolve();
      });
      try {
        const actor = this.#supervisor.find(key);
        if (actor) {
          if (actor.state.sequence > afterSequence) return;
        } else {
          const row = await this.#deps.store.row(key);
          if (!row || row.sequence > afterSequence || isTerminal(row.status)) return;
        }
        await promise;
      } finally {
        stop();
        signal.removeEventListener('abort', onAbort);
      }
    });
  }

  progress(key: WorkflowKey, ready: () => void): ProgressReader {
    return this.#deps.progress.follow(key, this.#supervisor.find(key)?.state, ready);
  }

  wait(key: WorkflowKey, timeoutMs: number, signal: AbortSignal): Promise<WorkflowView> {
    return this.#guard(async () => {
      const { clock } = this.#deps;
      const { promise: stopped, resolve: timeOver, reject } = Promise.withResolvers<void>();
      // An abort may come while nobody waits for it; the next race hears of it.
      stopped.catch(() => undefined);
      const onAbort = (): void => reject(signal.reason);
      let over = timeoutMs <= 0;
      const timer = clock.after(timeoutMs, () => {
        over = true;
        timeOver();
      });
      signal.addEventListener('abort', onAbort, { once: true });
      let actor = this.#supervisor.find(key);
      try {
        signal.throwIfAborted();
        for (;;) {
          const { promise: changed, resolve } = Promise.withResolvers<void>();
          const stop = this.#supervisor.listen(key, resolve);
          try {
            // The actor's own state is the truth, also when retention was quicker than this look.
            actor = this.#supervisor.find(key) ?? actor;
            if (actor && isTerminal(actor.state.status)) return this.#viewOf(key, actor.state);
            const view = await this.#view(key);
            if (over || isTerminal(view.state.status)) return view;
            await Promise.race([changed, stopped]);
          } finally {
            stop();
          }
        }
      } finally {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
      }
    });
  }

  cancel(key: WorkflowKey, reason: string | undefined): Promise<CancelOutcome> {
    return this.#guard(async () => {
      const actor = this.#supervisor.find(key);
      let state: WorkflowState;
      if (actor) {
        await actor.cancel(reason);
        state = actor.state;
        if (!isTerminal(state.status)) throw this.#notCarried(key);
      } else {
        state = await this.#state(key);
        if (!isTerminal(state.status)) throw this.#notCarried(key);
      }
      return { state, cancelled: state.status === 'cancelled', receipt: state.receipt };
    });
  }

  pause(key: WorkflowKey, reason: string | undefined): Promise<WorkflowView> {
    return this.#guard(async () => {
      const actor = this.#supervisor.find(key);
      if (!actor) throw this.#wrongState(key, await this.#state(key), 'paused', 'PENDING or RUNNING');
      if (actor.state.sequence >= limits.eventsPerWorkflowMax) {
        throw new ApplicationError(
          'exhausted',
          `${key.workflowId} has ${actor.state.sequence} events; it cannot be paused any more, only cancelled`,
          {
            reason: 'EVENT_LIMIT',
            metadata: { workflow_id: key.workflowId, limit: String(limits.eventsPerWorkflowMax) },
          },
        );
      }
      await actor.pause(reason);
      if (actor.state.status !== 'paused')
        throw this.#wrongState(key, actor.state, 'paused', 'PENDING or RUNNING');
      return this.#viewOf(key, actor.state);
    });
  }

  resume(key: WorkflowKey): Promise<WorkflowView> {
    return this.#guard(async () => {
      const actor = this.#supervisor.find(key);
      if (!actor) throw this.#wrongState(key, await this.#state(key), 'resumed', 'PAUSED');
      const before = actor.state.status;
      await actor.resume();
      if (before !== 'paused') throw this.#wrongState(key, actor.state, 'resumed', 'PAUSED');
      return this.#viewOf(key, actor.state);
    });
  }

  conclude(key: WorkflowKey): Promise<WorkflowView> {
    return this.#guard(async () => {
      const actor = this.#supervisor.find(key);
      if (!actor) throw this.#wrongState(key, await this.#state(key), 'concluded', 'RUNNING');
      await actor.conclude();
      // It may have ended by now, which is what was asked for.
      if (!actor.state.conclusion) throw this.#wrongState(key, actor.state, 'concluded', 'RUNNING');
      return this.#viewOf(key, actor.state);
    });
  }

  remove(key: WorkflowKey): Promise<void> {
    return this.#guard(async () => {
      const outcome = await this.#supervisor.remove(key);
      if (outcome === 'unknown') throw notFound(key);
      if (outcome === 'open')
        throw this.#wrongState(key, await this.#state(key), 'deleted', 'finished; cancel it first');
    });
  }

  documents(key: WorkflowKey): Promise<readonly DocumentBytes[]> {
    return this.#guard(async () => {
      const state = await this.#state(key);
      const completed = [...state.documents.values()].flatMap((document) => document.completed ?? []);
      return Promise.all(
        completed.map(async ({ format, fileName, mediaType, sha256 }) => {
          const bytes = await this.#deps.store.blob(sha256);
          if (!bytes)
            throw new StoreUnavailableError(
              `workflow ${key.workflowId}: document ${fileName} (${sha256}) is missing`,
            );
          return { format, fileName, mediaType, sha256, bytes };
        }),
      );
    });
  }

  orchestrators(): readonly Orchestrator[] {
    return this.#deps.registry.list();
  }

  providers(): readonly ProviderInfo[] {
    const { catalog, gate } = this.#deps;
    return catalog.list().map((info) => ({ ...info, gate: gate.info(info.name) }));
  }

  lifecycle(): Lifecycle {
    return lifecycleOf(workflowMachine);
  }

  watchOpened(): () => void {
    this.#watches++;
    let open = true;
    return () => {
      if (open) this.#watches--;
      open = false;
    };
  }

  stats(): Promise<Stats> {
    return this.#guard(async () => {
      const { appendMeter, clock, counters, store, dayBudget } = this.#deps;
      const gates = this.providers().flatMap(({ gate }) => gate ?? []);
      const breakers = gates.flatMap((gate) => gate.breakers);
      const day = dayOf(clock.now());
      const spend = await store.spendOf(defaultTenant, day);
      return {
        ...counters.snapshot(),
        uptimeSeconds: (clock.monotonic() - this.#startTime) / 1000,
        liveWorkflows: this.#supervisor.liveCount,
        pendingWorkflows: this.#supervisor.pendingCount,
        activeWatches: this.#watches,
        registeredWebhooks: 0,
        today: { day, spend, caps: dayBudget.caps ?? {} },
        appends: appendMeter.appends,
        appendLatencyMsAvg: appendMeter.averageMs,
        appendLatencyMsMax: appendMeter.maxMs,
        openBreakers: breakers.filter(({ state }) => state !== 'closed').length,
        rateLimitedWorkflows: gates.reduce((sum, { waitingWorkflows }) => sum + waitingWorkflows, 0),
        throttledCalls: gates.reduce((sum, { throttledCalls }) => sum + throttledCalls, 0),
      };
    });
  }

  async check(): Promise<void> {
    await this.#guard(async () => {
      if (!this.#supervisor.accepting) {
        throw new ApplicationError('unavailable', 'the server is starting or shutting down', {
          reason: 'NOT_ACCEPTING',
          retryDelayMs: limits.startRetryDelayMs,
        });
      }
      await this.#deps.store.check();
      const { appendMeter, clock } = this.#deps;
      // A small probe may fit where an append does not: what the last append met counts for a while. Not for ever, or a
      // server that nobody sends work to would never try again.
      const failure = appendMeter.failureSince(clock.monotonic() - limits.appendFailureCountsMs);
      if (failure !== undefined) throw new StoreUnavailableError(failure);
    });
  }

  async #repeated(request: StartRequest, workflowId: string, same: boolean): Promise<Started> {
    if (!same) {
      throw new ApplicationError(
        'conflict',
        `request_id ${request.requestId} was used for ${workflowId} with another body; use a new one`,
        {
          reason: 'REQUEST_ID_REUSED',
          metadata: { request_id: request.requestId ?? '', workflow_id: workflowId },
        },
      );
    }
    return { state: await this.#state({ tenant: request.tenant, workflowId }), repeated: true };
  }

  async #state(key: WorkflowKey): Promise<WorkflowState> {
    const actor = this.#supervisor.find(key);
    if (actor) return actor.state;
    const state = await readState(this.#deps.store, key);
    if (!state) throw notFound(key);
    return state;
  }

  async #view(key: WorkflowKey): Promise<WorkflowView> {
    return this.#viewOf(key, await this.#state(key));
  }

  #viewOf(key: WorkflowKey, state: WorkflowState): WorkflowView {
    return {
      state,
      blockedReason: isTerminal(state.status) ? undefined : this.#supervisor.blockedReason(key),
    };
  }

  #notCarried(key: WorkflowKey): ApplicationError {
    const why = this.#supervisor.blockedReason(key) ?? 'no process carries it at the moment';
    return new ApplicationError('unavailable', `${key.workflowId} cannot be changed now: ${why}`, {
      reason: 'WORKFLOW_NOT_CARRIED',
      metadata: { workflow_id: key.workflowId, key: keyText(key) },
      retryDelayMs: limits.startRetryDelayMs,
    });
  }

  #wrongState(key: WorkflowKey, state: WorkflowState, verb: string, allowed: string): ApplicationError {
    if (!isTerminal(state.status) && !this.#supervisor.find(key)) return this.#notCarried(key);
    const now = state.status.toUpperCase();
    return new ApplicationError(
      'wrong_state',
      `${key.workflowId} is ${now}; only a workflow that is ${allowed} can be ${verb}`,
      {
        reason: 'WRONG_STATE',
        metadata: { workflow_id: key.workflowId, state: now, allowed },
      },
    );
  }

  /** A store that does not answer is the caller's to retry; everything else passes as it is. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DamagedLogError)
        throw new ApplicationError('damaged', error.message, { reason: 'LOG_DAMAGED', cause: error });
      if (!(error instanceof StoreUnavailableError)) throw error;
      throw new ApplicationError(
        'unavailable',
        `the store does not answer (${error.message}); nothing was confirmed, try again`,
        {
          reason: 'STORE_UNAVAILABLE',
          retryDelayMs: limits.startRetryDelayMs,
          cause: error,
        },
      );
    }
  }
}

function notFound(key: WorkflowKey): ApplicationError {
  return new ApplicationError(
    'not_found',
    `there is no workflow ${key.workflowId}; it may have been evicted`,
    {
      reason: 'WORKFLOW_NOT_FOUND',
      metadata: { workflow_id: key.workflowId },
    },
  );
}
