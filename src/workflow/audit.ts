import { CallAudit, compare, type Difference } from './call-audit.ts';
import { addChange, spendChange, type SpendSum } from './day-spend.ts';
import {
  eventDataSchema,
  type DocumentRef,
  type EventData,
  type EventOf,
  type WorkflowEvent,
} from './event.ts';
import { evolve } from './evolve.ts';
import { clip, IllegalEventError } from './failure.ts';
import type { Check, Finding } from './finding.ts';
import type { WorkflowKey } from './id.ts';
import { limits } from './limits.ts';
import { abstentionOf } from './outcome.ts';
import { capsFor } from './reserve.ts';
import { rowOf, type WorkflowRow } from './row.ts';
import type { WorkflowState } from './state.ts';
import { isTerminal } from './status.ts';
import { ToolAudit } from './tool-audit.ts';

/** An event as a store gives it: its data are not believed yet. */
export type StoredEvent = Omit<WorkflowEvent, 'workflowId' | 'data'> & { readonly data: unknown };

/** A blob some event refers to. */
export interface BlobReference {
  readonly sequence: number;
  readonly sha256: string;
  /** How large it is said to be; absent: the event does not say. */
  readonly bytes: number | undefined;
}

/**
 * Judges one log event by event, and at its end the row derived from it. After the first event that cannot be
 * believed only the numbers of the rest are looked at: what follows from a wrong state says nothing.
 */
export class LogAudit {
  readonly key: WorkflowKey;
  /** What the log adds to the spend of days. */
  readonly spend: SpendSum = [];
  readonly references = new Map<string, BlobReference>();
  readonly #report: (finding: Finding) => void;
  readonly #calls = new CallAudit();
  readonly #tools = new ToolAudit();
  #state: WorkflowState | undefined;
  #last = { sequence: 0, time: 0, epoch: 0, progress: 0 };
  #trusted = true;

  constructor(key: WorkflowKey, report: (finding: Finding) => void) {
    this.key = key;
    this.#report = report;
  }

  /** The fold so far; undefined when there is no event, or when it cannot be believed. */
  get state(): WorkflowState | undefined {
    return this.#trusted ? this.#state : undefined;
  }

  /** The last number seen. */
  get sequence(): number {
    return this.#last.sequence;
  }

