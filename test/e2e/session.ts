import assert from 'node:assert/strict';
import { Client, type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { CancelWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/CancelWorkflowResponse.ts';
import type { DownloadDocumentResponse__Output } from '../../src/gen/orchestrator/v1/DownloadDocumentResponse.ts';
import type { Progress__Output } from '../../src/gen/orchestrator/v1/Progress.ts';
import type { StartResearchRequest__Input } from '../../src/gen/orchestrator/v1/StartResearchRequest.ts';
import type { WatchWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/WatchWorkflowResponse.ts';
import type { Workflow__Output } from '../../src/gen/orchestrator/v1/Workflow.ts';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';
import type { WorkflowResult__Output } from '../../src/gen/orchestrator/v1/WorkflowResult.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { type Refusal, refusalOf } from '../grpc/harness.ts';

/** For a call that is never answered. */
const callMs = 30_000;

type Method<Request, Reply> = MethodDefinition<Request, never, unknown, Reply>;

export interface Settings {
  readonly metadata?: Metadata | undefined;
  readonly timeoutMs?: number;
}

export const terminalTypes: ReadonlySet<string> = new Set([
  'workflow_completed',
  'workflow_failed',
  'workflow_timed_out',
  'workflow_cancelled',
]);

/** A raw client with a connection of its own: generated messages, nothing retried. */
export class Session {
  readonly client: Client;
  readonly #watches = new Set<Watch>();

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
    });
  }

  /** Ends its watches too. May be called twice. */
  close(): void {
    for (const watch of this.#watches) watch.cancel();
    this.client.close();
  }

  /** One unary call with the initial metadata of its answer; rejects with the ServiceError. */
  call<Request, Reply>(
    method: Method<Request, Reply>,
    request: Request,
    { metadata = new Metadata(), timeoutMs = callMs }: Settings = {},
  ): Promise<{ readonly reply: Reply; readonly metadata: Metadata }> {
    return new Promise((resolve, reject) => {
      let initial = new Metadata();
      const call = this.client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline: Date.now() + timeoutMs },
        (error, reply) => {
          if (error || reply === undefined) reject(error ?? new Error('no reply'));
          else resolve({ reply, metadata: initial });
        },
      );
      call.on('metadata', (received: Metadata) => {
        initial = received;
      });
    });
  }

  /** The reply of one unary call. */
  async ask<Request, Reply>(method: Method<Request, Reply>, request: Request): Promise<Reply> {
    return (await this.call(method, request)).reply;
  }

  /** The refusal of one unary call that must not be accepted. */
  async refused<Request, Reply>(method: Method<Request, Reply>, request: Request): Promise<Refusal> {
    let reply: Reply;
    try {
      reply = await this.ask(method, request);
    } catch (error) {
      return refusalOf(error as ServiceError);
    }
    throw new assert.AssertionError({ message: `accepted: ${JSON.stringify(reply)}` });
  }

  async start(request: StartResearchRequest__Input, metadata?: Metadata): Promise<Workflow__Output> {
    const { reply } = await this.call(
      workflowService.StartResearch,
      { task: 'What is known about durable logs?', ...request },
      { metadata },
    );
    return present(reply.workflow);
  }

  async get(workflowId: string): Promise<Workflow__Output> {
    return present((await this.ask(workflowService.GetWorkflow, { workflowId })).workflow);
  }

  async result(workflowId: string): Promise<WorkflowResult__Output> {
    return present((await this.ask(workflowService.GetWorkflowResult, { workflowId })).result);
  }

  cancel(workflowId: string): Promise<CancelWorkflowResponse__Output> {
    return this.ask(workflowService.CancelWorkflow, { workflowId });
  }

  /** The workflows there are, of any state. */
  async ids(): Promise<readonly string[]> {
    const { workflows } = await this.ask(workflowService.ListWorkflows, { pageSize: 1_000 });
    return workflows.map(({ workflowId }) => workflowId);
  }

  /** How many workflows there are, of any state. */
  async count(): Promise<number> {
    return (await this.ids()).length;
  }

  /** Ids of all workflows, page by page. */
  async workflowIds(): Promise<string[]> {
    const ids: string[] = [];
    let pageToken = '';
    do {
      const request = { pageSize: 1_000, pageToken };
      const reply = await this.ask(workflowService.ListWorkflows, request);
      ids.push(...reply.workflows.map(({ workflowId }) => workflowId));
      pageToken = reply.nextPageToken;
    } while (pageToken !== '');
    return ids;
  }

  /** The workflow when it has ended. */
  async ended(workflowId: string, seconds = 60): Promise<Workflow__Output> {
    const settings = { timeoutMs: seconds * 1_000 };
    const { reply } = await this.call(workflowService.WaitWorkflow, { workflowId }, settings);
    const workflow = present(reply.workflow);
    assert.ok(workflow.endTime, `${workflowId} has not ended: ${workflow.state} ${workflow.blockedReason}`);
    return workflow;
  }

  /** The whole log, page by page. */
  async events(workflowId: string): Promise<WorkflowEvent__Output[]> {
    const events: WorkflowEvent__Output[] = [];
    let pageToken = '';
    do {
      const request = { workflowId, pageSize: 1_000, pageToken };
      const reply = await this.ask(workflowService.ListWorkflowEvents, request);
      events.push(...reply.events);
      pageToken = reply.nextPageToken;
    } while (pageToken !== '');
    return events;
  }

  /** The text of a finished document. */
  download(workflowId: string, format: string): Promise<string> {
    const method = workflowService.DownloadDocument;
    const stream = this.client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      { workflowId, format },
      new Metadata(),
    );
    return new Promise((resolve, reject) => {
      const parts: Uint8Array[] = [];
      stream.on('data', ({ chunk }: DownloadDocumentResponse__Output) => {
        if (chunk) parts.push(chunk);
      });
      stream.on('error', reject);
      stream.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    });
  }

  /** `afterSequence` unset: a snapshot first; 0: the whole history. */
  watch(workflowId: string, afterSequence?: number, includeProgress = false): Watch {
    const method = workflowService.WatchWorkflow;
    const watch = new Watch(
      this.client.makeServerStreamRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { workflowId, includeProgress, ...(afterSequence !== undefined && { afterSequence }) },
        new Metadata(),
      ),
    );
    this.#watches.add(watch);
    void watch.ended.then(() => this.#watches.delete(watch));
    return watch;
  }
}

