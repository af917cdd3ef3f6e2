import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../clock/clock.ts';
import type { Application } from '../engine/application.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { isLoopback } from '../workflow/loopback.ts';
import { bodyTimeoutInterceptor } from './body-timeout-interceptor.ts';
import { callInterceptor } from './call-interceptor.ts';
import { catalogHandlers } from './catalog-service.ts';
import type { CommitFeed } from './commit-feed.ts';
import { catalogService } from './definition.ts';
import { Health } from './health.ts';
import { Listener } from './listener.ts';
import { OpenCalls } from './open-calls.ts';
import { addReflection } from './reflection.ts';
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

export interface TlsOptions {
  /** PEM. */
  readonly certificate: Buffer;
  /** PEM. */
  readonly key: Buffer;
  /** PEM; when given, clients must show a certificate signed by it. */
  readonly clientCa?: Buffer | undefined;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: TlsOptions | undefined;
  /** Serve addresses other machines can reach without TLS. Default false. */
  readonly insecure?: boolean | undefined;
}

/** The gRPC edge: both services, health and reflection on one port. Speaks the protocol and decides nothing. */
export class GrpcServer {
  readonly #dependencies: GrpcServerDependencies;
  readonly #server: Server;
  readonly #health: Health;
  readonly #openCalls = new OpenCalls();
  #bound: Bound | undefined;
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
    this.#server.addService(
      refusingInHandler(servedWorkflowService),
      workflowHandlers(application, context, commits),
    );
    this.#server.addService(refusingInHandler(catalogService), catalogHandlers(application, context));
    this.#health.addTo(this.#server);
    addReflection(this.#server);
  }

  /** Watches and waits that are open. */
  get openCalls(): number {
    return this.#openCalls.count;
  }

  /** `bind`, then `serve`; resolves with the port. */
  async start(options: ListenOptions): Promise<number> {
    const port = await this.bind(options);
    await this.serve();
    return port;
  }

  /**
   * Takes the port and resolves with it; connections wait unanswered until `serve`. So what is wrong with the address
   * or the certificates is known before any work begins. Rejects when the address cannot be bound, when the
   * certificates cannot be used, and when other machines could reach the address without TLS and `insecure` does not
   * say that this is meant.
   */
  async bind({ host, port, tls, insecure }: ListenOptions): Promise<number> {
    if (this.#bound) throw new Error('the gRPC server is bound already');
    if (this.#stopping) throw new Error('the gRPC server was stopped');
    if (!tls && !insecure && !isLoopback(host)) {
      throw new Error(
        `gRPC on ${host}: other machines can reach this address; configure TLS, or allow it without`,
      );
    }
    const injector = this.#server.createConnectionInjector(credentials(tls));
    const listener = new Listener(this.#dependencies.logger);
    const bound: Bound = { host, port, tls: tls !== undefined, injector, listener };
    this.#bound = bound;
    try {
      const taken = await listener.listen(host, port);
      this.#bound = { ...bound, port: taken };
      return taken;
    } catch (error) {
      this.#bound = undefined;
      throw error;
    }
  }

  /** Answers the connections that wait and all later ones; resolves when health has looked once. Comes after `bind`. */
  async serve(): Promise<void> {
    if (!this.#bound) throw new Error('the gRPC server has to be bound before it serves');
    if (this.#stopping) throw new Error('the gRPC server was stopped');
    const { host, port, tls, injector, listener } = this.#bound;
    listener.serve((socket) => injector.injectConnection(socket));
    await this.#health.start();
    const { logger, version } = this.#dependencies;
    logger.info({ host, port, tls, version }, 'gRPC server listens');
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
   * where to go on, other calls have `graceMs` to end. May be called twice, and before the server serves or is bound.
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

/** A port that is taken. */
interface Bound {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly injector: ReturnType<Server['createConnectionInjector']>;
  readonly listener: Listener;
}

function credentials(tls: TlsOptions | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const pair = { private_key: tls.key, cert_chain: tls.certificate };
  return ServerCredentials.createSsl(tls.clientCa ?? null, [pair], tls.clientCa !== undefined);
}
