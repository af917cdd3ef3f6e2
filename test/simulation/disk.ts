import { createHash } from 'node:crypto';
import type { RetentionOptions } from '../../src/engine/retention.ts';
import type { Append, AppendResult, EventStore, EvictionRule } from '../../src/store/event-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { EventOf, WorkflowEvent } from '../../src/workflow/event.ts';
import type { Caps } from '../../src/workflow/ledger.ts';
import { keyText, type WorkflowKey } from '../../src/workflow/id.ts';
import type { Coverage } from './coverage.ts';
import { LeaseBook, type LeaseRule } from './lease-book.ts';
import { LogAudit } from './log-audit.ts';
import { NodeClock } from './node-clock.ts';
import { DayBooks } from './day-books.ts';
import type { Dice } from './dice.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { Timeline } from './timeline.ts';
import { must } from './violation.ts';

/** Less than the product keeps a request id, for a node's clock may be wrong. */
const requestKeptMs = 86_400_000 - 300_000;

/** Appends and reads that failed are tried again after up to five seconds. */
const recoverMs = 15_000;

/** The product's limit, and the longest wait between two tries of an append three times over. */
const quiescenceMsMax = 5_000 + 15_000;

interface Request {
  readonly workflowId: string;
  readonly time: number;
}

/** What survives every crash: the product's memory store, watched from outside by other code than its own. */
export class Disk {
  readonly store: MemoryStore;
  readonly leases: LeaseBook;
  readonly logs = new Map<string, LogAudit>();
  readonly days: DayBooks;
  /** Every text and document ever kept. */
  readonly blobs = new Set<string>();
  /** Attempts that reached the provider, and those of them that were aborted. */
  readonly requests = new Set<string>();
  readonly aborted = new Set<string>();
  readonly abortedTools = new Set<string>();
  readonly #timeline: Timeline;
  readonly #coverage: Coverage;
  readonly #retention: RetentionOptions;
  readonly #slots: number;
  readonly #requests = new Map<string, Request>();
  /** Calls open in a log when another owner took it: the most that a take-over may waste. */
  callsAtTakeOver = 0;
  takeOvers = 0;

  constructor(
    timeline: Timeline,
    coverage: Coverage,
    dice: Dice,
    rules: {
      readonly leases: LeaseRule;
      readonly retention: RetentionOptions;
      readonly slots: number;
      readonly dayCaps: Caps;
    },
  ) {
    this.#timeline = timeline;
    this.#coverage = coverage;
    this.#retention = rules.retention;
    this.#slots = rules.slots;
    this.days = new DayBooks(rules.dayCaps);
    this.store = new MemoryStore(new NodeClock(timeline, { alive: true, awakeTime: 0 }, dice, 0));
    this.leases = new LeaseBook(timeline, coverage, rules.leases);
  }

  async append(append: Append, by: SimulatedNode): Promise<AppendResult> {
    const id = keyText(append.key);
    const log = this.logs.get(id);
    const owned = this.leases.epochOf(id);
    const answer = await this.store.append(append);
    const ended = log !== undefined && log.ended;
    const length = log && !log.evicted ? log.events.length : 0;
    switch (answer.result) {
      case 'appended':
        must(!ended, () => `store: an append to ${id} is accepted after its end`);
        must(
          append.epoch === owned,
          () => `fence: an append of epoch ${append.epoch} to ${id} is accepted, its owner has ${owned}`,
        );
        must(
          append.expectedSequence === length,
          () => `store: an append to ${id} after ${append.expectedSequence} is accepted at ${length}`,
        );
        this.#appended(id, append, by);
        return answer;
      case 'duplicate':
        must(
          !ended && append.epoch === owned,
          () => `store: a duplicate is recognised in ${id}, which is not its owner's to append to`,
        );
        must(
          append.events.every((event) => isSame(event, log?.events[event.sequence - 1])),
          () => `store: other events of ${id} are called a duplicate`,
        );
        this.#coverage.fault('append: recognised as a duplicate');
        return answer;
      case 'terminal':
        must(ended && !log.evicted, () => `store: ${id} is called ended and is not`);
        this.#coverage.fault('append: refused after the end');
        return answer;
      case 'fenced':
        must(append.epoch !== owned, () => `fence: the owner of ${id} is refused`);
        must(!ended || log.evicted, () => `store: an append to ${id} after its end is called fenced`);
        this.#coverage.fault('fence: an append of a former owner is refused');
        return answer;
      case 'conflict':
        must(
          append.expectedSequence !== length && append.epoch === owned,
          () => `store: ${id} is called elsewhere and stands at ${length}`,
        );
        return answer;
      case 'request_known':
        must(
          this.#requests.has(append.request?.requestId ?? ''),
          () => `start: request ${append.request?.requestId} is called known`,
        );
        this.#coverage.fault('start: the request id is known to the append');
        return answer;
      case 'over_day_cap':
        this.#coverage.fault('money: the store refuses what is over the cap of the day');
        return answer;
    }
    throw new Error(`unknown answer ${JSON.stringify(answer)}`);
  }

