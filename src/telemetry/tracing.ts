import {
  context,
  diag,
  DiagLogLevel,
  logs,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import type { SpanIdentity } from './pinned-ids.ts';

export interface TracingOptions {
  /** Base address of an OTLP/HTTP collector; spans go to `/v1/traces` below it as JSON. */
  readonly endpoint?: string | undefined;
  /** Instead of the OTLP exporter. */
  readonly exporter?: SpanExporter;
  /** Instead of a batching processor with the exporter. */
  readonly spanProcessors?: readonly SpanProcessor[];
  readonly serviceVersion: string;
  readonly clock: Clock;
  /** Hears what the SDK complains about, for example a collector that does not answer. */
  readonly logger: Logger;
}

export interface Tracing {
  /** Undefined: tracing is off and nobody should spend time on spans. */
  readonly tracer: Tracer | undefined;
  /** Starts a root span with an identity that was announced before. */
  readonly startRootAs: (identity: SpanIdentity, name: string, options: SpanOptions) => Span;
  /** Sends what is waiting and forgets the SDK. Ends within `limits.tracingShutdownMs`, never rejects, may be called twice. */
  shutdown(): Promise<void>;
}

const serviceName = 'mcp-orchestrator';

const tracingOff: Tracing = {
  tracer: undefined,
  startRootAs: (_identity, name, options) =>
    trace.getTracer(serviceName).startSpan(name, options, ROOT_CONTEXT),
  shutdown: () => Promise.resolve(),
};

/**
 * Starts the OpenTelemetry SDK with W3C propagation, for the whole process; off when none of endpoint, exporter and
 * processors is given. The SDK is loaded only then. Standard OTEL_ variables about sampling, batching, exporter
 * headers and resource attributes are read by the SDK itself; the command line and the host are never exported.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint, exporter, spanProcessors, clock, logger } = options;
  if (endpoint === undefined && exporter === undefined && spanProcessors === undefined) return tracingOff;
  const [{ NodeSDK }, sdkTrace, resources, core, otlp, { PinnedIds }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/core'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('./pinned-ids.ts'),
  ]);
  listen(logger);
  const ids = new PinnedIds();
  const timeoutMillis = limits.tracingShutdownMs;
  const batching = (): SpanProcessor =>
    new sdkTrace.BatchSpanProcessor({
      exporter: exporter ?? new otlp.OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis }),
      exportTimeoutMillis: timeoutMillis,
    });
  const sdk = new NodeSDK({
    idGenerator: ids,
    textMapPropagator: new core.W3CTraceContextPropagator(),
    resource: resources.defaultResource().merge(
      resources.resourceFromAttributes({
        'service.name': serviceName,
        'service.version': options.serviceVersion,
      }),
    ),
    // Not the process detector: it exports the command line, the owner and the host.
    resourceDetectors: [resources.envDetector, resources.serviceInstanceIdDetector],
    spanProcessors: spanProcessors === undefined ? [batching()] : [...spanProcessors],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();

  let stopping: Promise<void> | undefined;
  const tracer = trace.getTracer(serviceName, options.serviceVersion);
  return {
    tracer,
    startRootAs: (identity, name, spanOptions) =>
      ids.during(identity, () => tracer.startSpan(name, { ...spanOptions, root: true }, ROOT_CONTEXT)),
    shutdown: () => (stopping ??= stop(() => sdk.shutdown(), clock, logger)),
  };
}

async function stop(shutdown: () => Promise<void>, clock: Clock, logger: Logger): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = clock.after(limits.tracingShutdownMs, () => resolve('late'));
  try {
    if ((await Promise.race([shutdown(), late])) === 'late') {
      logger.warn({ limit_ms: limits.tracingShutdownMs }, 'tracing did not stop in time; spans may be lost');
    }
  } catch (error) {
    logger.warn({ error }, 'tracing stopped with an error; spans may be lost');
  } finally {
    timer.cancel();
    trace.disable();
    context.disable();
    propagation.disable();
    metrics.disable();
    logs.disable();
    diag.disable();
  }
}

/** The SDK reports a failed export nowhere else. */
function listen(logger: Logger): void {
  const say = (level: 'warn' | 'error' | 'debug') => (message: string) =>
    logger[level]({ source: 'opentelemetry' }, message);
  const diagLogger = {
    error: say('error'),
    warn: say('warn'),
    info: say('debug'),
    debug: say('debug'),
    verbose: say('debug'),
  };
  diag.setLogger(diagLogger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
