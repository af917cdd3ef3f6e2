import { setInterval as everyMs } from 'node:timers/promises';
import type { ServiceError } from '@grpc/grpc-js';
import { workflowService } from '../../src/grpc/definition.ts';
import type { Session } from '../e2e/session.ts';

const paceMs = 5;
/** Every so many calls the witness starts a run, so that the whole engine is seen to work and not the edge alone. */
const callsPerStart = 40;
/** A call that takes longer is a violation: somebody else's abuse shut this client out. */
const answerMsMax = 10_000;
const label = 'witness';

export interface Testimony {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
  /** What was not answered as it should. */
  readonly failures: readonly string[];
}

/** A well-behaved client with a connection of its own: it goes on calling while somebody else abuses the server. */
export class Witness {
  readonly #session: Session;
  readonly #workflowId: string;
  readonly #started: string[] = [];
  #latencies: number[] = [];
  #failures: string[] = [];
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #calls = 0;
  #waiting: (() => void)[] = [];

  /** `workflowId`: a workflow that has ended. */
  constructor(session: Session, workflowId: string) {
    this.#session = session;
    this.#workflowId = workflowId;
    this.#loop = this.#run();
  }

  /** Workflows that are its own. */
  get startedIds(): readonly string[] {
    return this.#started;
  }

  /** What it saw since it was asked last; at least one call is made after the question. */
  async testify(): Promise<Testimony> {
    await this.answered(2);
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number): number =>
      Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
    const testimony = {
      calls: sorted.length,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      slowestMs: Math.round((sorted.at(-1) ?? 0) * 10) / 10,
      failures: this.#failures,
    };
    this.#latencies = [];
    this.#failures = [];
    return testimony;
  }

  /** Resolves when so many more calls were answered or have failed. */
  async answered(calls: number): Promise<void> {
    for (let left = calls; left > 0; left--) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for await (const _ of everyMs(paceMs, undefined, { signal })) await this.#call();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const resolve of this.#waiting) resolve();
    }
  }

  async #call(): Promise<void> {
    const start = performance.now();
    const starts = this.#calls++ % callsPerStart === 0;
    try {
      if (starts) await this.#start();
      else await this.#get();
      this.#latencies.push(performance.now() - start);
    } catch (error) {
      const { code, details } = error as ServiceError;
      const waited = Math.round(performance.now() - start);
      this.#failures.push(
        `${starts ? 'StartResearch' : 'GetWorkflow'}: code ${code} after ${waited} ms: ${details}`,
      );
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #get(): Promise<void> {
    const request = { workflowId: this.#workflowId };
    await this.#session.call(workflowService.GetWorkflow, request, { timeoutMs: answerMsMax });
  }

  async #start(): Promise<void> {
    const request = {
      task: 'What is known about durable logs?',
      numAgents: 1,
      options: { providerName: 'offline', labels: { from: label } },
    };
    const { reply } = await this.#session.call(workflowService.StartResearch, request, {
      timeoutMs: answerMsMax,
    });
    if (reply.workflow) this.#started.push(reply.workflow.workflowId);
  }
}