  async claim(key: WorkflowKey, owner: string, by: SimulatedNode): Promise<number | undefined> {
    const id = keyText(key);
    if (!this.leases.mayClaim(id, owner)) return undefined;
    const log = this.logs.get(id);
    const epoch = await this.store.claim(key, owner);
    must(epoch !== undefined, () => `lease: a claim of ${id} got no epoch`);
    if (log && !log.ended && !log.evicted) {
      if (!this.leases.holderOf(id)) this.#coverage.fault('lease: taken over after it was given back');
      this.takeOvers++;
      this.callsAtTakeOver += log.calls.open.length;
    }
    this.leases.granted(id, owner, epoch, by);
    by.epochs.add(epoch);
    if (log?.ended) this.leases.ended(id);
    return epoch;
  }

  async release(key: WorkflowKey, epoch: number): Promise<void> {
    await this.store.release(key, epoch);
    this.leases.released(keyText(key), epoch);
  }

  async remove(key: WorkflowKey): ReturnType<EventStore['remove']> {
    const log = this.logs.get(keyText(key));
    const result = await this.store.remove(key);
    const expected = !log || log.evicted ? 'unknown' : log.ended ? 'removed' : 'open';
    must(result === expected, () => `delete: ${key.workflowId} is answered as ${result}, it is ${expected}`);
    if (result === 'removed') {
      log?.evict();
      this.#coverage.fault('delete: removes a finished workflow');
    }
    return result;
  }

  async evict(rule: EvictionRule, now: number): ReturnType<EventStore['evict']> {
    const finished = [...this.logs.values()].filter((log) => log.ended && !log.evicted);
    const { retainTerminal, retainAtLeastMs, retainForMs } = this.#retention;
    const endOf = (log: LogAudit): number => log.state.endTime ?? Number.POSITIVE_INFINITY;
    const isOld = (log: LogAudit): boolean => endOf(log) < now - retainForMs;
    const isRipe = (log: LogAudit): boolean =>
      retainAtLeastMs === 0 ? endOf(log) <= now : endOf(log) < now - retainAtLeastMs;
    const removed = await this.store.evict(rule, now);
    let left = finished.length;
    for (const key of removed) {
      const log = this.logs.get(keyText(key));
      must(
        log !== undefined && log.ended && !log.evicted,
        () => `retention: ${key.workflowId} is removed and has not ended`,
      );
      const surplus = left > retainTerminal && isRipe(log);
      must(surplus || isOld(log), () => `retention: ${key.workflowId} is removed too early`);
      this.#coverage.fault(isOld(log) ? 'retention: evicts by age' : 'retention: evicts by count');
      log.evict();
      left--;
    }
    if (removed.length < rule.limit) {
      const due = finished.find(
        (log) => !log.evicted && ((left > retainTerminal && isRipe(log)) || isOld(log)),
      );
      must(due === undefined, () => `retention: ${due?.key.workflowId} stays although it is due`);
    }
    return removed;
  }

