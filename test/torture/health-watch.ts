import { Client, type ClientReadableStream, credentials } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';

type Status = 'SERVING' | 'NOT_SERVING';

/** What the standard health service says, told as it changes. */
export class HealthWatch {
  readonly #client: Client;
  readonly #stream: ClientReadableStream<{ readonly status: string }>;
  readonly #waiters = new Set<{ readonly status: Status; readonly resolve: () => void }>();
  #status = '';

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
    const method = service['Watch'];
    if (!method) throw new Error('the health service has no Watch');
    this.#stream = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize as (bytes: Buffer) => { readonly status: string },
      { service: '' },
    );
    this.#stream.on('data', ({ status }: { readonly status: string }) => {
      this.#status = status;
      for (const waiter of this.#waiters) {
        if (waiter.status !== status) continue;
        this.#waiters.delete(waiter);
        waiter.resolve();
      }
    });
    // The end of the process ends the stream; whoever still waits is stopped by the test's own limit.
    this.#stream.on('error', () => undefined);
  }

  /** Resolves when the service says so. */
  until(status: Status): Promise<void> {
    if (this.#status === status) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.add({ status, resolve }));
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }
}