/** One watch stream and everything it sent. */
export class Watch {
  readonly messages: WatchWorkflowResponse__Output[] = [];
  readonly events: WorkflowEvent__Output[] = [];
  /** How the stream ended; undefined: OK. */
  readonly ended: Promise<ServiceError | undefined>;
  readonly #stream: ClientReadableStream<WatchWorkflowResponse__Output>;
  readonly #waiters = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>();
  #over = false;

  constructor(stream: ClientReadableStream<WatchWorkflowResponse__Output>) {
    this.#stream = stream;
    stream.on('data', (message: WatchWorkflowResponse__Output) => {
      this.messages.push(message);
      this.events.push(...message.events);
      this.#look();
    });
    this.ended = new Promise((resolve) => {
      let failure: ServiceError | undefined;
      stream.on('error', (error) => {
        failure = error as ServiceError;
      });
      // The error comes after the status, the last message before it.
      stream.on('status', () =>
        setImmediate(() => {
          this.#over = true;
          this.#look();
          resolve(failure);
        }),
      );
    });
  }

  get progress(): Progress__Output[] {
    return this.messages.flatMap(({ progress }) => progress ?? []);
  }

  get last(): number {
    return Number(this.events.at(-1)?.sequence ?? 0);
  }

  /** Resolves as soon as `holds`, or when the stream has ended. */
  until(holds: () => boolean): Promise<void> {
    if (holds() || this.#over) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.add({ holds, resolve }));
  }

  /** Resolves with the first event of this type; fails when the stream ends without one. */
  async event(type: string): Promise<WorkflowEvent__Output> {
    const find = (): WorkflowEvent__Output | undefined => this.events.find((event) => event.type === type);
    await this.until(() => find() !== undefined);
    return present(find());
  }

  cancel(): void {
    this.#stream.cancel();
  }

  #look(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.holds() && !this.#over) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

export function present<T>(value: T | null | undefined): T {
  assert.ok(value !== null && value !== undefined);
  return value;
}

/** Fails unless the log is what a finished log must be: dense from 1, one terminal event, the last one. */
export function assertFinishedLog(events: readonly WorkflowEvent__Output[]): void {
  const id = events[0]?.workflowId ?? '(empty log)';
  assert.deepEqual(
    events.map(({ sequence }) => Number(sequence)),
    events.map((_, index) => index + 1),
    `${id}: sequences`,
  );
  const ends = events.filter(({ type }) => terminalTypes.has(type));
  assert.equal(ends.length, 1, `${id}: terminal events ${ends.map(({ type }) => type).join(', ')}`);
  assert.equal(ends[0], events.at(-1), `${id}: the terminal event is the last`);
}