  /** A request arrives at the provider. */
  requested(attempt: string, by: SimulatedNode): void {
    const workflowId = attempt.slice(0, attempt.indexOf('/'));
    const log = [...this.logs.values()].find(({ key }) => key.workflowId === workflowId);
    const call = log?.calls.calls.get(attempt);
    must(
      log !== undefined && call !== undefined,
      () => `calls: ${attempt} is requested before its start is durable`,
    );
    must(!call.requested, () => `calls: ${attempt} is requested twice`);
    call.requested = true;
    this.requests.add(attempt);
    must(
      by.epochs.has(call.epoch),
      () => `calls: ${attempt} of epoch ${call.epoch} is requested by a node that never had it`,
    );
    if (
      this.leases.epochOf(keyText(log.key)) !== call.epoch &&
      !(log.ended && call.epoch === log.state.epoch)
    ) {
      // Its start was durable before the take-over, and its owner slept or waited for the answer: it cannot know better.
      this.#coverage.fault('fence: a former owner makes a call it had recorded');
      return;
    }
    must(
      by.drainTime === undefined || call.startTime <= by.drainTime,
      () => `drain: ${attempt} is begun after it`,
    );
    must(call.end === undefined, () => `calls: ${attempt} is requested after its end is durable`);
    must(
      log.state.status === 'running',
      () => `calls: ${attempt} is requested while the workflow is ${log.state.status}`,
    );
  }

  /** A tool is called. */
  toolCalled(callId: string, tool: string, args: string, by: SimulatedNode): void {
    const workflowId = callId.slice(0, callId.indexOf('/'));
    const log = [...this.logs.values()].find(({ key }) => key.workflowId === workflowId);
    const call = log?.tools.calls.get(callId);
    must(
      log !== undefined && call !== undefined,
      () => `tools: ${callId} is called before its start is durable`,
    );
    must(
      call.tool === tool && JSON.stringify(JSON.parse(call.arguments)) === args,
      () => `tools: ${callId} calls ${tool} with ${args}`,
    );
    call.executions++;
    must(
      call.executions <= call.starts,
      () => `tools: ${callId} is called ${call.executions} times for ${call.starts} starts`,
    );
    must(call.idempotent || call.executions === 1, () => `tools: ${callId} is repeated and must not be`);
    if (call.executions > 1) this.#coverage.fault('tools: a call is made again after a crash');
    const epoch = this.leases.epochOf(keyText(log.key));
    if (!by.epochs.has(call.epoch) || epoch !== call.epoch || !call.open) {
      // Its start was durable before the take-over, and its owner slept or waited for the answer: it cannot know better.
      const mayNotKnow = epoch !== undefined && !by.epochs.has(epoch);
      must(
        mayNotKnow || log.ended || log.state.status === 'cancelling',
        () => `tools: ${callId} is called after its end is durable`,
      );
      this.#coverage.fault('fence: a former owner makes a call it had recorded');
      return;
    }
    must(
      by.drainTime === undefined || call.startTime <= by.drainTime,
      () => `drain: ${callId} is begun after it`,
    );
  }

  /** A tool is told to stop. */
  toolAborted(callId: string): void {
    this.abortedTools.add(callId);
  }

  /** A node tells its observers. */
  told(
    node: SimulatedNode,
    state: { readonly workflowId: string; readonly tenant: string; readonly sequence: number },
    events: readonly WorkflowEvent[],
  ): void {
    const log = this.logs.get(keyText(state));
    for (const event of events)
      must(
        isSame(event, log?.events[event.sequence - 1]),
        () => `observers: ${event.workflowId} ${event.sequence} is told and is not durable`,
      );
    const id = keyText(state);
    must(
      (node.told.get(id) ?? 0) < (events[0]?.sequence ?? 0),
      () => `observers: ${node.name} tells ${id} ${events[0]?.sequence} twice`,
    );
    node.told.set(id, state.sequence);
    must(
      state.sequence === events.at(-1)?.sequence,
      () => `observers: the state stands at ${state.sequence}, its events at ${events.at(-1)?.sequence}`,
    );
  }

