import { type CallOptions, Client, type ClientReadableStream, Metadata, status as Code } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { Clock } from '../clock/clock.ts';
import type { CancelWorkflowRequest__Input } from '../gen/orchestrator/v1/CancelWorkflowRequest.ts';
import type { CancelWorkflowResponse__Output } from '../gen/orchestrator/v1/CancelWorkflowResponse.ts';
import type { DescribeLifecycleResponse__Output } from '../gen/orchestrator/v1/DescribeLifecycleResponse.ts';
import type { Document__Output } from '../gen/orchestrator/v1/Document.ts';
import type { DownloadDocumentRequest__Input } from '../gen/orchestrator/v1/DownloadDocumentRequest.ts';
import type { GetStatsResponse__Output } from '../gen/orchestrator/v1/GetStatsResponse.ts';
import type { ListWorkflowEventsRequest__Input } from '../gen/orchestrator/v1/ListWorkflowEventsRequest.ts';
import type { ListWorkflowEventsResponse__Output } from '../gen/orchestrator/v1/ListWorkflowEventsResponse.ts';
import type { ListWorkflowsRequest__Input } from '../gen/orchestrator/v1/ListWorkflowsRequest.ts';
import type { ListWorkflowsResponse__Output } from '../gen/orchestrator/v1/ListWorkflowsResponse.ts';
import type { Orchestrator__Output } from '../gen/orchestrator/v1/Orchestrator.ts';
import type { PauseWorkflowRequest__Input } from '../gen/orchestrator/v1/PauseWorkflowRequest.ts';
import type { Provider__Output } from '../gen/orchestrator/v1/Provider.ts';
import type { StartResearchRequest__Input } from '../gen/orchestrator/v1/StartResearchRequest.ts';
import type { StartSearchRequest__Input } from '../gen/orchestrator/v1/StartSearchRequest.ts';
import type { StartWorkflowRequest__Input } from '../gen/orchestrator/v1/StartWorkflowRequest.ts';
import type { WaitWorkflowResponse__Output } from '../gen/orchestrator/v1/WaitWorkflowResponse.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import type { WorkflowEvent__Output } from '../gen/orchestrator/v1/WorkflowEvent.ts';
import type { WorkflowResult__Output } from '../gen/orchestrator/v1/WorkflowResult.ts';
import { limits } from '../workflow/limits.ts';
import { catalogService, workflowService } from './definition.ts';
import { assembleDownload, type DocumentDownload } from './document-download.ts';
import { rpcErrorFrom } from './library-error.ts';
import { RpcError } from './rpc-error.ts';
import { durationMessage } from './time-message.ts';
import { channelSecurity, type ClientTls } from './transport-security.ts';
import { waitForEnd, type WaitOptions } from './wait.ts';
import { watchEvents, type WatchOptions } from './watch.ts';

export interface OrchestratorClientOptions {
  /** host:port. */
  readonly address: string;
  /** Gives deadlines their time and reconnects their pace; its wall time must be the real one. */
  readonly clock: Clock;
  /** Default: plain text, as a server on loopback speaks. */
  readonly tls?: ClientTls | undefined;
}

export interface CallSettings {
  /** How long the call may take; default `limits.callDeadlineMs`. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A start, and whether the request id was known before. */
export interface Started {
  readonly workflow: Workflow__Output;
  readonly alreadyStarted: boolean;
}

/** Which document to download; from its beginning, for only a whole one can be checked against its hash. */
export type WholeDocument = Omit<DownloadDocumentRequest__Input, 'offset'>;

/** One page of a list. */
export type WorkflowPage = ListWorkflowsResponse__Output;
export type EventPage = ListWorkflowEventsResponse__Output;

/**
 * A client of a server's WorkflowService and CatalogService over one channel. Requests and replies are the generated
 * messages. Every method rejects with RpcError, or with the signal's reason when the signal aborts.
 */
export class OrchestratorClient {
  readonly address: string;
  readonly #clock: Clock;
  readonly #client: Client;

