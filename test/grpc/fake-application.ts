import type { Clock } from '../../src/clock/clock.ts';
import { ApplicationError } from '../../src/engine/application-error.ts';
import type {
  Application,
  CancelOutcome,
  DocumentBytes,
  StartRequest,
  Started,
  Validated,
  WorkflowView,
} from '../../src/engine/application.ts';
import type { Lifecycle } from '../../src/engine/lifecycle.ts';
import { ProgressFeed } from '../../src/engine/progress-feed.ts';
import type { ProgressReader } from '../../src/engine/progress-reader.ts';
import { prepareStart, type StartDeps } from '../../src/engine/start.ts';
import type { Stats } from '../../src/engine/stats.ts';
import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { OrchestratorRegistry } from '../../src/orchestrator/registry.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { ProviderCatalog, ProviderInfo } from '../../src/provider/model-provider.ts';
import type { ListPage, ListQuery } from '../../src/store/event-store.ts';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import { evolve, fold } from '../../src/workflow/evolve.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { rowOf } from '../../src/workflow/row.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { isTerminal, terminalStatuses } from '../../src/workflow/status.ts';

const provider: ProviderInfo = {
  name: 'xai',
  configured: true,
  keyVariables: ['XAI_API_KEY', 'GROK_API_KEY'],
  baseUrl: 'https://api.x.ai/v1',
  defaultModels: { plan: 'm', work: 'm', synthesis: 'm' },
  calls: 4,
  failures: 1,
  inputTokens: 100,
  outputTokens: 50,
  latencyMsTotal: 1_000,
  latencyMsMax: 700,
  gate: {
    fallback: ['openai'],
    breakers: [
      {
        model: 'm',
        state: 'open',
        sinceTime: Date.UTC(2026, 0, 1),
        retryTime: Date.UTC(2026, 0, 2),
        failuresInARow: 5,
      },
    ],
    rateLimits: { requestsPerMinute: 600 },
    waitingWorkflows: 2,
    pausedUntilTime: Date.UTC(2026, 0, 3),
    throttledCalls: 7,
  },
};

const catalog: ProviderCatalog = {
  list: () => [provider],
  refusal: (name) =>
    name === 'xai' ? undefined : failure('unconfigured', `no provider ${name}; known: xai`),
  defaultModels: () => provider.defaultModels,
  open: () => {
    throw new Error('the fake calls no provider');
  },
  price: () => ({ costNanoUsd: 1, source: 'fake' }),
  address: () => provider.baseUrl,
};

