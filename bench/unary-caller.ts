import type { ClientHttp2Session } from 'node:http2';
import { frame, openSession, requestHeaders } from '../test/grpc/raw-client.ts';

const prefixBytes = frame(Buffer.alloc(0)).length;

/**
 * Makes one call again and again on a connection of its own, with as little of a client as HTTP/2 allows: what a caller's
 * library and its garbage cost is no part of what is measured.
 */
export class UnaryCaller {
  readonly #session: ClientHttp2Session;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #frame: Buffer;

  constructor(address: string, path: string, message: Buffer) {
    // When it breaks, every call under way hears of it from its own stream.
    this.#session = openSession(address);
    this.#headers = requestHeaders(path);
    this.#frame = frame(message);
  }

  close(): void {
    this.#session.close();
  }

  /** The message of the reply. Rejects when the call did not end well, and when it ended without a whole message. */
  call(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request(this.#headers);
      const chunks: Buffer[] = [];
      let status: unknown;
      let details: unknown;
      const note = (headers: Record<string, unknown>): void => {
        status ??= headers['grpc-status'];
        details ??= headers['grpc-message'];
      };
      stream.on('response', note);
      stream.on('trailers', note);
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        const reply = Buffer.concat(chunks);
        const message = reply.subarray(prefixBytes);
        if (status !== '0') reject(new Error(`ended with status ${String(status)}: ${String(details)}`));
        else if (!reply.equals(frame(message)))
          reject(new Error(`ended well with ${reply.length} bytes, which are no message`));
        else resolve(message);
      });
      stream.end(this.#frame);
    });
  }
}
