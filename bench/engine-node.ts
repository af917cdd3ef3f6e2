import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../src/clock/real-clock.ts';
import { DayBudget } from '../src/engine/day-budget.ts';
import { AppendMeter } from '../src/engine/append-meter.ts';
import type { CommitObserver } from '../src/engine/commit-observer.ts';
import { ProgressFeed } from '../src/engine/progress-feed.ts';
import { Supervisor, type SupervisorOptions } from '../src/engine/supervisor.ts';
import { WorkflowService } from '../src/engine/workflow-service.ts';
import { keepBirthsYoung } from '../src/engine/young-heap.ts';
import { OrchestratorRegistry } from '../src/orchestrator/registry.ts';
import { research } from '../src/orchestrator/research.ts';
import type { Orchestrator } from '../src/orchestrator/orchestrator.ts';
import type { Append, EventStore, LeaseStore } from '../src/store/event-store.ts';
import { ProviderGate } from '../src/provider/provider-gate.ts';
import { SqliteStore } from '../src/store/sqlite-store.ts';
import { LogObserver } from '../src/subscriber/log-observer.ts';
import { StatsObserver } from '../src/subscriber/stats-observer.ts';
import { FullTextLibrary } from '../src/tool/full-text-library.ts';
import { defaultTenant, type WorkflowKey } from '../src/workflow/id.ts';
import { silentLogger } from '../src/workflow/logger.ts';
import { BenchCatalog, type AnswerTime } from './bench-catalog.ts';

export interface EngineNodeOptions {
  readonly answerTime: AnswerTime;
  readonly supervisor?: Partial<SupervisorOptions>;
  readonly orchestrators?: readonly Orchestrator[];
  /** Where its store is; default: a folder of its own that is removed at the end. */
  readonly folder?: string;
  /** In place of the real one. */
  readonly store?: EventStore & LeaseStore;
  /** Told of commits besides those the server always has. */
  readonly observers?: readonly CommitObserver[];
  readonly answerChars?: number;
  readonly turnsPerAgent?: number;
  /** Is shown every append before the store gets it. */
  readonly onAppend?: (append: Append) => void;
  /** Hears of every append how long it took until it was durable, ms. */
  readonly onDurable?: (ms: number) => void;
}

/** The engine as the server composes it, on a real store, without an edge and with a model in this process. */
export class EngineNode {
  readonly clock = new RealClock();
  readonly catalog: BenchCatalog;
  readonly store: SqliteStore;
  readonly supervisor: Supervisor;
  readonly service: WorkflowService;
  readonly #folder: string;
  readonly #temporary: boolean;

  private constructor(options: EngineNodeOptions) {
    this.#temporary = options.folder === undefined;
    this.#folder = options.folder ?? mkdtempSync(join(tmpdir(), 'orchestrator-bench-'));
    this.catalog = new BenchCatalog(options.answerTime, options.answerChars);
    this.store = SqliteStore.open({ path: join(this.#folder, 'orchestrator.db'), clock: this.clock });
    const registry = new OrchestratorRegistry(options.orchestrators ?? [research]);
    const counters = new StatsObserver(registry.list().map(({ name }) => name));
    const kept = options.store ?? this.store;
    const deps = {
      clock: this.clock,
      store: options.onAppend || options.onDurable ? shown(this.store, options) : kept,
      leases: kept,
      catalog: this.catalog,
      gate: new ProviderGate({ catalog: this.catalog, clock: this.clock }),
      library: new FullTextLibrary({}),
      corpora: [],
      renderers: new Map(),
      supportedFormats: ['markdown'],
      defaultProvider: 'bench',
      registry,
      observers: [counters, new LogObserver(silentLogger), ...(options.observers ?? [])],
      callTracer: undefined,
      progress: new ProgressFeed(this.clock),
      logger: silentLogger,
      appendMeter: new AppendMeter(),
      dayBudget: new DayBudget({ store: this.store, clock: this.clock, logger: silentLogger }, {}),
      counters,
      ...(options.turnsPerAgent !== undefined && { turnsPerAgent: options.turnsPerAgent }),
    };
    keepBirthsYoung();
    this.supervisor = new Supervisor(deps, {
      maxLiveWorkflows: 10_000,
      maxPendingWorkflows: 10_000,
      retainTerminal: 1_000_000,
      retainAtLeastMs: 3_600_000,
      retainForMs: 7 * 86_400_000,
      ...options.supervisor,
    });
    this.service = new WorkflowService(deps, this.supervisor);
  }

  static async start(options: EngineNodeOptions): Promise<EngineNode> {
    const node = new EngineNode(options);
    await node.supervisor.start();
    return node;
  }

  /** Starts the run that is measured: plan, 8 agents, 2 group syntheses, 1 executive. Resolves when it is durable. */
  async begin(orchestrator = 'research'): Promise<WorkflowKey> {
    const { state } = await this.service.start({
      tenant: defaultTenant,
      method: 'StartResearch',
      orchestrator,
      input: { task: 'How do durable workflows survive crashes, and what does it cost?', numAgents: 8 },
      inputPath: [],
      options: { generateDocuments: false },
    });
    return { tenant: defaultTenant, workflowId: state.workflowId };
  }

  /** Starts one and waits for its end. */
  async run(): Promise<void> {
    const key = await this.begin();
    const actor = this.supervisor.find(key);
    await actor?.ended;
    if (actor?.state.status !== 'completed') {
      throw new Error(`${key.workflowId} is ${actor?.state.status}, ${actor?.state.error?.message}`);
    }
  }

  async close(): Promise<void> {
    await this.supervisor.shutDown(0, 'drain');
    await this.store.close();
    if (this.#temporary) rmSync(this.#folder, { recursive: true });
  }
}

/** The store, with every append shown first. */
function shown(
  store: SqliteStore,
  { onAppend, onDurable }: Pick<EngineNodeOptions, 'onAppend' | 'onDurable'>,
): EventStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...values: unknown[]): unknown => {
        if (name !== 'append') return Reflect.apply(member, target, values);
        const append = values[0] as Append;
        onAppend?.(append);
        const begin = performance.now();
        const answer = target.append(append);
        return onDurable ? answer.finally(() => onDurable(performance.now() - begin)) : answer;
      };
    },
  });
}