/** Logs in memory, validation as the engine does it, and no agents: a test appends what should have happened. */
export class FakeApplication implements Application {
  readonly #clock: Clock;
  readonly #logs = new Map<string, WorkflowEvent[]>();
  readonly #waiting = new Set<() => void>();
  readonly #requests = new Map<string, string>();
  readonly progressFeed: ProgressFeed;
  readonly starts: StartRequest[] = [];
  readonly renderedDocuments = new Map<string, DocumentBytes[]>();
  registry = new OrchestratorRegistry([research]);
  draining = false;
  /** Thrown by the next calls of everything that reads or changes a workflow. */
  failing: unknown;
  /** Thrown by `check`. */
  unhealthy: Error | undefined;
  openWatches = 0;
  /** Calls of `events` that ask for some. */
  reads = 0;
  /** Events they answered. */
  eventsRead = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.progressFeed = new ProgressFeed(clock);
  }

  /** Calls of `advanced` and `wait` that have not ended. */
  get openWaits(): number {
    return this.#waiting.size;
  }

  append(workflowId: string, ...data: EventData[]): void {
    const log = this.#logs.get(workflowId) ?? [];
    for (const entry of data) {
      log.push({
        workflowId,
        sequence: log.length + 1,
        time: this.#clock.now(),
        epoch: 1,
        progress: isTerminalType(entry.type) ? 100 : Math.min(99, log.length),
        data: entry,
      });
    }
    this.#logs.set(workflowId, log);
    if (this.progressFeed.followedCount > 0) this.progressFeed.committed(this.#stateOf(workflowId));
    this.#wake();
  }

  evict(workflowId: string): void {
    this.#logs.delete(workflowId);
    this.#wake();
  }

  async start(request: StartRequest): Promise<Started> {
    this.starts.push(request);
    this.#throwIfFailing();
    const { event } = prepareStart(request, this.#startDeps());
    const known = request.requestId === undefined ? undefined : this.#requests.get(request.requestId);
    if (known !== undefined) return { state: this.#stateOf(known), repeated: true };
    const workflowId = `${request.orchestrator}_${this.#clock.hex(6)}`;
    if (request.requestId !== undefined) this.#requests.set(request.requestId, workflowId);
    this.append(workflowId, event);
    return { state: this.#stateOf(workflowId), repeated: false };
  }

  async get(key: WorkflowKey): Promise<WorkflowView> {
    this.#throwIfFailing();
    const state = this.#stateOf(key.workflowId);
    return { state, blockedReason: state.status === 'pending' ? 'waits for a slot' : undefined };
  }

  async list(query: ListQuery): Promise<ListPage> {
    const from = query.after ?? this.#logs.size;
    const rows = [...this.#logs.keys()]
      .map((workflowId, index) => ({ index, row: rowOf(this.#stateOf(workflowId)) }))
      .toReversed()
      .filter(({ index }) => index < from)
      .filter(({ row }) => !query.statuses || query.statuses.includes(row.status))
      .filter(({ row }) => query.orchestrator === undefined || row.orchestrator === query.orchestrator)
      .filter(({ row }) =>
        Object.entries(query.labels ?? {}).every(([name, value]) => row.labels[name] === value),
      )
      .filter(({ row }) => row.createTime >= (query.createdFrom ?? 0))
      .filter(({ row }) => row.createTime < (query.createdBefore ?? Number.POSITIVE_INFINITY));
    const page = rows.slice(0, query.limit);
    return {
      rows: page.map(({ row }) => row),
      next: rows.length > page.length ? page.at(-1)?.index : undefined,
    };
  }

  async events(key: WorkflowKey, afterSequence: number, limit: number): Promise<readonly WorkflowEvent[]> {
    if (limit > 0) this.reads++;
    this.#throwIfFailing();
    const log = this.#logOf(key.workflowId);
    if (afterSequence > log.length) {
      throw new ApplicationError('out_of_range', `sequence ${afterSequence} is above the last one`, {
        reason: 'SEQUENCE_OUT_OF_RANGE',
        metadata: { workflow_id: key.workflowId, last_sequence: String(log.length) },
      });
    }
    const events = log.slice(afterSequence, afterSequence + limit);
    this.eventsRead += events.length;
    return events;
  }

  async advanced(key: WorkflowKey, afterSequence: number, signal: AbortSignal): Promise<void> {
    await this.#until(() => (this.#logs.get(key.workflowId)?.length ?? Infinity) > afterSequence, signal);
  }

  progress(key: WorkflowKey, ready: () => void): ProgressReader {
    const { workflowId } = key;
    const state = this.#logs.has(workflowId) ? this.#stateOf(workflowId) : undefined;
    return this.progressFeed.follow(key, state, ready);
  }

  async wait(key: WorkflowKey, timeoutMs: number, signal: AbortSignal): Promise<WorkflowView> {
    const over = new AbortController();
    const timer = this.#clock.after(timeoutMs, () => over.abort());
    const ended = (): boolean => over.signal.aborted || isTerminal(this.#stateOf(key.workflowId).status);
    over.signal.addEventListener('abort', () => this.#wake());
    try {
      await this.#until(ended, signal);
    } finally {
      timer.cancel();
    }
    return this.get(key);
  }

  async cancel(key: WorkflowKey, reason: string | undefined): Promise<CancelOutcome> {
    this.#throwIfFailing();
    const { status } = this.#stateOf(key.workflowId);
    if (!isTerminal(status)) {
      this.append(
        key.workflowId,
        { type: 'cancellation_requested', ...(reason !== undefined && { reason }) },
        {
          type: 'workflow_cancelled',
          receipt: {
            callsAborted: 0,
            callsUnknown: 0,
            callsFinished: 0,
            ignoredAbort: [],
            inputTokens: 7,
            outputTokens: 3,
            costNanoUsd: 1_500_000_000,
            assumedCostNanoUsd: 500_000_000,
            unpricedCalls: 0,
            quiescenceMs: 12.5,
          },
        },
      );
    }
    const state = this.#stateOf(key.workflowId);
    return { state, cancelled: state.status === 'cancelled', receipt: state.receipt };
  }

  async pause(key: WorkflowKey, reason: string | undefined): Promise<WorkflowView> {
    this.#mustBe(key.workflowId, ['pending', 'running'], 'paused');
    this.append(key.workflowId, {
      type: 'workflow_paused',
      ...(reason !== undefined && { reason }),
      agentRemainingMs: {},
      pauseDeadline: this.#clock.now() + 1_000,
    });
    return this.get(key);
  }

  async resume(key: WorkflowKey): Promise<WorkflowView> {
    this.#mustBe(key.workflowId, ['paused'], 'resumed');
    this.append(key.workflowId, { type: 'workflow_resumed' });
    return this.get(key);
  }

  async conclude(key: WorkflowKey): Promise<WorkflowView> {
    this.#mustBe(key.workflowId, ['running'], 'concluded');
    this.append(key.workflowId, {
      type: 'conclusion_requested',
      reason: 'caller',
      graceDeadline: this.#clock.now() + 1_000,
    });
    return this.get(key);
  }

  async remove(key: WorkflowKey): Promise<void> {
    this.#throwIfFailing();
    this.#mustBe(key.workflowId, [...terminalStatuses], 'deleted');
    this.#logs.delete(key.workflowId);
  }

  async validate(request: StartRequest): Promise<Validated> {
    const { event } = prepareStart(request, this.#startDeps());
    const first = {
      workflowId: '',
      sequence: 1,
      time: this.#clock.now(),
      epoch: 0,
      progress: 0,
      data: event,
    };
    return { state: evolve(undefined, first) };
  }

  async documents(key: WorkflowKey): Promise<readonly DocumentBytes[]> {
    this.#logOf(key.workflowId);
    return this.renderedDocuments.get(key.workflowId) ?? [];
  }

  orchestrators(): readonly Orchestrator[] {
    return this.registry.list();
  }

  providers(): readonly ProviderInfo[] {
    return catalog.list();
  }

  lifecycle(): Lifecycle {
    return {
      states: [
        { name: 'pending', description: 'waits', terminal: false },
        { name: 'completed', description: 'done', terminal: true },
      ],
      transitions: [{ source: 'pending', event: 'workflow_completed', target: 'completed' }],
      mermaid: 'stateDiagram-v2\n  pending --> completed',
    };
  }

  watchOpened(): () => void {
    this.openWatches++;
    return () => void this.openWatches--;
  }

  async stats(): Promise<Stats> {
    return {
      uptimeSeconds: 12.5,
      totalWorkflows: 3,
      totalErrors: 1,
      totalCancelled: 1,
      totalCostNanoUsd: 1_234_567_890,
      byOrchestrator: [
        {
          orchestrator: 'research',
          count: 3,
          errors: 1,
          cancelled: 1,
          duration: {
            min: 1.004,
            avg: 2.006,
            max: 3,
            buckets: [
              { upperBound: 2, count: 1 },
              { upperBound: Number.POSITIVE_INFINITY, count: 3 },
            ],
          },
          costNanoUsd: 1_234_567_890,
        },
      ],
      liveWorkflows: 1,
      pendingWorkflows: 2,
      activeWatches: this.openWatches,
      registeredWebhooks: 0,
      providerCalls: 4,
      providerFailures: 1,
      inputTokens: 100,
      outputTokens: 50,
      unpricedCalls: 1,
      today: {
        day: 20_454,
        spend: { spentNanoUsd: 2_500_000_000, heldNanoUsd: 500_000_000, spentTokens: 70, heldTokens: 30 },
        caps: { maxCostNanoUsd: 10_000_000_000 },
      },
      appends: 9,
      appendLatencyMsAvg: 1.5,
      appendLatencyMsMax: 4,
      openBreakers: 1,
      rateLimitedWorkflows: 2,
      throttledCalls: 3,
    };
  }

  async check(): Promise<void> {
    if (this.unhealthy) throw this.unhealthy;
  }

  #startDeps(): StartDeps {
    return {
      clock: this.#clock,
      registry: this.registry,
      catalog,
      corpora: [],
      supportedFormats: ['markdown', 'docx', 'pdf'],
      defaultProvider: 'xai',
      dayBudget: { caps: undefined },
    };
  }

  #throwIfFailing(): void {
    if (this.failing !== undefined) throw this.failing;
  }

  #logOf(workflowId: string): WorkflowEvent[] {
    const log = this.#logs.get(workflowId);
    if (!log) {
      throw new ApplicationError('not_found', `there is no workflow ${workflowId}`, {
        reason: 'WORKFLOW_NOT_FOUND',
        metadata: { workflow_id: workflowId },
      });
    }
    return log;
  }

  #stateOf(workflowId: string): WorkflowState {
    const state = fold(this.#logOf(workflowId));
    if (!state) throw new Error(`${workflowId} has an empty log`);
    return state;
  }

  #mustBe(workflowId: string, allowed: readonly string[], verb: string): void {
    const { status } = this.#stateOf(workflowId);
    if (allowed.includes(status)) return;
    throw new ApplicationError('wrong_state', `${workflowId} is ${status}; it cannot be ${verb}`, {
      reason: 'WRONG_STATE',
      metadata: { workflow_id: workflowId, state: status },
    });
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }

  #until(fact: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (outcome: () => void): void => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', onAbort);
        outcome();
      };
      const look = (): void => {
        try {
          if (fact()) finish(resolve);
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const onAbort = (): void => finish(() => reject(signal.reason));
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(look);
      look();
    });
  }
}

function isTerminalType(type: EventData['type']): boolean {
  return ['workflow_completed', 'workflow_failed', 'workflow_timed_out', 'workflow_cancelled'].includes(type);
}