  add(event: StoredEvent): void {
    if (!this.#numbered(event.sequence)) return;
    const data = this.#read(event);
    if (!data || !this.#ordered(event)) return;
    if (this.#state && isTerminal(this.#state.status)) {
      this.#distrust('terminal', event.sequence, `nothing after ${this.#state.status}`, data.type);
      return;
    }
    this.#apply({ ...event, workflowId: this.key.workflowId, data });
  }

  /** Says that the store knows this event to be damaged. */
  addDamaged(sequence: number, check: Check, { expected, found }: Difference): void {
    if (this.#numbered(sequence)) this.#distrust(check, sequence, expected, found);
  }

  /** The end of the log: the row as the store has it. */
  finish(row: WorkflowRow | undefined): void {
    if (this.#last.sequence === 0) {
      this.#distrust('sequence', undefined, 'at least one event', 'none');
      return;
    }
    const { state } = this;
    if (!state) return;
    if (isTerminal(state.status)) {
      this.differs('money', state.sequence, this.#calls.open());
      this.differs('call', state.sequence, this.#tools.open());
    }
    if (row) this.differs('row', undefined, compare({ ...rowOf(state) }, { ...row }));
  }

  #numbered(sequence: number): boolean {
    const expected = this.#last.sequence + 1;
    this.#last.sequence = sequence;
    if (sequence !== expected) this.#distrust('sequence', sequence, `sequence ${expected}`, String(sequence));
    return this.#trusted;
  }

  #read({ sequence, data }: StoredEvent): EventData | undefined {
    const parsed = eventDataSchema.safeParse(data);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    this.#distrust(
      'event',
      sequence,
      'an event of this version',
      `${where}: ${issue?.message ?? 'no event'}`,
    );
    return undefined;
  }

  #ordered({ sequence, time, epoch, progress }: StoredEvent): boolean {
    const last = this.#last;
    const fell = [
      ...(time < last.time || !Number.isFinite(time) ? [['time', last.time, time]] : []),
      ...(epoch < last.epoch || !Number.isSafeInteger(epoch) ? [['epoch', last.epoch, epoch]] : []),
      ...(progress < last.progress || !(progress >= 0 && progress <= 100)
        ? [['progress', last.progress, progress]]
        : []),
    ];
    this.#last = { sequence, time, epoch, progress };
    const [[name, before, now] = []] = fell;
    if (name === undefined) return true;
    this.#distrust('order', sequence, `${name} at or after ${before}`, String(now));
    return false;
  }

  #apply(event: WorkflowEvent): void {
    const { data, sequence } = event;
    if (this.differs('call', sequence, this.#count(data, sequence))) return;
    if (this.differs('statement', sequence, this.#statement(event))) return;
    const spent = spendChange(this.#state, data, event.time);
    if (spent) addChange(this.spend, spent);
    try {
      this.#state = evolve(this.#state, event);
    } catch (error) {
      if (!(error instanceof IllegalEventError)) throw error;
      this.#distrust('fold', sequence, 'an event that its state allows', error.message);
      return;
    }
    const { tenant, ledger, options } = this.#state;
    if (sequence === 1 && tenant !== this.key.tenant) {
      this.#distrust('statement', sequence, `tenant ${this.key.tenant}`, tenant);
      return;
    }
    const caller = data.type === 'model_call_started' ? this.#state.agents.get(data.agentId) : undefined;
    // What is kept for the report is nobody else's.
    const caps = caller ? capsFor(this.#state, caller) : options;
    if (this.differs('money', sequence, this.#calls.ledger(ledger, caps))) return;
    this.#refer(event);
  }

  #count(data: EventData, sequence: number): Difference | undefined {
    if (data.type === 'model_call_started')
      return this.#calls.started(data) ?? this.#tools.modelStarted(data);
    if (data.type === 'model_call_ended')
      return this.#calls.ended(data, sequence) ?? this.#tools.modelEnded(data);
    if (data.type === 'agent_scheduled') this.#tools.scheduled(data);
    if (data.type === 'tool_call_started') return this.#tools.started(data);
    if (data.type === 'tool_call_ended') return this.#tools.ended(data);
    return undefined;
  }

  #statement({ data, time, progress }: WorkflowEvent): Difference | undefined {
    if (data.type === 'agent_completed')
      return this.#calls.completed(data) ?? abstentionProblem(this.#state, data);
    if (data.type === 'model_call_started') {
      const agent = this.#state?.agents.get(data.agentId);
      if (this.#state?.conclusion && agent && agent.stage.type !== 'synthesis')
        return { expected: 'no work after the conclusion was requested', found: `a call of ${data.agentId}` };
      // It waited between two of its calls, after whatever else it had to wait for.
      const idleTime = agent?.retryTime ?? agent?.startTime ?? Number.POSITIVE_INFINITY;
      if (data.waitedMs !== undefined && time - data.waitedMs < idleTime) {
        return {
          expected: `a wait of ${data.agentId} of at most ${time - idleTime} ms`,
          found: `${data.waitedMs} ms`,
        };
      }
    }
    if (data.type === 'workflow_completed') {
      const failed = [...(this.#state?.agents.values() ?? [])].filter(({ status }) => status === 'failed');
      const known = new Set(failed.map(({ agentId }) => agentId));
      const stray = data.failedAgentIds.find((agentId) => !known.has(agentId));
      if (stray !== undefined) return { expected: 'failed agents of this log', found: stray };
      if (progress !== 100) return { expected: 'progress 100 at its completion', found: String(progress) };
    }
    if (data.type !== 'workflow_cancelled') return undefined;
    const requestTime = this.#state?.cancellation?.requestTime;
    const quiescenceMs = requestTime === undefined ? undefined : time - requestTime;
    return (
      this.#calls.receipt(data.receipt) ??
      compare({ quiescenceMs }, { quiescenceMs: data.receipt.quiescenceMs })
    );
  }

  #refer({ data, sequence }: WorkflowEvent): void {
    const refer = ({ sha256, bytes }: Pick<DocumentRef, 'sha256'> & { bytes?: number }): void => {
      const known = this.references.get(sha256);
      if (known?.bytes === undefined) this.references.set(sha256, { sequence, sha256, bytes });
      else if (bytes !== undefined && bytes !== known.bytes) {
        this.differs('statement', sequence, {
          expected: `${known.bytes} bytes of blob ${sha256} as at sequence ${known.sequence}`,
          found: String(bytes),
        });
      }
    };
    if (data.type === 'workflow_started') data.sources.forEach(refer);
    if (data.type === 'document_completed') refer(data);
    const passages =
      data.type === 'agent_scheduled'
        ? data.passages
        : data.type === 'tool_call_ended'
          ? (data.sources ?? [])
          : undefined;
    if (passages) {
      for (const { sha256, start, end } of passages) {
        refer({ sha256 });
        if (start > end) {
          this.differs('statement', sequence, {
            expected: 'a passage that ends after its start',
            found: `${start}–${end}`,
          });
        }
      }
    }
  }

  /** Reports a difference, if there is one, and stops believing the log. */
  differs(check: Check, sequence: number | undefined, difference: Difference | undefined): boolean {
    if (difference) this.#distrust(check, sequence, difference.expected, difference.found);
    return difference !== undefined;
  }

  #distrust(check: Check, sequence: number | undefined, expected: string, found: string): void {
    if (!this.#trusted) return;
    this.#trusted = false;
    const { workflowId } = this.key;
    this.#report({
      check,
      workflowId,
      sequence,
      expected: clip(expected, limits.auditTextCharsMax),
      found: clip(found, limits.auditTextCharsMax),
    });
  }
}

/** Who is said to have abstained has said so; a fork's answer stands in another log. */
function abstentionProblem(
  state: WorkflowState | undefined,
  { agentId, turn, outcome, reusedFrom }: EventOf<'agent_completed'>,
): Difference | undefined {
  if (outcome !== 'abstained' || reusedFrom) return undefined;
  const text = state?.agents.get(agentId)?.turns[turn]?.output.text ?? '';
  if (abstentionOf(text) !== undefined) return undefined;
  return { expected: `an abstention in the text of ${agentId}`, found: text };
}

/** Judges a log that is in memory, and the row derived from it if there is one. */
export function auditLog(
  key: WorkflowKey,
  events: Iterable<StoredEvent>,
  row?: WorkflowRow,
): readonly Finding[] {
  const findings: Finding[] = [];
  const audit = new LogAudit(key, (finding) => findings.push(finding));
  for (const event of events) audit.add(event);
  audit.finish(row);
  return findings;
}
