import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../clock/clock.ts';
import type { Application } from '../engine/application.ts';
import { collectYoung } from '../engine/young-heap.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { bodyTimeoutInterceptor } from './body-timeout-interceptor.ts';
import { BoundPort, type ListenOptions, type TlsOptions } from './bound-port.ts';
import { callInterceptor } from './call-interceptor.ts';
import { catalogHandlers } from './catalog-service.ts';
import type { CommitFeed } from './commit-feed.ts';
import { catalogService } from './definition.ts';
import { Health } from './health.ts';
import type { Listener } from './listener.ts';
import { OpenCalls } from './open-calls.ts';
import { addReflection } from './reflection.ts';
import { observingReplies } from './reply-encoder.ts';
import { ReplyMemory } from './reply-memory.ts';
import { refusingInHandler } from './request-decoder.ts';
import { servedWorkflowService, workflowHandlers } from './workflow-service.ts';

export interface GrpcServerDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absent: no spans; trace contexts are passed on all the same. */
  readonly tracer?: Tracer | undefined;
  /** What the engine commits; absent: watchers read everything back from the store. */
  readonly commits?: CommitFeed | undefined;
  /** Version of the product, for the log. */
  readonly version: string;
}

/** The gRPC edge: both services, health and reflection on one port. Speaks the protocol and decides nothing. */
export class GrpcServer {
  readonly #dependencies: GrpcServerDependencies;
  readonly #server: Server;
  readonly #health: Health;
  readonly #openCalls = new OpenCalls();
  #bound: BoundPort | undefined;
  #stopping: Promise<void> | undefined;

  constructor(application: Application, dependencies: GrpcServerDependencies) {
    const { clock, logger, tracer, commits } = dependencies;
    this.#dependencies = dependencies;
    this.#health = new Health(application, clock, logger);
    this.#server = new Server({
      // The first one sees what comes in first and what goes out last.
      interceptors: [
        callInterceptor({ clock, logger, tracer, openCalls: this.#openCalls }),
        bodyTimeoutInterceptor(clock),
      ],
      'grpc.max_receive_message_length': limits.requestBytesHardMax,
      'grpc.max_concurrent_streams': limits.concurrentStreamsMax,
      'grpc.keepalive_time_ms': limits.keepaliveMs,
      'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
      'grpc.enable_channelz': 0,
    });
    const context = { clock, logger, openCalls: this.#openCalls };
    const observers = { logger, memory: new ReplyMemory(collectYoung) };
    this.#server.addService(
      refusingInHandler(observingReplies(servedWorkflowService, observers)),
      workflowHandlers(application, context, commits),
    );
    this.#server.addService(
      refusingInHandler(observingReplies(catalogService, observers)),
      catalogHandlers(application, context),
    );
    this.#health.addTo(this.#server);
    addReflection(this.#server);
  }

  /** Watches and waits that are open. */
  get openCalls(): number {
    return this.#openCalls.count;
  }

  /** Takes a port, as `BoundPort.take` does, and serves it; resolves with its number. */
  async start(options: ListenOptions): Promise<number> {
    const bound = await BoundPort.take(options, this.#dependencies.logger);
    await this.serve(bound);
    return bound.port;
  }

  /** Answers the connections that wait and all later ones; resolves when health has looked once. The port is ours now. */
  async serve(bound: BoundPort): Promise<void> {
    if (this.#bound) throw new Error('the gRPC server serves a port already');
    if (this.#stopping) {
      await bound.release();
      throw new Error('the gRPC server was stopped');
    }
    this.#bound = bound;
    const { host, port, tls, listener } = bound;
    const injector = this.#server.createConnectionInjector(credentials(tls));
    listener.serve((socket) => injector.injectConnection(socket));
    await this.#health.start();
    const { logger, version } = this.#dependencies;
    logger.info({ host, port, tls: tls !== undefined, version }, 'gRPC server listens');
  }

  /**
   * Says NOT_SERVING and ends watches and waits with UNAVAILABLE and where to go on; keeps answering everything else,
   * so that a caller of Start hears why it is refused. Part of `stop`; call it first when draining takes time.
   */
  async drain(): Promise<void> {
    await this.#health.stop();
    this.#openCalls.shutDown();
  }

  /**
   * Stops for good: health says NOT_SERVING, no connection is accepted, watches and waits end with UNAVAILABLE and
   * where to go on, other calls have `graceMs` to end. May be called twice, and before the server serves.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    const { logger } = this.#dependencies;
    await this.drain();
    const listener = this.#bound?.listener;
    listener?.close();
    // Asks every connection to close after its last call. Its callback is of no use: Node closes the connections of a
    // closing server too, so grpc-js finds them closing and takes that for closed.
    this.#server.tryShutdown(() => undefined);
    if (listener && !(await this.#quiet(listener, graceMs)))
      logger.warn({ grace_ms: graceMs }, 'gRPC server: calls were still open after the grace');
    this.#server.forceShutdown();
    // A connection in its TLS handshake is unknown to the gRPC server.
    await listener?.destroy();
    logger.info({}, 'gRPC server stopped');
  }

  /** Whether every connection closed within the grace. */
  async #quiet(listener: Listener, graceMs: number): Promise<boolean> {
    const grace = new AbortController();
    const closed = listener.quiet().then(() => {
      grace.abort();
      return true;
    });
    const over = this.#dependencies.clock.sleep(graceMs, grace.signal).then(
      () => false,
      () => true,
    );
    return Promise.race([closed, over]);
  }
}

function credentials(tls: TlsOptions | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const pair = { private_key: tls.key, cert_chain: tls.certificate };
  return ServerCredentials.createSsl(tls.clientCa ?? null, [pair], tls.clientCa !== undefined);
}
