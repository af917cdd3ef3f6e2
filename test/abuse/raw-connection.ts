import { connect, type Socket } from 'node:net';
import { requestHeaders } from '../grpc/raw-client.ts';
import { flag, frameOf, frameType, headBytes, headerBlock, preface, settingsFrame } from './frame.ts';

/** For a server that does neither what is waited for nor close. */
const patienceMs = 20_000;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** A TCP connection to the gRPC port on which everything may be written. It keeps no rule and answers nothing. */
export class RawConnection {
  readonly frames: Frame[] = [];
  readonly #socket: Socket;
  readonly #waiting = new Set<() => void>();
  #unread: Buffer = Buffer.alloc(0);
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    // A reset is how a server may end an abusive connection; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#look();
    });
    socket.on('drain', () => this.#look());
  }

  /** Resolves when the connection is there. */
  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket));
      });
    });
  }

  /** The same with preface and settings exchanged, so that what follows is read as frames. */
  static async greeted(port: number, settings: Buffer = settingsFrame()): Promise<RawConnection> {
    const connection = await RawConnection.open(port);
    await connection.write(Buffer.concat([preface, settings]));
    await connection.until(() => connection.count(frameType.settings) > 0, 'the settings of the server');
    await connection.write(frameOf(frameType.settings, flag.ack, 0));
    return connection;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether the server has said that it wants no more of this connection. */
  get refused(): boolean {
    return this.#closed || this.count(frameType.goaway) > 0;
  }

  /** The error code of the server's GOAWAY. */
  get goawayCode(): number | undefined {
    return this.frames.find(({ type }) => type === frameType.goaway)?.payload.readUInt32BE(4);
  }

  count(type: number): number {
    return this.frames.filter((frame) => frame.type === type).length;
  }

  /** Resolves when the socket has room again, or is closed. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#closed || this.#socket.write(bytes)) return;
    await this.until(() => this.#closed || !this.#socket.writableNeedDrain, 'room to write');
  }

  /** Stops taking what the server sends. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Resolves when the fact holds, looking with everything that arrives; rejects when it takes too long. */
  until(fact: () => boolean, what: string): Promise<void> {
    if (fact()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        outcome();
      };
      const look = (): void => {
        if (fact()) settle(resolve);
        else if (this.#closed) settle(() => reject(new Error(`closed before: ${what}`)));
      };
      const timer = setTimeout(() => settle(() => reject(new Error(`did not happen: ${what}`))), patienceMs);
      this.#waiting.add(look);
      look();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    while (this.#unread.length >= headBytes) {
      const length = this.#unread.readUIntBE(0, 3);
      if (this.#unread.length < headBytes + length) break;
      this.frames.push({
        type: this.#unread[3] ?? 0,
        flags: this.#unread[4] ?? 0,
        streamId: this.#unread.readUInt32BE(5),
        payload: this.#unread.subarray(headBytes, headBytes + length),
      });
      this.#unread = this.#unread.subarray(headBytes + length);
    }
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}

/** Headers of a call; without `endStream` its message is to follow. */
export function callFrame(streamId: number, path: string, flags: number = flag.endHeaders): Buffer {
  const headers = { ...requestHeaders(path), ':scheme': 'http', ':authority': 'localhost' };
  // Pseudo-headers come first.
  const sorted = Object.entries(headers).toSorted(
    ([a], [b]) => Number(b.startsWith(':')) - Number(a.startsWith(':')),
  );
  return frameOf(frameType.headers, flags, streamId, headerBlock(Object.fromEntries(sorted)));
}
