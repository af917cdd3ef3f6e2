import assert from 'node:assert/strict';
import type { Clock } from '../../src/clock/clock.ts';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { DocumentRenderer } from '../../src/document/document-renderer.ts';
import { AppendMeter } from '../../src/engine/append-meter.ts';
import type { CommitObserver } from '../../src/engine/commit-observer.ts';
import type { CountedStats } from '../../src/engine/stats.ts';
import { Supervisor, type SupervisorOptions } from '../../src/engine/supervisor.ts';
import { WorkflowService, type WorkflowServiceDeps } from '../../src/engine/workflow-service.ts';
import type { Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { OrchestratorRegistry } from '../../src/orchestrator/registry.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { EventStore, LeaseStore } from '../../src/store/event-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { DocumentLibrary } from '../../src/tool/document-library.ts';
import type { EventOf, EventType, WorkflowEvent } from '../../src/workflow/event.ts';
import { fold } from '../../src/workflow/evolve.ts';
import { defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import { silentLogger, type Logger } from '../../src/workflow/logger.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { ScriptedCatalog } from './scripted-catalog.ts';

/** No documents at all. */
export const emptyLibrary: DocumentLibrary = {
  corpora: [],
  index: (documents) => ({ documents, search: () => [], close: () => undefined }),
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
  readonly library?: DocumentLibrary;
  readonly renderer?: DocumentRenderer;
  readonly orchestrators?: readonly Orchestrator[];
  readonly supervisor?: Partial<SupervisorOptions>;
  readonly logger?: Logger;
  readonly observers?: readonly CommitObserver[];
}

/** A whole engine in this process: memory store, simulated clock and scripted providers unless told otherwise. */
export class Harness {
  readonly clock: Clock;
  readonly store: EventStore & LeaseStore;
  readonly catalog: ScriptedCatalog;
  readonly supervisor: Supervisor;
  readonly service: WorkflowService;

  constructor(options: HarnessOptions = {}) {
    this.clock = options.clock ?? new SimulatedClock();
    this.store = options.store ?? new MemoryStore(this.clock);
    this.catalog = options.catalog ?? new ScriptedCatalog();
    const library = options.library ?? emptyLibrary;
    const renderer = options.renderer ?? plainRenderer;
    const deps: WorkflowServiceDeps = {
      clock: this.clock,
      store: this.store,
      leases: this.store,
      catalog: this.catalog,
      library,
      corpora: library.corpora,
      renderers: new Map([[renderer.format, renderer]]),
      supportedFormats: [renderer.format],
      defaultProvider: 'xai',
      registry: new OrchestratorRegistry(options.orchestrators ?? [research]),
      observers: options.observers ?? [],
      callTracer: undefined,
      logger: options.logger ?? silentLogger,
      appendMeter: new AppendMeter(),
      counters: { snapshot: () => noCounters },
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

  /** The workflow's end. */
  async end(key: WorkflowKey): Promise<WorkflowState> {
    await this.supervisor.find(key)?.ended;
    return (await this.service.get(key)).state;
  }

  /** Resolves when the log holds an event of this type (the nth). */
  async event<T extends EventType>(key: WorkflowKey, type: T, nth = 1): Promise<EventOf<T>> {
    for (;;) {
      const log = await this.log(key);
      const found = log.filter((event) => event.data.type === type)[nth - 1];
      if (found) return found.data as EventOf<T>;
      await this.service.advanced(key, log.length, new AbortController().signal);
    }
  }

  async log(key: WorkflowKey): Promise<readonly WorkflowEvent[]> {
    return this.service.events(key, 0, 100_000);
  }

  async types(key: WorkflowKey): Promise<readonly EventType[]> {
    return (await this.log(key)).map(({ data }) => data.type);
  }

  async stop(): Promise<void> {
    await this.supervisor.shutDown(0, 'drain');
    await this.store.close();
  }
}

const terminalTypes: readonly EventType[] = [
  'workflow_completed',
  'workflow_failed',
  'workflow_timed_out',
  'workflow_cancelled',
];

/** What holds for every log, whatever happened: dense, one terminal event which is the last, money settled, foldable. */
export function assertSound(log: readonly WorkflowEvent[]): void {
  log.forEach((event, index) => assert.equal(event.sequence, index + 1, 'sequences are dense'));
  const ends = log.filter(({ data }) => terminalTypes.includes(data.type));
  assert.ok(ends.length <= 1, 'at most one terminal event');
  if (ends[0]) assert.equal(ends[0], log.at(-1), 'the terminal event is the last');
  const state = fold(log);
  assert.ok(state);
  if (ends[0]) {
    assert.equal(state.ledger.heldTokens, 0, 'nothing is held at the end');
    assert.equal(state.ledger.heldNanoUsd, 0);
  }
  let progress = 0;
  for (const event of log) {
    assert.ok(event.progress >= progress, 'progress never falls');
    progress = event.progress;
  }
}