  /** The same for the same life, whatever the machine does. */
  hash(): string {
    const hash = createHash('sha256');
    for (const log of this.logs.values()) hash.update(JSON.stringify(log.events));
    hash.update(String(this.#timeline.count));
    return hash.digest('hex');
  }

  #appended(id: string, append: Append, by: SimulatedNode): void {
    const [first, ...rest] = append.events;
    must(first !== undefined, () => `store: an append to ${id} holds nothing`);
    let log = this.logs.get(id);
    if (log) {
      log.add(first);
    } else {
      log = new LogAudit(append.key, first, this.#coverage);
      this.logs.set(id, log);
      this.#remember(append);
    }
    for (const event of rest) log.add(event);
    this.days.add(append.events);
    log.checkBatch(append.row, append.epoch);
    for (const { sha256 } of append.blobs ?? []) this.blobs.add(sha256);
    for (const event of append.events) this.#checkReferences(event);
    this.#checkQuiescence(append, by);
    this.#checkConclusion(log, append, by);
    if (append.events.some(({ data }) => data.type === 'workflow_admitted')) this.#checkSlots(append, by);
    if (log.ended) this.leases.ended(id);
  }

  /** What an event names is there, and what it says of others is true. */
  #checkReferences({ workflowId, data }: WorkflowEvent): void {
    const named =
      data.type === 'workflow_started'
        ? data.sources
        : data.type === 'tool_call_ended'
          ? (data.sources ?? [])
          : data.type === 'document_completed'
            ? [data]
            : [];
    if (data.type === 'tool_call_ended' && data.cause === 'cancel') this.#checkToolStopped(workflowId, data);
    for (const { sha256 } of named)
      must(this.blobs.has(sha256), () => `blobs: ${workflowId} names ${sha256}, which nobody has kept`);
    if (data.type !== 'workflow_cancelled') return;
    for (const attempt of data.receipt.ignoredAbort)
      must(
        !this.requests.has(attempt) || this.aborted.has(attempt),
        () => `receipt: ${attempt} is said to have ignored an abort that it never got`,
      );
  }

  /** What ends because of a cancel was told to stop, if it was ever called. */
  #checkToolStopped(workflowId: string, data: EventOf<'tool_call_ended'>): void {
    const log = [...this.logs.values()].find(({ key }) => key.workflowId === workflowId);
    const id = log?.tools.idOf(data) ?? '';
    const call = log?.tools.calls.get(id);
    must(
      !call || call.tool.startsWith('documents.') || call.executions === 0 || this.abortedTools.has(id),
      () => `cancel: ${id} was not told to stop`,
    );
  }

  /** A cancel waits for calls that ignore it no longer than its limit, but for what was wrong with its node meanwhile. */
  #checkQuiescence({ key, events }: Append, by: SimulatedNode): void {
    const last = events.at(-1)?.data;
    if (last?.type !== 'workflow_cancelled') return;
    const since = Math.max(by.troubleTime, this.leases.holderOf(keyText(key))?.time ?? 0);
    const { quiescenceMs } = last.receipt;
    must(
      quiescenceMs <= quiescenceMsMax || this.#timeline.now - since <= quiescenceMsMax,
      () => `cancel: ${key.workflowId} was quiet after ${quiescenceMs} ms`,
    );
  }

  /** One that is to conclude at its limits does not time out, but for what was wrong with its node meanwhile. */
  #checkConclusion({ state }: LogAudit, { key, events }: Append, by: SimulatedNode): void {
    const last = events.at(-1)?.data;
    const { reserve } = state.options;
    if (last?.type !== 'workflow_timed_out' || last.limit === 'paused' || !reserve) return;
    const wellMs =
      this.#timeline.now - Math.max(by.troubleTime, this.leases.holderOf(keyText(key))?.time ?? 0);
    must(
      wellMs < reserve.timeMs + recoverMs,
      () => `conclude: ${key.workflowId} timed out on a node that was well for ${wellMs} ms`,
    );
  }

  #remember({ key, request, events }: Append): void {
    if (!request) return;
    const known = this.#requests.get(request.requestId);
    const now = this.#timeline.now;
    must(
      known === undefined || known.time + requestKeptMs <= now,
      () =>
        `start: request ${request.requestId} starts ${key.workflowId} and has started ${known?.workflowId}`,
    );
    // Counted from the time its start carries; the append may have slept on its way here.
    const time = Math.min(now, events[0]?.time ?? now);
    this.#requests.set(request.requestId, { workflowId: key.workflowId, time });
  }

  /** Those it recovered while running may stand above the limit; those it admitted may not. */
  #checkSlots({ key, epoch }: Append, by: SimulatedNode): void {
    by.admitted.set(keyText(key), epoch);
    let running = 0;
    // One that was lost and taken over again while it ran keeps its slot, also above the limit.
    for (const [id, admittedIn] of by.admitted)
      if (this.logs.get(id)?.state.status === 'running' && this.leases.epochOf(id) === admittedIn) running++;
    must(
      running <= this.#slots,
      () => `admission: ${running} workflows were admitted at once, ${this.#slots} slots are there`,
    );
  }
}

function isSame(event: WorkflowEvent, stored: WorkflowEvent | undefined): boolean {
  if (event === stored) return true;
  return stored !== undefined && JSON.stringify(event) === JSON.stringify(stored);
}
