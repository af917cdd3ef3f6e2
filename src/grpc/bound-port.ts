import { createSecureContext } from 'node:tls';
import type { Logger } from '../workflow/logger.ts';
import { isLoopback } from '../workflow/loopback.ts';
import { Listener } from './listener.ts';

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

/**
 * An address that is taken; connections wait unanswered until a `GrpcServer` serves it. It needs nothing of the gRPC
 * library, so that what is wrong with the address or the certificates is known before any work begins, and the library
 * is loaded after the work has begun.
 */
export class BoundPort {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  readonly listener: Listener;

  private constructor(host: string, port: number, tls: TlsOptions | undefined, listener: Listener) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.listener = listener;
  }

  /**
   * Rejects when the address cannot be bound, when the certificates cannot be used, and when other machines could reach
   * the address without TLS and `insecure` does not say that this is meant.
   */
  static async take({ host, port, tls, insecure }: ListenOptions, logger: Logger): Promise<BoundPort> {
    if (!tls && !insecure && !isLoopback(host)) {
      throw new Error(
        `gRPC on ${host}: other machines can reach this address; configure TLS, or allow it without`,
      );
    }
    if (tls) createSecureContext({ cert: tls.certificate, key: tls.key, ca: tls.clientCa });
    const listener = new Listener(logger);
    return new BoundPort(host, await listener.listen(host, port), tls, listener);
  }

  /** Gives the address back; connections that wait are dropped. */
  async release(): Promise<void> {
    await this.listener.destroy();
  }
}
