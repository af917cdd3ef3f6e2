import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { DayBudget } from '../../src/engine/day-budget.ts';
import { AppendMeter } from '../../src/engine/append-meter.ts';
import { ProgressFeed } from '../../src/engine/progress-feed.ts';
import { Supervisor } from '../../src/engine/supervisor.ts';
import { WorkflowService, type WorkflowServiceDeps } from '../../src/engine/workflow-service.ts';
import { OrchestratorRegistry } from '../../src/orchestrator/registry.ts';
import { ProviderGate } from '../../src/provider/provider-gate.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { StatsObserver } from '../../src/subscriber/stats-observer.ts';
import { defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { emptyLibrary } from '../engine/harness.ts';
import { busyWork } from './busy-work.ts';
import { StrictProvider } from './strict-provider.ts';

const minuteMs = 60_000;
const strictLimit = 600;
const warmUpMinutes = 1;
const minutes = 5;
const secondStartMs = 7_000;

export interface PacingOptions {
  /** What the pacer is told; undefined: nothing, so it only knows what the provider refuses. */
  readonly requestsPerMinute: number | undefined;
  readonly seed?: number;
}

/** What five minutes under load came to, after one to warm up. */
export interface PacingFigures {
  /** Accepted requests by what the provider would have accepted. */
  readonly usedShare: number;
  /** Refused requests by all of them. */
  readonly refusedShare: number;
  /** Each workflow's part of the accepted requests. */
  readonly shares: readonly number[];
  readonly accepted: number;
  readonly refused: number;
  /** What the second workflow showed in the middle of it. */
  readonly blockedReason: string;
}

/**
 * Two workflows that want far more than a provider of 600 requests a minute gives, one with 60 calls at once and one
 * with 20, on a simulated clock.
 */
export async function pacingRun({ requestsPerMinute, seed = 1 }: PacingOptions): Promise<PacingFigures> {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1), seed);
  const store = new MemoryStore(clock);
  const catalog = new StrictProvider(clock, {
    requestsPerMinute: strictLimit,
    networkMsMax: 250,
    answerMsMin: 300,
    answerMsMax: 2_500,
  });
  const gate = new ProviderGate({
    catalog,
    clock,
    rules: { strict: { fallback: [], rateLimits: { requestsPerMinute } } },
  });
  const deps: WorkflowServiceDeps = {
    clock,
    store,
    leases: store,
    catalog,
    gate,
    library: emptyLibrary,
    corpora: [],
    renderers: new Map(),
    supportedFormats: ['markdown'],
    defaultProvider: 'strict',
    registry: new OrchestratorRegistry([busyWork]),
    observers: [],
    callTracer: undefined,
    progress: new ProgressFeed(clock),
    logger: silentLogger,
    appendMeter: new AppendMeter(),
    dayBudget: new DayBudget({ store: store, clock: clock, logger: silentLogger }, {}),
    counters: new StatsObserver(),
  };
  const supervisor = new Supervisor(deps, {
    maxLiveWorkflows: 10,
    maxPendingWorkflows: 10,
    retainTerminal: 10,
    retainAtLeastMs: 0,
    retainForMs: 7 * 24 * 60 * minuteMs,
  });
  const service = new WorkflowService(deps, supervisor);
  await supervisor.start();
  const start = async (maxConcurrentAgents: number): Promise<WorkflowKey> => {
    const { state } = await service.start({
      tenant: defaultTenant,
      method: 'StartWorkflow',
      orchestrator: busyWork.name,
      input: {},
      inputPath: ['input'],
      options: {
        maxConcurrentAgents,
        maxRetries: 10,
        generateDocuments: false,
        workflowTimeoutMs: 60 * minuteMs,
      },
    });
    return { tenant: defaultTenant, workflowId: state.workflowId };
  };
  const first = await start(60);
  await clock.advance(secondStartMs);
  const second = await start(20);
  await clock.advance(warmUpMinutes * minuteMs - secondStartMs);
  const beginTime = clock.now();
  await clock.advance((minutes / 2) * minuteMs);
  const { blockedReason } = await service.get(second);
  await clock.advance((minutes / 2) * minuteMs);
  const arrivals = catalog.arrivals.filter(({ time }) => time >= beginTime && time < clock.now());
  const accepted = arrivals.filter((arrival) => arrival.accepted);
  const shutDown = supervisor.shutDown(0, 'drain');
  await clock.advance(minuteMs);
  await shutDown;
  await store.close();
  return {
    usedShare: accepted.length / (strictLimit * minutes),
    refusedShare: 1 - accepted.length / arrivals.length,
    shares: [first, second].map(
      ({ workflowId }) =>
        accepted.filter((arrival) => arrival.workflowId === workflowId).length / accepted.length,
    ),
    accepted: accepted.length,
    refused: arrivals.length - accepted.length,
    blockedReason: blockedReason ?? '',
  };
}