  constructor({ address, clock, tls }: OrchestratorClientOptions) {
    this.address = address;
    this.#clock = clock;
    const security = channelSecurity(address, tls);
    this.#client = new Client(address, security.credentials, {
      ...security.options,
      'grpc.max_receive_message_length': limits.replyBytesMax,
      'grpc.max_send_message_length': limits.replyBytesMax,
      'grpc.keepalive_time_ms': limits.keepaliveMs,
      'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
      'grpc.initial_reconnect_backoff_ms': limits.reconnectBaseMs,
      'grpc.min_reconnect_backoff_ms': limits.reconnectBaseMs,
      'grpc.max_reconnect_backoff_ms': limits.reconnectMsMax,
      // A proxy for the web would otherwise be asked for 127.0.0.1 too.
      'grpc.enable_http_proxy': 0,
    });
  }

  /** Closes the channel; calls under way end. May be called twice. */
  close(): void {
    this.#client.close();
  }

  async startResearch(request: StartResearchRequest__Input, settings?: CallSettings): Promise<Started> {
    const reply = await this.#ask(workflowService.StartResearch, request, settings);
    return { workflow: present(reply.workflow), alreadyStarted: reply.alreadyStarted };
  }

  async startSearch(request: StartSearchRequest__Input, settings?: CallSettings): Promise<Started> {
    const reply = await this.#ask(workflowService.StartSearch, request, settings);
    return { workflow: present(reply.workflow), alreadyStarted: reply.alreadyStarted };
  }

  async startWorkflow(request: StartWorkflowRequest__Input, settings?: CallSettings): Promise<Started> {
    const reply = await this.#ask(workflowService.StartWorkflow, request, settings);
    return { workflow: present(reply.workflow), alreadyStarted: reply.alreadyStarted };
  }

  async getWorkflow(workflowId: string, settings?: CallSettings): Promise<Workflow__Output> {
    return present((await this.#ask(workflowService.GetWorkflow, { workflowId }, settings)).workflow);
  }

  listWorkflows(request: ListWorkflowsRequest__Input, settings?: CallSettings): Promise<WorkflowPage> {
    return this.#ask(workflowService.ListWorkflows, request, settings);
  }

  listWorkflowEvents(request: ListWorkflowEventsRequest__Input, settings?: CallSettings): Promise<EventPage> {
    return this.#ask(workflowService.ListWorkflowEvents, request, settings);
  }

  /**
   * Answers when the workflow has ended or after `waitMs`, whichever comes first, across lost connections; see
   * `waitForEnd`. Less than 0 is taken as 0, more than `limits.waitMsMax` as that.
   */
  waitWorkflow(
    workflowId: string,
    waitMs: number,
    options: WaitOptions = {},
  ): Promise<WaitWorkflowResponse__Output> {
    return waitForEnd(
      (leftMs) =>
        this.#ask(
          workflowService.WaitWorkflow,
          { workflowId, timeout: durationMessage(leftMs) },
          { timeoutMs: leftMs + limits.callDeadlineMs, signal: options.signal },
        ),
      this.#clock,
      waitMs,
      options,
    );
  }

  cancelWorkflow(
    request: CancelWorkflowRequest__Input,
    settings?: CallSettings,
  ): Promise<CancelWorkflowResponse__Output> {
    return this.#ask(workflowService.CancelWorkflow, request, settings);
  }

  async pauseWorkflow(
    request: PauseWorkflowRequest__Input,
    settings?: CallSettings,
  ): Promise<Workflow__Output> {
    return present((await this.#ask(workflowService.PauseWorkflow, request, settings)).workflow);
  }

  async resumeWorkflow(workflowId: string, settings?: CallSettings): Promise<Workflow__Output> {
    return present((await this.#ask(workflowService.ResumeWorkflow, { workflowId }, settings)).workflow);
  }

  async concludeWorkflow(workflowId: string, settings?: CallSettings): Promise<Workflow__Output> {
    return present((await this.#ask(workflowService.ConcludeWorkflow, { workflowId }, settings)).workflow);
  }

  async deleteWorkflow(workflowId: string, settings?: CallSettings): Promise<void> {
    await this.#ask(workflowService.DeleteWorkflow, { workflowId }, settings);
  }

  async getWorkflowResult(workflowId: string, settings?: CallSettings): Promise<WorkflowResult__Output> {
    return present((await this.#ask(workflowService.GetWorkflowResult, { workflowId }, settings)).result);
  }

  async listDocuments(workflowId: string, settings?: CallSettings): Promise<readonly Document__Output[]> {
    return (await this.#ask(workflowService.ListDocuments, { workflowId }, settings)).documents;
  }

  /** The whole document, checked against its hash. */
  downloadDocument(request: WholeDocument, settings?: CallSettings): Promise<DocumentDownload> {
    const whole = { ...request, offset: 0 };
    return assembleDownload(this.#stream(workflowService.DownloadDocument, whole, settings));
  }

  /** Every event exactly once and in order, across lost connections; see `watchEvents`. */
  watch(workflowId: string, options: WatchOptions = {}): AsyncGenerator<WorkflowEvent__Output, void, void> {
    return watchEvents(
      (afterSequence, signal) =>
        this.#stream(
          workflowService.WatchWorkflow,
          {
            workflowId,
            ...(afterSequence !== undefined && { afterSequence }),
            ...(options.onProgress && { includeProgress: true }),
          },
          { timeoutMs: Number.POSITIVE_INFINITY, signal },
        ),
      this.#clock,
      options,
    );
  }

  async listOrchestrators(settings?: CallSettings): Promise<readonly Orchestrator__Output[]> {
    return (await this.#ask(catalogService.ListOrchestrators, {}, settings)).orchestrators;
  }

  async listProviders(settings?: CallSettings): Promise<readonly Provider__Output[]> {
    return (await this.#ask(catalogService.ListProviders, {}, settings)).providers;
  }

  describeLifecycle(settings?: CallSettings): Promise<DescribeLifecycleResponse__Output> {
    return this.#ask(catalogService.DescribeLifecycle, {}, settings);
  }

  getStats(settings?: CallSettings): Promise<GetStatsResponse__Output> {
    return this.#ask(catalogService.GetStats, {}, settings);
  }

  #options({ timeoutMs = limits.callDeadlineMs }: CallSettings): CallOptions {
    return { deadline: this.#clock.now() + timeoutMs };
  }

  #ask<Request, Reply>(
    method: MethodDefinition<Request, never, unknown, Reply>,
    request: Request,
    settings: CallSettings = {},
  ): Promise<Reply> {
    const { signal } = settings;
    return new Promise<Reply>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => call.cancel();
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        new Metadata(),
        this.#options(settings),
        (error, reply) => {
          signal?.removeEventListener('abort', onAbort);
          if (signal?.aborted) reject(signal.reason);
          else if (error) reject(rpcErrorFrom(error));
          else resolve(present(reply));
        },
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  async *#stream<Request, Reply>(
    method: MethodDefinition<Request, never, unknown, Reply>,
    request: Request,
    settings: CallSettings = {},
  ): AsyncGenerator<Reply, void, void> {
    const { signal } = settings;
    signal?.throwIfAborted();
    const stream: ClientReadableStream<Reply> = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      new Metadata(),
      this.#options(settings),
    );
    const onAbort = (): void => stream.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
    // The loop below throws the error; a cancel after the loop raises one that nobody is left to hear.
    stream.on('error', () => {});
    try {
      for await (const message of stream as AsyncIterable<Reply>) yield message;
    } catch (error) {
      signal?.throwIfAborted();
      throw rpcErrorFrom(error);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      stream.cancel();
    }
  }
}

/** What the API always sends in a successful reply. */
function present<T>(message: T | null | undefined): T {
  if (message === null || message === undefined) {
    throw new RpcError(Code.INTERNAL, 'the reply lacks its message; is this an orchestrator.v1 server?');
  }
  return message;
}
