import assert from 'node:assert/strict';
import type { Clock } from '../../src/clock/clock.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { DocumentRenderer } from '../../src/document/document-renderer.ts';
import { DayBudget } from '../../src/engine/day-budget.ts';
import { AppendMeter } from '../../src/engine/append-meter.ts';
import type { CommitObserver } from '../../src/engine/commit-observer.ts';
import type { CountedStats } from '../../src/engine/stats.ts';
import type { LifecycleSteps } from '../../src/engine/lifecycle-steps.ts';
import type { DrainReport } from '../../src/engine/drain.ts';
import { ProgressFeed } from '../../src/engine/progress-feed.ts';
import { Supervisor, type SupervisorOptions } from '../../src/engine/supervisor.ts';
import { WorkflowService, type WorkflowServiceDeps } from '../../src/engine/workflow-service.ts';
import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { OrchestratorRegistry } from '../../src/orchestrator/registry.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { Blob, EventStore, LeaseStore } from '../../src/store/event-store.ts';
import { ProviderGate, type ProviderGateDeps } from '../../src/provider/provider-gate.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { DocumentLibrary } from '../../src/tool/document-library.ts';
import type { Toolbox } from '../../src/tool/toolbox.ts';
import { auditLog } from '../../src/workflow/audit.ts';
import {
  isTerminalEvent,
  type EventOf,
  type EventType,
  type WorkflowEvent,
} from '../../src/workflow/event.ts';
import { evolve, fold } from '../../src/workflow/evolve.ts';
import { attemptId, defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import { spentTokens, type Caps } from '../../src/workflow/ledger.ts';
import { silentLogger, type LogFields, type Logger } from '../../src/workflow/logger.ts';
import { rowOf } from '../../src/workflow/row.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { ScriptedCatalog } from './scripted-catalog.ts';

/** No documents at all. */
export const emptyLibrary: DocumentLibrary = {
  corpora: [],
  index: (documents) => ({ documents, search: () => [], passagesOf: () => [], close: () => undefined }),
  corpus: (name) => Promise.reject(new Error(`no corpus ${name}`)),
};

export const plainRenderer: DocumentRenderer = {
  format: 'markdown',
  fileExtension: 'md',
  mediaType: 'text/markdown; charset=utf-8',
  render: (report) => Promise.resolve({ bytes: Buffer.from(`# ${report.title}\n`) }),
};

const noCounters: CountedStats = {
  totalWorkflows: 0,
  totalErrors: 0,
  totalCancelled: 0,
  totalCostNanoUsd: 0,
  byOrchestrator: [],
  providerCalls: 0,
  providerFailures: 0,
  inputTokens: 0,
  outputTokens: 0,
  unpricedCalls: 0,
};

export interface HarnessOptions {
  readonly clock?: Clock;
  readonly store?: EventStore & LeaseStore;
  readonly catalog?: ScriptedCatalog;
  /** What the operator says about calling each provider. */
  readonly rules?: ProviderGateDeps['rules'];
  readonly library?: DocumentLibrary;
  readonly renderer?: DocumentRenderer;
  readonly orchestrators?: readonly Orchestrator[];
  readonly supervisor?: Partial<SupervisorOptions>;
  readonly dayCaps?: Caps;
  readonly logger?: Logger;
  readonly observers?: readonly CommitObserver[];
  readonly lifecycle?: LifecycleSteps;
  readonly tools?: Toolbox;
  readonly seed?: number;
}

/** Lets everything that is ready run: promise callbacks, reports, appends and what follows from them. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The promise's value, if it settles within a number of turns; time stands still meanwhile. */
export async function soon<T>(promise: Promise<T>, what: string, turnsMax = 300): Promise<T> {
  const state = { settled: false };
  const settled = promise.finally(() => (state.settled = true));
  settled.catch(() => undefined);
  for (let turn = 0; !state.settled && turn < turnsMax; turn++) await turns(1);
  if (!state.settled) throw new Error(`did not happen within ${turnsMax} turns: ${what}`);
  return settled;
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/** Keeps what was logged. */
export class LineLogger implements Logger {
  readonly debugs = true;
  readonly lines: LogLine[] = [];

  debug(fields: LogFields, message: string): void {
    this.lines.push({ level: 'debug', fields, message });
  }

  info(fields: LogFields, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }

  warn(fields: LogFields, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }

  error(fields: LogFields, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }

  of(level: LogLine['level']): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }
}

/** A whole engine in this process: memory store, simulated clock and scripted providers unless told otherwise. */
export class Harness {
  readonly clock: Clock;
  readonly store: EventStore & LeaseStore;
  readonly catalog: ScriptedCatalog;
  readonly gate: ProviderGate;
  readonly supervisor: Supervisor;
  readonly service: WorkflowService;
  readonly progress: ProgressFeed;

  constructor(options: HarnessOptions = {}) {
    this.clock = options.clock ?? new SimulatedClock(Date.UTC(2026, 0, 1), options.seed ?? 1);
    this.store = options.store ?? new MemoryStore(this.clock);
    this.catalog = options.catalog ?? new ScriptedCatalog();
    this.progress = new ProgressFeed(this.clock);
    this.gate = new ProviderGate({ catalog: this.catalog, clock: this.clock, rules: options.rules });
    const library = options.library ?? emptyLibrary;
    const renderer = options.renderer ?? plainRenderer;
    const deps: WorkflowServiceDeps = {
      clock: this.clock,
      store: this.store,
      leases: this.store,
      catalog: this.catalog,
      gate: this.gate,
      library,
      corpora: library.corpora,
      renderers: new Map([[renderer.format, renderer]]),
      supportedFormats: [renderer.format],
      defaultProvider: 'xai',
      registry: new OrchestratorRegistry(options.orchestrators ?? [research]),
      observers: options.observers ?? [],
      callTracer: undefined,
      progress: this.progress,
      logger: options.logger ?? silentLogger,
      appendMeter: new AppendMeter(),
      dayBudget: new DayBudget(
        { store: this.store, clock: this.clock, logger: options.logger ?? silentLogger },
        options.dayCaps ?? {},
      ),
      counters: { snapshot: () => noCounters },
      lifecycle: options.lifecycle,
      tools: options.tools,
    };
    this.supervisor = new Supervisor(deps, {
      maxLiveWorkflows: 50,
      maxPendingWorkflows: 100,
      retainTerminal: 100,
      retainAtLeastMs: 3_600_000,
      retainForMs: 7 * 86_400_000,
      ...options.supervisor,
    });
    this.service = new WorkflowService(deps, this.supervisor);
  }

  static async started(options: HarnessOptions = {}): Promise<Harness> {
    const harness = new Harness(options);
    await harness.supervisor.start();
    return harness;
  }

  /** Moves the simulated clock. */
  async advance(ms: number): Promise<void> {
    assert.ok(this.clock instanceof SimulatedClock);
    await this.clock.advance(ms);
  }

  /** Moves the simulated clock in one leap; sweeps and the like on the way happen once. */
  async jump(ms: number): Promise<void> {
    assert.ok(this.clock instanceof SimulatedClock);
    await this.clock.jump(ms);
  }

  async research(
    input: Record<string, unknown> = {},
    options: Record<string, unknown> = {},
    rest: { requestId?: string; title?: string } = {},
  ): Promise<WorkflowKey> {
    const { state } = await this.service.start({
      tenant: defaultTenant,
      method: 'StartResearch',
      orchestrator: 'research',
      input: { task: 'How do durable workflows survive crashes?', numAgents: 2, ...input },
      inputPath: [],
      options,
      ...rest,
    });
    return { tenant: defaultTenant, workflowId: state.workflowId };
  }

  /** The workflow's end; fails when it does not come by itself, without time passing. */
  async end(key: WorkflowKey): Promise<WorkflowState> {
    const actor = this.supervisor.find(key);
    if (actor) await soon(actor.ended, `the end of ${key.workflowId}`);
    return (await this.service.get(key)).state;
  }

  /** Resolves when the log holds an event of this type (the nth). */
  async event<T extends EventType>(key: WorkflowKey, type: T, nth = 1): Promise<EventOf<T>> {
    for (;;) {
      const log = await this.log(key);
      const found = log.filter((event) => event.data.type === type)[nth - 1];
      if (found) return found.data as EventOf<T>;
      const grown = this.service.advanced(key, log.length, new AbortController().signal);
      await soon(grown, `${type} in ${key.workflowId}`);
    }
  }

  /** All events of one type. */
  async eventsOf<T extends EventType>(key: WorkflowKey, type: T): Promise<readonly EventOf<T>[]> {
    return (await this.log(key)).flatMap(({ data }) => (data.type === type ? [data as EventOf<T>] : []));
  }

  async status(key: WorkflowKey): Promise<WorkflowState['status']> {
    return (await this.service.get(key)).state.status;
  }

  async log(key: WorkflowKey): Promise<readonly WorkflowEvent[]> {
    return this.service.events(key, 0, 100_000);
  }

  async types(key: WorkflowKey): Promise<readonly EventType[]> {
    return (await this.log(key)).map(({ data }) => data.type);
  }

  /** Shuts down, moving time until it is done. */
  async shutDown(graceMs: number, policy: 'drain' | 'cancel' = 'drain'): Promise<DrainReport> {
    const done = this.supervisor.shutDown(graceMs, policy);
    await turns();
    for (let second = 0; second < 3 && this.clock instanceof SimulatedClock; second++)
      await this.clock.jump(second === 0 ? graceMs : 5_000);
    return soon(done, 'the end of the drain');
  }

  async stop(): Promise<void> {
    await this.shutDown(0);
    await this.store.close();
  }
}

/** A fresh store that holds these logs, as a process that died left them. */
export async function storeWith(
  clock: Clock,
  logs: readonly (readonly WorkflowEvent[])[],
  blobs: readonly Blob[] = [],
): Promise<MemoryStore> {
  const store = new MemoryStore(clock);
  const states = new Map<string, WorkflowState>();
  let epoch = 0;
  // An epoch belongs to one claim of one workflow; a store mints them in order.
  for (const event of logs.flat().toSorted((a, b) => a.epoch - b.epoch)) {
    const before = states.get(event.workflowId);
    const state = evolve(before, event);
    states.set(event.workflowId, state);
    const key = { tenant: state.tenant, workflowId: event.workflowId };
    while (epoch < event.epoch) epoch = (await store.claim(key, 'former')) ?? 0;
    const answer = await store.append({
      key,
      epoch,
      expectedSequence: event.sequence - 1,
      events: [event],
      row: rowOf(state),
      ...(event.sequence === 1 && blobs.length > 0 && { blobs }),
    });
    assert.equal(answer.result, 'appended');
  }
  return store;
}

/** Calls the log knows of that had not ended, as attempt ids. */
export function openCallsOf(log: readonly WorkflowEvent[]): Set<string> {
  const open = new Set<string>();
  for (const { workflowId, data } of log) {
    if (data.type === 'model_call_started')
      open.add(attemptId(workflowId, data.agentId, data.turn, data.attempt));
    else if (data.type === 'model_call_ended')
      open.delete(attemptId(workflowId, data.agentId, data.turn, data.attempt));
  }
  return open;
}

/** Calls whose end the log knows, as attempt ids. */
export function endedCallsOf(log: readonly WorkflowEvent[]): Set<string> {
  return new Set(
    log.flatMap(({ workflowId, data }) =>
      data.type === 'model_call_ended' ? [attemptId(workflowId, data.agentId, data.turn, data.attempt)] : [],
    ),
  );
}

/** Turns whose answer the log holds: `agent/turn`. */
export function answeredTurnsOf(log: readonly WorkflowEvent[]): Set<string> {
  return new Set(
    log.flatMap(({ data }) =>
      data.type === 'model_call_ended' && data.result === 'ok' ? [`${data.agentId}/${data.turn}`] : [],
    ),
  );
}

/** What holds for every log, whatever happened: dense, one terminal event which is the last, money settled, foldable. */
export function assertSound(log: readonly WorkflowEvent[]): void {
  const [first] = log;
  assert.ok(first?.data.type === 'workflow_started');
  const key = { tenant: first.data.tenant, workflowId: first.workflowId };
  assert.deepEqual(auditLog(key, log), [], 'what `orchestrator verify` says of it');
  log.forEach((event, index) => assert.equal(event.sequence, index + 1, 'sequences are dense'));
  const ends = log.filter(({ data }) => isTerminalEvent(data));
  assert.ok(ends.length <= 1, 'at most one terminal event');
  if (ends[0]) assert.equal(ends[0], log.at(-1), 'the terminal event is the last');
  const state = fold(log);
  assert.ok(state);
  if (ends[0]) {
    assert.equal(state.ledger.heldTokens, 0, 'nothing is held at the end');
    assert.equal(state.ledger.heldNanoUsd, 0);
  }
  let progress = 0;
  let at: WorkflowState | undefined;
  const { maxCostNanoUsd, maxTokens } = state.options;
  for (const event of log) {
    at = evolve(at, event);
    const { ledger } = at;
    if (maxCostNanoUsd !== undefined)
      assert.ok(ledger.spentNanoUsd + ledger.heldNanoUsd <= maxCostNanoUsd, 'the cost cap holds');
    if (maxTokens !== undefined)
      assert.ok(spentTokens(ledger) + ledger.heldTokens <= maxTokens, 'the token cap holds');
    assert.ok(event.progress >= progress, 'progress never falls');
    progress = event.progress;
  }
}
