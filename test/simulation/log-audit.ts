import { isTerminalEvent, type EventOf, type WorkflowEvent } from '../../src/workflow/event.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { spentTokens } from '../../src/workflow/ledger.ts';
import { latestEnd } from '../../src/workflow/reserve.ts';
import { rowOf, type WorkflowRow } from '../../src/workflow/row.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { isTerminal } from '../../src/workflow/status.ts';
import { Books } from './books.ts';
import { CallTable } from './call-table.ts';
import type { Coverage } from './coverage.ts';
import { nanoUsdPerToken } from './simulated-provider.ts';
import { must } from './violation.ts';

const dayMs = 86_400_000;
const pauseLimitMs = 7 * dayMs;
const lifecycle: ReadonlySet<string> = new Set([
  'workflow_admitted',
  'workflow_paused',
  'workflow_resumed',
  'cancellation_requested',
  'workflow_completed',
  'workflow_failed',
  'workflow_timed_out',
  'workflow_cancelled',
]);
const afterCancel: ReadonlySet<string> = new Set([
  'model_call_ended',
  'workflow_recovered',
  'workflow_cancelled',
]);

/** One log as it became durable, event by event, and everything that must hold after each of them. */
export class LogAudit {
  readonly key: WorkflowKey;
  readonly events: WorkflowEvent[] = [];
  readonly calls: CallTable;
  readonly books: Books;
  readonly #coverage: Coverage;
  #state: WorkflowState;
  /** Own count of the time that is left, ms; until the first admission all of it. */
  #remainingMs: number;
  #deadline: number | undefined;
  #pauseDeadline: number | undefined;
  #evicted = false;
  readonly #graceAborts = new Set<string>();

