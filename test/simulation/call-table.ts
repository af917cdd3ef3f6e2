import type { EventOf, WorkflowEvent } from '../../src/workflow/event.ts';
import { attemptId } from '../../src/workflow/id.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { must } from './violation.ts';

/** A provider request that a log knows of. */
export interface LoggedCall {
  readonly attempt: string;
  readonly turn: string;
  /** Ownership period that recorded its start. */
  readonly epoch: number;
  readonly startTime: number;
  /** A request has reached the provider. */
  requested: boolean;
  end: EventOf<'model_call_ended'> | undefined;
}

interface TurnCount {
  answered: boolean;
  /** Failed attempts that neither a crash nor a shutdown ended. */
  counted: number;
  /** Not before this time may the next attempt begin. */
  retryTime: number;
}

/** The calls of one workflow as its log tells them: which may be made, and how often. */
export class CallTable {
  readonly #workflowId: string;
  readonly #maxRetries: number;
  readonly calls = new Map<string, LoggedCall>();
  readonly #turns = new Map<string, TurnCount>();

  constructor({ workflowId, options }: WorkflowState) {
    this.#workflowId = workflowId;
    this.#maxRetries = options.maxRetries;
  }

  idOf({
    agentId,
    turn,
    attempt,
  }: {
    readonly agentId: string;
    readonly turn: number;
    readonly attempt: number;
  }): string {
    return attemptId(this.#workflowId, agentId, turn, attempt);
  }

  get open(): readonly LoggedCall[] {
    return [...this.calls.values()].filter(({ end }) => end === undefined);
  }

  started(event: WorkflowEvent, data: EventOf<'model_call_started'>): void {
    const attempt = this.idOf(data);
    const turn = `${data.agentId}/${data.turn}`;
    const count = this.#turnOf(turn);
    must(!this.calls.has(attempt), () => `calls: ${attempt} is begun twice`);
    must(!count.answered, () => `calls: ${attempt} is begun although the turn has its answer`);
    must(
      count.counted <= this.#maxRetries,
      () =>
        `calls: ${attempt} is begun after ${count.counted} failed attempts, ${this.#maxRetries} retries are allowed`,
    );
    must(
      event.time >= count.retryTime,
      () => `calls: ${attempt} is begun ${count.retryTime - event.time} ms before its retry time`,
    );
    this.calls.set(attempt, {
      attempt,
      turn,
      epoch: event.epoch,
      startTime: event.time,
      requested: false,
      end: undefined,
    });
  }

  ended(data: EventOf<'model_call_ended'>): void {
    const attempt = this.idOf(data);
    const call = this.calls.get(attempt);
    must(call !== undefined && call.end === undefined, () => `calls: ${attempt} ends and is not open`);
    call.end = data;
    const count = this.#turnOf(call.turn);
    if (data.result === 'ok') count.answered = true;
    else if (data.cause !== 'crash' && data.cause !== 'shutdown') count.counted++;
  }

  retrying({ agentId, turn, retryTime, cause, delayMs }: EventOf<'agent_retrying'>): void {
    const count = this.#turnOf(`${agentId}/${turn}`);
    must(cause.retryable, () => `retry: ${agentId} is tried again after ${cause.code}, which is final`);
    if (cause.code === 'rate_limited') {
      const asked = Math.min(cause.retryAfterMs ?? 0, 3_600_000);
      must(
        delayMs >= Math.max(asked, 1_000),
        () => `retry: ${agentId} waits ${delayMs} ms, the provider asked for ${asked}`,
      );
    }
    count.retryTime = retryTime;
  }

  failed({ agentId, failure }: EventOf<'agent_failed'>, turn: number): void {
    if (!failure.retryable) return;
    const { counted } = this.#turnOf(`${agentId}/${turn}`);
    must(
      counted > this.#maxRetries,
      () =>
        `retry: ${agentId} is given up after ${counted} failed attempts of turn ${turn}, ${this.#maxRetries} retries are allowed`,
    );
  }

  #turnOf(turn: string): TurnCount {
    let count = this.#turns.get(turn);
    if (!count) {
      count = { answered: false, counted: 0, retryTime: Number.NEGATIVE_INFINITY };
      this.#turns.set(turn, count);
    }
    return count;
  }
}
