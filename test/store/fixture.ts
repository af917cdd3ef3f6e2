import { createHash } from 'node:crypto';
import type { Append, Blob, EventStore, LeaseStore, RequestRecord } from '../../src/store/event-store.ts';
import { addChange, spendChange, type SpendSum } from '../../src/workflow/day-spend.ts';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import { evolve, fold } from '../../src/workflow/evolve.ts';
import { defaultTenant, type WorkflowKey } from '../../src/workflow/id.ts';
import { rowOf, type WorkflowRow } from '../../src/workflow/row.ts';

export type Store = EventStore & LeaseStore;

/** When the logs of these tests begin. */
export const startTime = Date.UTC(2026, 0, 1);

/** A workflow's key by number. */
export function keyOf(number: number, tenant = defaultTenant): WorkflowKey {
  return { tenant, workflowId: `research_${number.toString(16).padStart(12, '0')}` };
}

export interface StartedWith {
  readonly labels?: Readonly<Record<string, string>>;
  readonly orchestrator?: string;
  readonly priority?: number;
  readonly task?: string;
  readonly tenant?: string;
}

export function started(options: StartedWith = {}): EventData {
  return {
    type: 'workflow_started',
    tenant: options.tenant ?? defaultTenant,
    orchestrator: options.orchestrator ?? 'research',
    orchestratorVersion: 1,
    task: options.task ?? 'Compare the storage engines',
    title: 'Research: Compare the storage engines',
    input: { numAgents: 3 },
    options: {
      providerName: 'offline',
      models: { plan: 'extractive', work: 'extractive', synthesis: 'extractive' },
      generateDocuments: false,
      documentFormats: [],
      workflowTimeoutMs: 60_000,
      maxRetries: 2,
      maxConcurrentAgents: 10,
      maxOutputTokens: 4_096,
      onLimit: 'fail',
      minSuccessfulAgents: 1,
      labels: { ...options.labels },
      priority: options.priority ?? 0,
    },
    sources: [],
  };
}

export const admitted: EventData = { type: 'workflow_admitted', deadline: startTime + 60_000 };
export const paused = {
  type: 'workflow_paused',
  remainingMs: 1_000,
  agentRemainingMs: {},
  pauseDeadline: startTime + 60_000,
} satisfies EventData;
export const resumed: EventData = { type: 'workflow_resumed' };
export const completed: EventData = { type: 'workflow_completed', completeness: 1, failedAgentIds: [] };
export const failed: EventData = {
  type: 'workflow_failed',
  error: { type: 'quorum', message: 'no agent succeeded “naïve” 🦉\u0000' },
};

export function scheduled(agentId: string): EventData {
  return {
    type: 'agent_scheduled',
    agentId,
    role: 'planner',
    stage: { type: 'plan' },
    title: 'Plan',
    inputAgentIds: [],
    passages: [],
    model: 'm',
    timeoutMs: 60_000,
    inputHash: '',
  };
}

export function blobOf(text: string): Blob {
  const bytes = new TextEncoder().encode(text);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

export function requestOf(requestId: string, expireTime: number, bodyHash = 'body'): RequestRecord {
  return { method: 'StartResearch', requestId, bodyHash, expireTime };
}

/** A workflow as its owner sees it: builds appends, and goes on when one was written. */
export class Writer {
  readonly key: WorkflowKey;
  readonly events: WorkflowEvent[] = [];
  epoch = 0;

  constructor(key: WorkflowKey) {
    this.key = key;
  }

  get row(): WorkflowRow {
    const state = fold(this.events);
    if (!state) throw new Error('nothing was written yet');
    return rowOf(state);
  }

  /** The append of this data behind what was written; does not move the writer. */
  build(data: readonly EventData[], extra: Partial<Append> & { time?: number } = {}): Append {
    const { time = startTime, ...rest } = extra;
    const expectedSequence = this.events.length;
    const events = data.map(
      (one, index): WorkflowEvent => ({
        workflowId: this.key.workflowId,
        sequence: expectedSequence + index + 1,
        time,
        epoch: this.epoch,
        progress: Math.min(100, (expectedSequence + index) / 2),
        data: one,
      }),
    );
    let state = fold(this.events);
    const spend: SpendSum = [];
    for (const event of events) {
      const change = spendChange(state, event.data, event.time);
      if (change) addChange(spend, change);
      state = evolve(state, event);
    }
    if (!state) throw new Error('an append needs an event');
    return { key: this.key, epoch: this.epoch, expectedSequence, events, row: rowOf(state), spend, ...rest };
  }

  async claim(store: Store, owner = 'test'): Promise<void> {
    const epoch = await store.claim(this.key, owner);
    if (epoch === undefined) throw new Error(`${this.key.workflowId} was not given`);
    this.epoch = epoch;
  }

  /** Takes over that this append was written. */
  accept(append: Append): void {
    this.events.push(...append.events);
  }

  async write(
    store: Store,
    data: readonly EventData[],
    extra: Partial<Append> & { time?: number } = {},
  ): Promise<void> {
    const append = this.build(data, extra);
    const answer = await store.append(append);
    if (answer.result !== 'appended') throw new Error(`expected appended, found ${answer.result}`);
    this.accept(append);
  }
}

/** Claims a new workflow and writes its first event. */
export async function startWorkflow(
  store: Store,
  number: number,
  options: StartedWith & { time?: number; blobs?: readonly Blob[]; request?: RequestRecord } = {},
): Promise<Writer> {
  const writer = new Writer(keyOf(number, options.tenant));
  await writer.claim(store);
  await writer.write(store, [started(options)], {
    ...(options.time !== undefined && { time: options.time }),
    blobs: options.blobs,
    request: options.request,
  });
  return writer;
}

/** A workflow from start to completion. */
export async function finishWorkflow(
  store: Store,
  number: number,
  options: StartedWith & {
    time?: number;
    endTime?: number;
    blobs?: readonly Blob[];
    request?: RequestRecord;
  } = {},
): Promise<Writer> {
  const writer = await startWorkflow(store, number, options);
  await writer.write(store, [admitted, completed], { time: options.endTime ?? options.time ?? startTime });
  return writer;
}

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}
