import { readFileSync, statSync } from 'node:fs';
import { extname, join, resolve as absolute } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { VerifiedStore } from './cli/cli-deps.ts';
import { runCli } from './cli/program.ts';
import { RealClock } from './clock/real-clock.ts';
import { loadConfig, type Config, type ConfigOverrides } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { secretsOf } from './config/provider-environment.ts';
import { rendererRegistry } from './document/renderer-registry.ts';
import { AppendMeter } from './engine/append-meter.ts';
import type { DrainReport } from './engine/drain.ts';
import { DayBudget } from './engine/day-budget.ts';
import { ProgressFeed } from './engine/progress-feed.ts';
import { Supervisor } from './engine/supervisor.ts';
import { WorkflowService } from './engine/workflow-service.ts';
import { keepBirthsYoung } from './engine/young-heap.ts';
import { BoundPort } from './grpc/bound-port.ts';
import { CommitFeed } from './grpc/commit-feed.ts';
import { requestFields } from './grpc/request-context.ts';
import { loadCustomOrchestrators } from './orchestrator/custom-module.ts';
import type { Orchestrator } from './orchestrator/orchestrator.ts';
import { OrchestratorRegistry } from './orchestrator/registry.ts';
import { offerModule } from './config/offered-module.ts';
import { builtIns } from './orchestrator/built-in.ts';
import { Catalog } from './provider/catalog.ts';
import { OfflineProvider } from './provider/offline-provider.ts';
import { checkDefaultProvider, resolveProviders } from './provider/provider-config.ts';
import { gateRulesOf, ProviderGate } from './provider/provider-gate.ts';
import { MemoryStore } from './store/memory-store.ts';
import { auditDatabase } from './store/sqlite-audit.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import { LogObserver } from './subscriber/log-observer.ts';
import { StatsObserver } from './subscriber/stats-observer.ts';
import { TraceObserver } from './subscriber/trace-observer.ts';
import { createLogger } from './telemetry/logger.ts';
import { activeTraceFields } from './telemetry/trace-fields.ts';
import { startTracing } from './telemetry/tracing.ts';
import { argumentCheck } from './tool/argument-check.ts';
import { DocumentsTool } from './tool/documents-tool.ts';
import { FullTextLibrary } from './tool/full-text-library.ts';
import type { ToolSource } from './tool/tool-source.ts';
import { Toolbox } from './tool/toolbox.ts';
import { nanoUsdOf, type Caps } from './workflow/ledger.ts';
import { limits } from './workflow/limits.ts';
import type { Logger } from './workflow/logger.ts';
import { redact } from './workflow/redaction.ts';

/** Name of the store in a data directory. */
const storeFile = 'orchestrator.db';

const clock = new RealClock();
const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  name: string;
  version: string;
};

/** A running server. */
interface Node {
  /** host:port of the gRPC edge. */
  readonly address: string;
  readonly logger: Logger;
  /** Orderly: refuses new work, ends streams, drains, releases, closes. May be called twice. */
  stop(): Promise<DrainReport>;
}

function configure(overrides: ConfigOverrides): Config {
  return loadConfig({
    env: process.env,
    overrides,
    cwd: process.cwd(),
    otherVariables: ['ORCHESTRATOR_ADDRESS'],
  });
}

function dayCapsOf({ dailyMaxCostUsd, dailyMaxTokens }: Config): Caps {
  return {
    maxCostNanoUsd: dailyMaxCostUsd === undefined ? undefined : nanoUsdOf(dailyMaxCostUsd),
    maxTokens: dailyMaxTokens,
  };
}

