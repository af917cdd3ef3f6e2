import { connect, type ClientHttp2Session } from 'node:http2';

/** What stands before a message: whether it is compressed, and its length. */
const prefixBytes = 5;

/**
 * Makes one call again and again on a connection of its own, with as little of a client as HTTP/2 allows: what a caller's
 * library costs, several times the server's, is no part of what is measured.
 */
export class UnaryCaller {
  readonly #session: ClientHttp2Session;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #frame: Buffer;

  constructor(address: string, path: string, message: Buffer) {
    this.#session = connect(`http://${address}`);
    this.#headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    this.#frame = Buffer.alloc(prefixBytes + message.length);
    this.#frame.writeUInt32BE(message.length, 1);
    message.copy(this.#frame, prefixBytes);
  }

  close(): void {
    this.#session.close();
  }

  /** The message of the reply. Rejects when the call did not end well. */
  call(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request(this.#headers);
      const chunks: Buffer[] = [];
      let status: unknown;
      let message: unknown;
      const note = (headers: Record<string, unknown>): void => {
        status ??= headers['grpc-status'];
        message ??= headers['grpc-message'];
      };
      stream.on('response', note);
      stream.on('trailers', note);
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        if (status === '0') resolve(Buffer.concat(chunks).subarray(prefixBytes));
        else reject(new Error(`the call ended with status ${String(status)}: ${String(message)}`));
      });
      stream.end(this.#frame);
    });
  }
}
