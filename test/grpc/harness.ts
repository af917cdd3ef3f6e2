import assert from 'node:assert/strict';
import {
  type CallOptions,
  type Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type requestCallback,
  type ServiceError,
} from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../src/clock/clock.ts';
import { RealClock } from '../../src/clock/real-clock.ts';
import type { CatalogServiceClient } from '../../src/gen/orchestrator/v1/CatalogService.ts';
import type { WorkflowServiceClient } from '../../src/gen/orchestrator/v1/WorkflowService.ts';
import { catalogService, rpc, workflowService } from '../../src/grpc/definition.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { type Logger, silentLogger } from '../../src/workflow/logger.ts';
import { FakeApplication } from './fake-application.ts';

export interface Harness {
  readonly application: FakeApplication;
  readonly server: GrpcServer;
  readonly port: number;
  readonly address: string;
  readonly workflows: WorkflowServiceClient;
  readonly catalog: CatalogServiceClient;
  close(): Promise<void>;
}

/** A server on a free port and a client of each service. */
export async function serve(
  options: { clock?: Clock; logger?: Logger; tracer?: Tracer } = {},
): Promise<Harness> {
  const clock = options.clock ?? new RealClock();
  const application = new FakeApplication(clock);
  const server = new GrpcServer(application, {
    clock,
    logger: options.logger ?? silentLogger,
    tracer: options.tracer,
    version: 'test',
  });
  const port = await server.start({ host: '127.0.0.1', port: 0 });
  const address = `127.0.0.1:${port}`;
  const Workflows = makeGenericClientConstructor(workflowService, 'WorkflowService');
  const Catalog = makeGenericClientConstructor(catalogService, 'CatalogService');
  const workflows = new Workflows(address, credentials.createInsecure()) as unknown as WorkflowServiceClient;
  const catalog = new Catalog(address, credentials.createInsecure()) as unknown as CatalogServiceClient;
  return {
    application,
    server,
    port,
    address,
    workflows,
    catalog,
    close: async () => {
      workflows.close();
      catalog.close();
      await server.stop(0);
    },
  };
}

/** A generated method by its last overload, which is the one that inference sees. */
type RequestOf<Method> = Method extends (
  request: infer Request,
  callback: requestCallback<unknown>,
) => ClientUnaryCall
  ? Request
  : never;
type ReplyOf<Method> = Method extends (
  request: never,
  callback: requestCallback<infer Reply>,
) => ClientUnaryCall
  ? Reply
  : never;

type FullUnary<Request, Reply> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Reply>,
) => ClientUnaryCall;

export interface Answer<Reply> {
  readonly reply: Reply;
  readonly metadata: Metadata;
}

/** One unary call; rejects with the ServiceError. */
export function ask<C extends Client, M extends keyof C>(
  client: C,
  method: M,
  request: RequestOf<C[M]>,
  metadata = new Metadata(),
): Promise<Answer<ReplyOf<C[M]>>> {
  return new Promise((resolve, reject) => {
    let initial = new Metadata();
    // Another overload of the same method.
    const full = client[method] as FullUnary<RequestOf<C[M]>, ReplyOf<C[M]>>;
    const call = full.call(client, request, metadata, { deadline: Date.now() + 20_000 }, (error, reply) => {
      if (error || reply === undefined) reject(error ?? new Error('no reply'));
      else resolve({ reply, metadata: initial });
    });
    call.on('metadata', (received: Metadata) => {
      initial = received;
    });
  });
}

/** The same for a call that must be refused. */
export async function refused<C extends Client, M extends keyof C>(
  client: C,
  method: M,
  request: RequestOf<C[M]>,
): Promise<Refusal> {
  try {
    await ask(client, method, request);
  } catch (error) {
    return refusalOf(error as ServiceError);
  }
  throw new assert.AssertionError({ message: 'the call was accepted' });
}

export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fields: readonly {
    readonly field: string;
    readonly description: string;
    readonly reason: string;
  }[];
  readonly retryDelay: { readonly seconds: string; readonly nanos: number } | undefined;
  /** Short names of all details. */
  readonly types: readonly string[];
  readonly detailBytes: number;
}

/** A status with its google.rpc details. */
export function refusalOf(error: ServiceError): Refusal {
  const [encoded] = error.metadata.get('grpc-status-details-bin');
  assert.ok(Buffer.isBuffer(encoded), `no details: ${error.message}`);
  const status = rpc.Status.deserialize(encoded);
  assert.equal(status.code, error.code);
  assert.equal(status.message, error.details);
  const details = new Map(
    status.details.map((detail) => {
      const { type_url: url, value } = detail;
      return [url.replace('type.googleapis.com/google.rpc.', ''), value];
    }),
  );
  const of = <T>(type: string, decode: (bytes: Buffer) => T): T | undefined => {
    const value = details.get(type);
    return value && decode(value);
  };
  const info = of('ErrorInfo', rpc.ErrorInfo.deserialize);
  return {
    code: error.code,
    message: error.details,
    reason: info?.reason ?? '',
    domain: info?.domain ?? '',
    metadata: info?.metadata ?? {},
    fields: of('BadRequest', rpc.BadRequest.deserialize)?.fieldViolations ?? [],
    retryDelay: of('RetryInfo', rpc.RetryInfo.deserialize)?.retryDelay ?? undefined,
    types: [...details.keys()],
    detailBytes: encoded.length,
  };
}

/** Everything a stream sends, and how it ended. */
export async function collect<Reply>(
  stream: ClientReadableStream<Reply>,
): Promise<{ readonly messages: Reply[]; readonly error: ServiceError | undefined }> {
  const messages: Reply[] = [];
  return new Promise((resolve) => {
    let error: ServiceError | undefined;
    stream.on('data', (message: Reply) => messages.push(message));
    stream.on('error', (reason) => {
      error = reason as ServiceError;
    });
    stream.on('status', () => setImmediate(() => resolve({ messages, error })));
  });
}

/** Resolves when a fact holds, looking again after every turn; fails after 20 s. */
export async function until(fact: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!fact()) {
    if (Date.now() > end) throw new assert.AssertionError({ message: `did not happen: ${what}` });
    await new Promise((resolve) => setImmediate(resolve));
  }
}