/** Config → adapters → supervisor → server. Whatever was opened is closed again when a later step fails. */
async function startNode(config: Config, extraCorpora: Readonly<Record<string, string>> = {}): Promise<Node> {
  const secrets = [
    ...secretsOf(config.providerEnvironment),
    ...Object.values(config.toolSecrets).filter((value) => value !== undefined),
  ];
  const logger = createLogger({
    level: config.logLevel,
    format: config.logFormat,
    context: () => ({ ...activeTraceFields(), ...requestFields() }),
    secrets,
  });
  const { configs, problems } = resolveProviders(config.providerEnvironment, config.providers);
  const unknown = checkDefaultProvider(config.provider, configs);
  if (problems.length > 0 || unknown) throw new ConfigError([...problems, ...(unknown ? [unknown] : [])]);
  const tls =
    config.tlsCert !== undefined && config.tlsKey !== undefined
      ? {
          certificate: readFileSync(config.tlsCert),
          key: readFileSync(config.tlsKey),
          ...(config.tlsCa !== undefined && { clientCa: readFileSync(config.tlsCa) }),
        }
      : undefined;
  const custom = await customOrchestrators(config.orchestrators);
  const opened: (() => Promise<void>)[] = [];
  try {
    const tracing = await startTracing({
      endpoint: config.tracingEndpoint,
      serviceVersion: packageJson.version,
      clock,
      logger,
    });
    opened.push(() => tracing.shutdown());
    const store =
      config.store === 'memory'
        ? new MemoryStore(clock)
        : SqliteStore.open({ path: join(config.dataDir, storeFile), clock });
    opened.push(() => store.close());
    const catalog = new Catalog(configs, {
      offline: new OfflineProvider(),
      clock,
      log: (event, fields) =>
        event === 'provider_initialisation_failed' ? logger.error(fields, event) : logger.info(fields, event),
    });
    const gate = new ProviderGate({
      catalog,
      clock,
      rules: gateRulesOf(configs),
      breakerWaitMs: config.breakerWaitMs,
      logger,
    });
    const dayBudget = new DayBudget({ store, clock, logger }, dayCapsOf(config));
    const library = new FullTextLibrary({ ...config.corpora, ...extraCorpora });
    const servers = await toolServers(config, logger, secrets);
    const tools = new Toolbox([new DocumentsTool(), ...servers], config.agentTools, argumentCheck);
    opened.push(() => tools.close());
    const registry = new OrchestratorRegistry([...builtIns, ...custom]);
    const traces = new TraceObserver({
      ...tracing,
      addressOf: (name) => catalog.address(name),
      redact: (text) => redact(text, secrets),
    });
    const counters = new StatsObserver(registry.list().map(({ name }) => name));
    const commits = new CommitFeed();
    const deps = {
      clock,
      store,
      leases: store,
      catalog,
      gate,
      library,
      corpora: library.corpora,
      renderers: rendererRegistry,
      supportedFormats: [...rendererRegistry.keys()],
      defaultProvider: config.provider,
      registry,
      observers: [traces, counters, new LogObserver(logger), commits],
      callTracer: traces,
      tools,
      progress: new ProgressFeed(clock),
      logger,
      appendMeter: new AppendMeter(),
      turnsPerAgent: config.turnsPerAgent,
      dayBudget,
      counters,
    };
    keepBirthsYoung();
    const supervisor = new Supervisor(deps, config);
    const service = new WorkflowService(deps, supervisor);
    // An occupied port or a bad certificate is found here, before a recovered workflow makes its first paid call.
    const bound = await BoundPort.take(
      { host: config.grpcHost, port: config.grpcPort, tls, insecure: config.insecureRemote },
      logger,
    );
    opened.push(() => bound.release());
    opened.push(async () => {
      await supervisor.shutDown(0, 'drain');
    });
    // What tools there are must be known before a workflow goes on that has some.
    await tools.start();
    await supervisor.start();
    // The gRPC library takes long to load: the workflows go on without it, and those who call wait for both.
    await supervisor.goingOn(limits.edgeWaitMs);
    const [{ GrpcServer }, { logLibrary }] = await Promise.all([
      import('./grpc/server.ts'),
      import('./grpc/library-log.ts'),
    ]);
    logLibrary(logger);
    const edge = new GrpcServer(service, {
      clock,
      logger,
      tracer: tracing.tracer,
      commits,
      version: packageJson.version,
    });
    opened.push(() => edge.stop(limits.edgeGraceMs));
    await edge.serve(bound);

    const stop = async (): Promise<DrainReport> => {
      try {
        // Starts are refused from here on; the edge stays up to say so while the drain lasts.
        const drained = supervisor.shutDown(config.shutdownGraceMs, config.shutdownPolicy);
        await edge.drain();
        return await drained;
      } finally {
        traces.close(clock.now());
        await closeAll(opened);
      }
    };
    let stopping: Promise<DrainReport> | undefined;
    return {
      address: `${config.grpcHost.includes(':') ? `[${config.grpcHost}]` : config.grpcHost}:${bound.port}`,
      logger,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await closeAll(opened).catch((problem: unknown) => {
      logger.error({ error: problem }, 'closing after a failed start');
    });
    throw error;
  }
}

/** The configured servers of tools. Their library is loaded only where there are some: it makes every start slower. */
async function toolServers(
  config: Config,
  logger: Logger,
  secrets: readonly string[],
): Promise<readonly ToolSource[]> {
  const entries = Object.entries(config.toolServers);
  if (entries.length === 0) return [];
  const { McpSource } = await import('./tool/mcp-source.ts');
  const deps = {
    clock,
    logger,
    version: packageJson.version,
    redact: (text: string) => redact(text, secrets),
  };
  return entries.map(([name, settings]) => new McpSource(name, settings, deps));
}

/** The orchestrators the configuration names; throws ConfigError naming every module that is none. */
async function customOrchestrators(paths: readonly string[]): Promise<readonly Orchestrator[]> {
  const load = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
  const { orchestrators, faults } = await loadCustomOrchestrators(paths, builtIns, load);
  if (faults.length === 0) return orchestrators;
  throw new ConfigError(
    faults.map(({ index, path, fault }) => ({
      name: `orchestrators.${index}`,
      message: `${path} ${fault}`,
      example: './debate.ts',
    })),
  );
}

/** The last opened goes first; one that cannot be closed does not keep the others. */
async function closeAll(opened: (() => Promise<void>)[]): Promise<void> {
  const problems: unknown[] = [];
  for (const close of opened.splice(0).toReversed()) {
    try {
      await close();
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw new AggregateError(problems, 'not everything could be closed');
}

function verify(db: string | undefined, overrides: ConfigOverrides, cwd: string): VerifiedStore {
  const given = db === undefined ? configure(overrides).dataDir : absolute(cwd, db);
  const isFolder = db === undefined || statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const path = isFolder ? join(given, storeFile) : given;
  return { path, report: auditDatabase(path) };
}

/** Serves until a signal comes; resolves with the exit code. A second signal does not wait. */
async function serve(overrides: ConfigOverrides, listening: (address: string) => void): Promise<number> {
  const config = configure(overrides);
  // Before anything begins: a signal during the start is heard at its end, and one right behind it is not lost.
  let started: Node | undefined;
  const stopping = firstSignal((name) => {
    started?.logger.warn({ signal: name }, 'second signal: exiting at once');
    process.exit(1);
  });
  const node = await startNode(config);
  started = node;
  const { logger } = node;
  listening(node.address);
  const signal = await stopping;
  logger.info(
    { signal, grace_ms: config.shutdownGraceMs, policy: config.shutdownPolicy },
    'shutdown started',
  );
  const report = await node.stop();
  logger.info(
    {
      signal,
      workflows_released: report.workflowsReleased,
      workflows_cancelled: report.workflowsCancelled,
      calls_aborted: report.callsAborted,
    },
    'shutdown complete',
  );
  return 0;
}

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/** Listens from the call on. Resolves with the first signal; every later one is told to `again`. */
function firstSignal(again: (name: NodeJS.Signals) => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let heard = false;
    for (const name of stopSignals) {
      process.on(name, () => {
        if (heard) again(name);
        heard = true;
        resolve(name);
      });
    }
  });
}

// Custom orchestrators find what they build on wherever they lie; compiled, this file ends in .js.
offerModule(
  `${packageJson.name}/orchestrator`,
  new URL(`./orchestrator/authoring${extname(import.meta.url)}`, import.meta.url).href,
);

// A promise nobody waits for is a defect; the log of every workflow is durable, so dying is the safe answer.
process.on('unhandledRejection', (reason) => {
  process.stderr.write(
    `unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`,
  );
  process.exit(70);
});

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  clock,
  env: process.env,
  version: packageJson.version,
  serve,
  verify,
  startEmbedded: ({ corpora, ...overrides }) =>
    startNode(configure({ grpcHost: '127.0.0.1', grpcPort: 0, logLevel: 'error', ...overrides }), corpora),
});
