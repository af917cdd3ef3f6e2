import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { Application } from '../engine/application.ts';
import type { OrchestratorStats, Stats } from '../engine/stats.ts';
import type { DescribeLifecycleResponse__Input } from '../gen/orchestrator/v1/DescribeLifecycleResponse.ts';
import type { DayBudget__Input } from '../gen/orchestrator/v1/DayBudget.ts';
import type { GetStatsResponse__Input } from '../gen/orchestrator/v1/GetStatsResponse.ts';
import type { ListOrchestratorsResponse__Input } from '../gen/orchestrator/v1/ListOrchestratorsResponse.ts';
import type { ListProvidersResponse__Input } from '../gen/orchestrator/v1/ListProvidersResponse.ts';
import type { Orchestrator__Input } from '../gen/orchestrator/v1/Orchestrator.ts';
import type { OrchestratorStats__Input } from '../gen/orchestrator/v1/OrchestratorStats.ts';
import type { Provider__Input } from '../gen/orchestrator/v1/Provider.ts';
import { dayStart } from '../workflow/day-spend.ts';
import { usdOf } from '../workflow/ledger.ts';
import { type HandlerContext, unary } from './handler.ts';
import { costFields } from './part-message.ts';
import { structMessage } from './struct.ts';
import { durationMessage, optionalTimestamp, timestampMessage } from './timestamp.ts';

type Orchestrator = ReturnType<Application['orchestrators']>[number];
type ProviderInfo = ReturnType<Application['providers']>[number];

/** Handlers of orchestrator.v1.CatalogService. */
export function catalogHandlers(
  application: Application,
  context: HandlerContext,
): UntypedServiceImplementation {
  return {
    ListOrchestrators: unary<unknown, ListOrchestratorsResponse__Input>(context, async () => ({
      orchestrators: application.orchestrators().map(orchestratorMessage),
    })),
    ListProviders: unary<unknown, ListProvidersResponse__Input>(context, async () => ({
      providers: application.providers().map(providerMessage),
    })),
    DescribeLifecycle: unary<unknown, DescribeLifecycleResponse__Input>(context, async () => {
      const { states, transitions, mermaid } = application.lifecycle();
      return { states: [...states], transitions: [...transitions], mermaid };
    }),
    GetStats: unary<unknown, GetStatsResponse__Input>(context, async () =>
      statsMessage(await application.stats()),
    ),
  };
}

function orchestratorMessage(orchestrator: Orchestrator): Orchestrator__Input {
  return {
    name: orchestrator.name,
    version: orchestrator.version,
    description: orchestrator.description,
    // What a caller writes, before defaults; what JSON Schema cannot say is left open.
    inputSchema: structMessage({
      ...z.toJSONSchema(orchestrator.inputSchema, { io: 'input', unrepresentable: 'any' }),
    }),
  };
}

function providerMessage(provider: ProviderInfo): Provider__Input {
  return {
    name: provider.name,
    configured: provider.configured,
    keyVariables: [...provider.keyVariables],
    baseUrl: provider.baseUrl,
    defaultModel: provider.defaultModels.plan,
    defaultWorkerModel: provider.defaultModels.work,
    defaultSynthesisModel: provider.defaultModels.synthesis,
    calls: provider.calls,
    failures: provider.failures,
    usage: { inputTokens: provider.inputTokens, outputTokens: provider.outputTokens },
    averageLatency: provider.calls > 0 ? durationMessage(provider.latencyMsTotal / provider.calls) : null,
    maxLatency: provider.calls > 0 ? durationMessage(provider.latencyMsMax) : null,
    ...(provider.gate && gateFields(provider.gate)),
  };
}

const breakerStates = {
  closed: 'STATE_CLOSED',
  open: 'STATE_OPEN',
  half_open: 'STATE_HALF_OPEN',
} as const;

function gateFields(
  gate: NonNullable<ProviderInfo['gate']>,
): Pick<Provider__Input, 'fallbackProviders' | 'breakers' | 'rateLimit'> {
  const { requestsPerMinute, tokensPerMinute, concurrentCalls } = gate.rateLimits;
  return {
    fallbackProviders: [...gate.fallback],
    breakers: gate.breakers.map((breaker) => ({
      model: breaker.model,
      state: breakerStates[breaker.state],
      sinceTime: timestampMessage(breaker.sinceTime),
      retryTime: optionalTimestamp(breaker.retryTime),
      consecutiveFailures: breaker.failuresInARow,
    })),
    rateLimit: {
      requestsPerMinute: requestsPerMinute ?? 0,
      tokensPerMinute: tokensPerMinute ?? 0,
      concurrentCalls: concurrentCalls ?? 0,
      waitingWorkflows: gate.waitingWorkflows,
      pausedUntilTime: optionalTimestamp(gate.pausedUntilTime),
      throttledCalls: gate.throttledCalls,
    },
  };
}

function statsMessage(stats: Stats): GetStatsResponse__Input {
  return {
    uptime: durationMessage(stats.uptimeSeconds * 1_000),
    totalWorkflows: stats.totalWorkflows,
    totalErrors: stats.totalErrors,
    totalCancelled: stats.totalCancelled,
    totalCostNanoUsd: stats.totalCostNanoUsd,
    totalCostUsd: rounded(usdOf(stats.totalCostNanoUsd)),
    byOrchestrator: stats.byOrchestrator.map(orchestratorStatsMessage),
    activeWorkflows: stats.liveWorkflows,
    pendingWorkflows: stats.pendingWorkflows,
    activeStreams: stats.activeWatches,
    registeredWebhooks: stats.registeredWebhooks,
    providerCalls: stats.providerCalls,
    providerFailures: stats.providerFailures,
    usage: { inputTokens: stats.inputTokens, outputTokens: stats.outputTokens },
    unpricedCalls: stats.unpricedCalls,
    today: todayMessage(stats.today),
    appends: stats.appends,
    appendLatencyAverage: durationMessage(stats.appendLatencyMsAvg),
    appendLatencyMax: durationMessage(stats.appendLatencyMsMax),
    openBreakers: stats.openBreakers,
    rateLimitedWorkflows: stats.rateLimitedWorkflows,
    throttledCalls: stats.throttledCalls,
  };
}

function todayMessage({ day, spend, caps }: Stats['today']): DayBudget__Input {
  return {
    startTime: timestampMessage(dayStart(day)),
    costUsd: usdOf(spend.spentNanoUsd),
    heldCostUsd: usdOf(spend.heldNanoUsd),
    tokens: spend.spentTokens,
    heldTokens: spend.heldTokens,
    ...(caps.maxCostNanoUsd !== undefined && { maxCostUsd: usdOf(caps.maxCostNanoUsd) }),
    ...(caps.maxTokens !== undefined && { maxTokens: caps.maxTokens }),
  };
}

function orchestratorStatsMessage(stats: OrchestratorStats): OrchestratorStats__Input {
  return {
    orchestrator: stats.orchestrator,
    count: stats.count,
    errors: stats.errors,
    cancelled: stats.cancelled,
    minDurationSeconds: rounded(stats.duration.min),
    avgDurationSeconds: rounded(stats.duration.avg),
    maxDurationSeconds: rounded(stats.duration.max),
    durationBuckets: stats.duration.buckets.map(({ upperBound, count }) => ({
      upperBoundSeconds: upperBound,
      count,
    })),
    ...costFields(stats.costNanoUsd),
  };
}

/** To 2 decimals, as people read them. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
