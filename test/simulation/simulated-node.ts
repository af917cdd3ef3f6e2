import { DayBudget } from '../../src/engine/day-budget.ts';
import { AppendMeter } from '../../src/engine/append-meter.ts';
import { ProgressFeed } from '../../src/engine/progress-feed.ts';
import { Supervisor } from '../../src/engine/supervisor.ts';
import { WorkflowService, type WorkflowServiceDeps } from '../../src/engine/workflow-service.ts';
import { OrchestratorRegistry } from '../../src/orchestrator/registry.ts';
import type { Dice } from './dice.ts';
import { simulatedLibrary } from './library.ts';
import { NodeClock } from './node-clock.ts';
import { orchestrators } from './orchestrator-pool.ts';
import { StoreHandle } from './store-handle.ts';
import type { Host } from './timeline.ts';
import { WatchedGate } from './watched-gate.ts';
import type { World } from './world.ts';

const noCounters = {
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

/** One process from its boot to its end: the product's supervisor and service with a world of its own around them. */
export class SimulatedNode implements Host {
  readonly name: string;
  readonly clock: NodeClock;
  readonly gate: WatchedGate;
  readonly supervisor: Supervisor;
  readonly service: WorkflowService;
  /** Resolves when it is gone; what was asked of it gets no answer then. */
  readonly gone: Promise<void>;
  /** Ownership periods that were granted to it. */
  readonly epochs = new Set<number>();
  /** Workflows it has admitted itself. */
  readonly admitted = new Map<string, number>();
  alive = true;
  serving = false;
  /** How far its observers were told of each workflow. */
  readonly told = new Map<string, number>();
  /** By its own clock: what begins later, begins after its drain. */
  drainTime: number | undefined;
  /** It sleeps until this time. */
  awakeTime = 0;
  /** It has no connection to the store until this time. */
  cutOffTime = 0;
  readonly #world: World;
  readonly #ended: () => void;
  /** Since when it is not heard of. */
  #silentTime: number;
  #troubleTime: number;

  constructor(world: World, name: string, dice: Dice) {
    this.#world = world;
    this.name = name;
    const { timeline, profile } = world;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#ended = resolve;
    this.#silentTime = timeline.now;
    this.#troubleTime = timeline.now;
    this.clock = new NodeClock(
      timeline,
      this,
      dice.fork(),
      dice.whole(-profile.wallOffsetMsMax, profile.wallOffsetMsMax),
    );
    const store = new StoreHandle(world, this, dice.fork());
    const catalog = world.provider.catalogOf(this);
    this.gate = new WatchedGate(world, this, catalog);
    const deps: WorkflowServiceDeps = {
      clock: this.clock,
      store,
      leases: store,
      catalog,
      gate: this.gate,
      library: simulatedLibrary,
      corpora: [],
      renderers: new Map([['markdown', world.rendererOf(this)]]),
      supportedFormats: ['markdown'],
      defaultProvider: 'simulated',
      registry: new OrchestratorRegistry(orchestrators),
      observers: [world.observerOf(this)],
      callTracer: undefined,
      tools: world.tools.toolboxOf(this),
      progress: new ProgressFeed(this.clock),
      logger: world.loggerOf(this),
      appendMeter: new AppendMeter(),
      dayBudget: new DayBudget(
        { store: store, clock: this.clock, logger: world.loggerOf(this) },
        profile.dayCaps,
      ),
      counters: { snapshot: () => noCounters },
    };
    this.supervisor = new Supervisor(deps, {
      maxLiveWorkflows: profile.slots,
      maxPendingWorkflows: profile.pendingMax,
      ...profile.retention,
    });
    this.service = new WorkflowService(deps, this.supervisor);
  }

  /** Since when nobody has had a word from it. */
  heardOf(now: number): number {
    const silent = !this.alive || this.awakeTime > now || this.cutOffTime > now;
    return silent ? this.#silentTime : now;
  }

  /** When something last went wrong with it; promises about time hold only for a healthy node. */
  get troubleTime(): number {
    return this.#troubleTime;
  }

  get draining(): boolean {
    return this.drainTime !== undefined;
  }

  trouble(until = this.#world.timeline.now): void {
    this.#troubleTime = Math.max(this.#troubleTime, until);
  }

  pause(ms: number): void {
    this.#silence();
    this.awakeTime = Math.max(this.awakeTime, this.#world.timeline.now + ms);
    // Starts that its drain waits for sleep too.
    if (this.drainTime !== undefined) this.drainTime += ms;
    this.trouble(this.awakeTime);
  }

  cutOff(ms: number): void {
    this.#silence();
    this.cutOffTime = Math.max(this.cutOffTime, this.#world.timeline.now + ms);
    this.trouble(this.cutOffTime);
  }

  /** Nothing more happens in it, and nobody hears of it. */
  die(): void {
    this.#silence();
    this.alive = false;
    this.serving = false;
    this.#ended();
  }

  #silence(): void {
    const { now } = this.#world.timeline;
    if (this.heardOf(now) === now) this.#silentTime = now;
  }
}
