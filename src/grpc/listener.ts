import { createServer, type Server, type Socket } from 'node:net';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';

/**
 * A bound address and its connections. Until `serve` says who takes them they wait, unread, at most
 * `limits.connectionsMax` of them.
 */
export class Listener {
  readonly #logger: Logger;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those of `#sockets` that nobody serves yet. */
  readonly #waiting = new Set<Socket>();
  #full = false;
  #take: ((socket: Socket) => void) | undefined;
  #closed: Promise<void> | undefined;
  #lastSocketClosed: () => void = () => undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    // grpc-js itself has no limit of connections.
    this.#server.maxConnections = limits.connectionsMax;
    this.#server.on('drop', () => this.#dropped());
  }

  /** Resolves with the port; rejects when the address cannot be bound, and when `close` came first. */
  async listen(host: string, port: number): Promise<number> {
    const bound = await listening(this.#server, host, port);
    // A failed accept concerns one connection, not the server.
    this.#server.on('error', (error) => this.#logger.warn({ error }, 'gRPC listener'));
    if (!this.#closed) return bound;
    // The address was still being looked up when it was closed.
    this.#server.close();
    throw new Error(`gRPC on ${host}:${port} was stopped before it listened`);
  }

  /** Hands over the connections that wait, and every later one as it comes. */
  serve(take: (socket: Socket) => void): void {
    this.#take = take;
    for (const socket of this.#waiting) take(socket);
    this.#waiting.clear();
  }

  /** Accepts no more, and drops the connections that no one serves or that never said anything. */
  close(): void {
    this.#closed ??= new Promise((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets)
      if (this.#waiting.has(socket) || socket.bytesRead === 0) socket.destroy();
  }

  /** Resolves when every connection is closed. */
  quiet(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#lastSocketClosed = resolve;
    });
  }

  /** Cuts what is left; resolves when the port is free. */
  async destroy(): Promise<void> {
    this.close();
    for (const socket of this.#sockets) socket.destroy();
    await this.#closed;
  }

  /** Says once that the server is full, and again only when it had half its room back in between. */
  #dropped(): void {
    if (this.#full) return;
    this.#full = true;
    this.#logger.warn(
      { connections: this.#sockets.size, limit: limits.connectionsMax },
      'gRPC listener is full; new connections are closed at once',
    );
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#waiting.delete(socket);
      if (this.#sockets.size <= limits.connectionsMax / 2) this.#full = false;
      if (this.#sockets.size === 0) this.#lastSocketClosed();
    });
    if (this.#take) {
      this.#take(socket);
      return;
    }
    // A peer that resets a connection nobody serves yet is an event of that connection; `close` follows.
    socket.on('error', (error) => this.#logger.debug({ error }, 'gRPC connection'));
    this.#waiting.add(socket);
  }
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new Error(`gRPC cannot listen on ${host}:${port}`, { cause })));
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
