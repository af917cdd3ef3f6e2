import { Client, type ClientReadableStream, credentials, type ServiceError } from '@grpc/grpc-js';
import type { StartResearchRequest__Input } from '../src/gen/orchestrator/v1/StartResearchRequest.ts';
import type { StartResearchResponse__Output } from '../src/gen/orchestrator/v1/StartResearchResponse.ts';
import type { StartWorkflowRequest__Input } from '../src/gen/orchestrator/v1/StartWorkflowRequest.ts';
import type { StartWorkflowResponse__Output } from '../src/gen/orchestrator/v1/StartWorkflowResponse.ts';
import type { WatchWorkflowRequest__Input } from '../src/gen/orchestrator/v1/WatchWorkflowRequest.ts';
import { workflowService } from '../src/grpc/definition.ts';

const { StartResearch, StartWorkflow, WatchWorkflow } = workflowService;
const bytesAsTheyCame = (bytes: Buffer): Buffer => bytes;

/** One connection of its own to the measured server or to the floor, by the same code. Does not decode what it watches. */
export class BenchClient {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_channelz': 0,
      'grpc.enable_http_proxy': 0,
    });
  }

  close(): void {
    this.#client.close();
  }

  startResearch(request: StartResearchRequest__Input): Promise<StartResearchResponse__Output> {
    return this.#ask<StartResearchRequest__Input, StartResearchResponse__Output>(StartResearch, request);
  }

  startWorkflow(request: StartWorkflowRequest__Input): Promise<StartWorkflowResponse__Output> {
    return this.#ask<StartWorkflowRequest__Input, StartWorkflowResponse__Output>(StartWorkflow, request);
  }

  /** A watch from the beginning, unread. */
  open(workflowId: string): ClientReadableStream<Buffer> {
    return this.#client.makeServerStreamRequest<WatchWorkflowRequest__Input, Buffer>(
      WatchWorkflow.path,
      WatchWorkflow.requestSerialize,
      bytesAsTheyCame,
      { workflowId, afterSequence: 0 },
    );
  }

  /** Reads a watch to its end; resolves when the server ended it well. */
  read(workflowId: string, onMessage: (message: Buffer) => void): Promise<void> {
    const call = this.open(workflowId);
    return new Promise((resolve, reject) => {
      call.on('data', onMessage);
      call.on('error', reject);
      call.on('end', resolve);
    });
  }

  #ask<Request, Reply>(
    method: {
      readonly path: string;
      readonly requestSerialize: (request: Request) => Buffer;
      readonly responseDeserialize: (bytes: Buffer) => Reply;
    },
    request: Request,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        (error: ServiceError | null, reply?: Reply) => {
          if (error) reject(error);
          else if (reply === undefined) reject(new Error(`${method.path}: no reply`));
          else resolve(reply);
        },
      );
    });
  }
}

/** So many connections; closed after the work. */
export async function withClients<T>(
  address: string,
  connections: number,
  work: (clients: readonly BenchClient[]) => Promise<T>,
): Promise<T> {
  const clients = Array.from({ length: connections }, () => new BenchClient(address));
  try {
    return await work(clients);
  } finally {
    for (const client of clients) client.close();
  }
}