  constructor(key: WorkflowKey, first: WorkflowEvent, coverage: Coverage) {
    this.key = key;
    this.#coverage = coverage;
    this.#state = evolve(undefined, first);
    must(first.progress === 0, () => 'log: it begins with progress');
    this.events.push(first);
    this.calls = new CallTable(this.#state);
    this.books = new Books(this.#state);
    this.#remainingMs = this.#state.options.workflowTimeoutMs;
    coverage.event(first.data.type);
  }

  get state(): WorkflowState {
    return this.#state;
  }

  get ended(): boolean {
    const last = this.events.at(-1);
    return last !== undefined && isTerminalEvent(last.data);
  }

  get evicted(): boolean {
    return this.#evicted;
  }

  evict(): void {
    this.#evicted = true;
  }

  add(event: WorkflowEvent): void {
    const last = this.events.at(-1);
    must(
      last !== undefined && event.sequence === last.sequence + 1,
      () => `log: sequence ${event.sequence} follows ${last?.sequence}`,
    );
    must(!isTerminalEvent(last.data), () => `log: ${event.data.type} follows the end`);
    must(event.epoch >= last.epoch, () => `log: epoch ${event.epoch} follows ${last.epoch}`);
    must(event.time >= last.time, () => `log: time falls by ${last.time - event.time} ms`);
    must(
      event.progress >= last.progress && event.progress <= 100,
      () => `log: progress ${event.progress} follows ${last.progress}`,
    );
    const before = this.#state;
    if (before.status === 'cancelling')
      must(afterCancel.has(event.data.type), () => `cancel: ${event.data.type} follows the request`);
    this.#state = evolve(before, event);
    this.events.push(event);
    this.#account(event, before);
    this.#coverage.event(event.data.type);
    if (lifecycle.has(event.data.type)) this.#coverage.transition(before.status, event.data.type);
    this.books.check(this.#state);
    if (this.#state.status === 'running')
      must(
        this.#state.deadline === this.#deadline,
        () => `deadline: it moved from ${this.#deadline} to ${this.#state.deadline}`,
      );
  }

  /** After a whole append. */
  checkBatch(row: WorkflowRow, epoch: number): void {
    must(
      JSON.stringify(row) === JSON.stringify(rowOf(this.#state)),
      () => 'row: it differs from the fold of the log',
    );
    must(
      row.costNanoUsd === this.#state.ledger.spentNanoUsd && row.sequence === this.events.length,
      () => 'row: it does not tell what the log says',
    );
    for (const call of this.calls.open)
      must(
        call.epoch === epoch,
        () =>
          `recovery: ${call.attempt} of epoch ${call.epoch} is still open after an append of epoch ${epoch}`,
      );
    if (isTerminal(this.#state.status)) must(this.books.openCalls === 0, () => 'end: calls are open');
  }

  #account({ data, time, epoch, progress }: WorkflowEvent, before: WorkflowState): void {
    if (data.type === 'model_call_started') this.#callStarted(data, time, before);
    else if (data.type === 'model_call_ended') this.#callEnded(data);
    else if (data.type === 'agent_retrying') this.calls.retrying(data);
    else if (data.type === 'agent_failed') this.#agentFailed(data, time, before);
    else if (data.type === 'workflow_admitted') this.#admitted(data, time);
    else if (data.type === 'workflow_paused') this.#paused(data, time);
    else if (data.type === 'workflow_recovered') this.#recovered(data, epoch, before);
    else if (data.type === 'workflow_timed_out') this.#timedOut(data, time);
    else if (data.type === 'workflow_cancelled') this.books.checkReceipt(data.receipt);
    else if (data.type === 'limit_reached' && data.cap.startsWith('day_'))
      this.#coverage.fault('money: a workflow meets the cap of its day');
    else if (data.type === 'conclusion_requested') this.#concluding(data, before);
    else if (data.type === 'workflow_completed') {
      must(progress === 100, () => `end: completed with progress ${progress}`);
      if (before.conclusion && data.completeness < 1)
        this.#coverage.fault('conclude: completes with less than the whole');
      if (before.conclusion && data.finalAgentId === undefined)
        this.#coverage.fault('conclude: completes without its final text');
    }
  }

  #callStarted(data: EventOf<'model_call_started'>, time: number, before: WorkflowState): void {
    const event = this.events.at(-1);
    if (event) this.calls.started(event, data);
    this.books.started(this.calls.idOf(data), data);
    must(before.status === 'running', () => `calls: one is begun while ${before.status}`);
    must(this.#deadline === undefined || time < this.#deadline, () => 'deadline: a call is begun after it');
    const deadline = before.agents.get(data.agentId)?.deadline;
    const { waitedMs = 0, provider, model, reserved } = data;
    must(
      deadline === undefined || time < deadline + waitedMs,
      () => "deadline: a call is begun after its agent's",
    );
    const later = this.#state.agents.get(data.agentId)?.deadline;
    must(
      deadline === undefined || later === deadline + waitedMs,
      () =>
        `deadline: ${data.agentId} waited ${waitedMs} ms and got ${(later ?? 0) - (deadline ?? 0)} ms for it`,
    );
    if (waitedMs > 0) this.#coverage.fault('gate: an attempt was kept waiting');
    const tokens = reserved.inputTokens + reserved.outputTokens;
    must(
      reserved.costNanoUsd === undefined ||
        reserved.costNanoUsd === tokens * (nanoUsdPerToken[provider] ?? 0),
      () => `money: a call to ${provider}/${model} is reserved at another's price`,
    );
    must(
      reserved.costNanoUsd !== undefined || before.options.maxCostNanoUsd === undefined,
      () => `money: ${provider}/${model} has no price and is called under a cap`,
    );
    this.#checkReserve(data, before);
    const { maxConcurrentAgents } = before.options;
    const working = [...this.#state.agents.values()].filter(({ status }) => status === 'working').length;
    must(working <= maxConcurrentAgents, () => `agents: ${working} work at once, ${maxConcurrentAgents} may`);
  }

  /** A quarter of each cap is the report's. */
  #checkReserve({ agentId, reserved }: EventOf<'model_call_started'>, before: WorkflowState): void {
    const { stage } = before.agents.get(agentId) ?? {};
    const { maxTokens, maxCostNanoUsd, onLimit } = before.options;
    if (onLimit !== 'conclude' || stage?.type === 'synthesis') return;
    must(!before.conclusion, () => `conclude: the work of ${agentId} goes on`);
    const { ledger } = before;
    const tokens = spentTokens(ledger) + ledger.heldTokens + reserved.inputTokens + reserved.outputTokens;
    const cost = ledger.spentNanoUsd + ledger.heldNanoUsd + (reserved.costNanoUsd ?? 0);
    must(
      tokens <= Math.ceil((maxTokens ?? Infinity) * 0.75) &&
        cost <= Math.ceil((maxCostNanoUsd ?? Infinity) * 0.75),
      () => `money: ${agentId} takes what is kept for the report`,
    );
  }

  #concluding({ reason }: EventOf<'conclusion_requested'>, before: WorkflowState): void {
    must(before.status === 'running', () => `conclude: asked for while ${before.status}`);
    must(!before.conclusion, () => 'conclude: asked for twice');
    if (reason === 'caller') this.#coverage.fault('conclude: asked by a caller');
    else {
      must(before.options.reserve !== undefined, () => `conclude: for its ${reason}, and it is to fail`);
      this.#coverage.fault(reason === 'deadline' ? 'conclude: for the deadline' : 'conclude: for the budget');
    }
  }

  #callEnded(data: EventOf<'model_call_ended'>): void {
    if (data.cause === 'conclude') this.#graceAborts.add(data.agentId);
    this.calls.ended(data);
    this.books.ended(this.calls.idOf(data), data);
  }

  #agentFailed(data: EventOf<'agent_failed'>, time: number, before: WorkflowState): void {
    const agent = before.agents.get(data.agentId);
    this.calls.failed(data, agent?.turns.length ?? 0);
    if (data.failure.code === 'concluded') {
      if (agent?.openCall === undefined && before.conclusion && !this.#graceAborts.has(data.agentId)) return;
      must(
        before.conclusion !== undefined && time >= before.conclusion.graceDeadline,
        () => `conclude: the work of ${data.agentId} is aborted within the grace`,
      );
      this.#coverage.fault('conclude: aborts work after the grace');
      return;
    }
    if (data.failure.code !== 'deadline' || agent?.startTime === undefined) return;
    // The report of a workflow that concludes has to be there before the end of the time.
    const latest = latestEnd(before, agent);
    if (latest !== undefined && time >= latest) return;
    // Pauses, outages and rate limits give it more time, nothing gives it less.
    const early = agent.startTime + agent.timeoutMs - time;
    must(early <= 0, () => `deadline: the time of ${data.agentId} is called over ${early} ms early`);
  }

  #admitted({ deadline }: EventOf<'workflow_admitted'>, time: number): void {
    this.#deadline = time + this.#remainingMs;
    must(
      deadline === this.#deadline,
      () => `deadline: admitted until ${deadline}, expected ${this.#deadline}`,
    );
  }

  #paused({ pauseDeadline }: EventOf<'workflow_paused'>, time: number): void {
    if (this.#deadline !== undefined) this.#remainingMs = Math.max(0, this.#deadline - time);
    this.#deadline = undefined;
    this.#pauseDeadline = pauseDeadline;
    must(pauseDeadline === time + pauseLimitMs, () => 'pause: its limit is not 7 days');
  }

  #recovered(
    { previousEpoch, callsInterrupted }: EventOf<'workflow_recovered'>,
    epoch: number,
    before: WorkflowState,
  ): void {
    must(
      previousEpoch === before.epoch && epoch > before.epoch,
      () => `recovery: epoch ${epoch} follows ${before.epoch}, told ${previousEpoch}`,
    );
    const { openCalls } = this.books;
    must(
      callsInterrupted === openCalls,
      () => `recovery: tells ${callsInterrupted} interrupted calls, ${openCalls} were open`,
    );
  }

  #timedOut({ limit }: EventOf<'workflow_timed_out'>, time: number): void {
    const due = limit === 'paused' ? this.#pauseDeadline : this.#deadline;
    must(due !== undefined && time >= due, () => `deadline: timed out ${(due ?? 0) - time} ms early`);
  }
}
