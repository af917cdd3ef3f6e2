import { isTerminalEvent } from '../workflow/event.ts';
import type { SpendChange } from '../workflow/day-spend.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import type { Caps } from '../workflow/ledger.ts';
import { isTerminal, type Status } from '../workflow/status.ts';
import type { Append, RequestRecord } from './event-store.ts';
import { descriptionOf, summaryOf } from './stored-row.ts';

/** One event as it is kept. */
export interface StoredEvent {
  readonly sequence: number;
  readonly time: number;
  readonly epoch: number;
  readonly progress: number;
  /** JSON of the event's data, made once. */
  readonly body: string;
}

/** An append as it was when it was handed over: whatever the caller does to its objects later changes nothing. */
export interface PreparedAppend {
  readonly key: WorkflowKey;
  /** The key as one string. */
  readonly text: string;
  readonly epoch: number;
  readonly expectedSequence: number;
  readonly lastSequence: number;
  readonly events: readonly StoredEvent[];
  readonly terminal: boolean;
  readonly status: Status;
  readonly orchestrator: string;
  readonly priority: number;
  readonly createTime: number;
  /** When the workflow ended; set exactly when the append is terminal. */
  readonly endTime: number | undefined;
  readonly labels: string;
  /** Empty unless this is the first append: only that one writes it. */
  readonly description: string;
  readonly summary: string;
  readonly blobs: readonly { readonly sha256: string; readonly bytes: Uint8Array }[];
  readonly request: RequestRecord | undefined;
  readonly spend: readonly SpendChange[];
  readonly dayCaps: Caps | undefined;
  /** About how much there is to write. */
  readonly bytes: number;
}

/** An append that contradicts itself: a defect of the caller, found before anything is written. */
export class MalformedAppendError extends Error {
  override readonly name = 'MalformedAppendError';
}

/** Takes a copy of everything the append says. Throws MalformedAppendError. */
export function prepareAppend(append: Append): PreparedAppend {
  const { key, row, expectedSequence, request } = append;
  const refuse = (problem: string): never => {
    throw new MalformedAppendError(
      `append to ${keyText(key)} after sequence ${expectedSequence}: ${problem}`,
    );
  };
  const last = append.events.at(-1);
  if (last === undefined) return refuse('it holds no event');
  if (row.workflowId !== key.workflowId) refuse(`its row is of workflow ${row.workflowId}`);
  if (row.sequence !== last.sequence)
    refuse(`its row stands at ${row.sequence}, its last event at ${last.sequence}`);
  if (request && expectedSequence !== 0) refuse('a request belongs to the first event only');

  let bytes = 1_024;
  const events = append.events.map((event, index): StoredEvent => {
    if (event.workflowId !== key.workflowId)
      refuse(`event ${event.sequence} is of workflow ${event.workflowId}`);
    if (event.sequence !== expectedSequence + index + 1) {
      refuse(`expected event ${expectedSequence + index + 1}, found ${event.sequence}`);
    }
    if (event.epoch !== append.epoch)
      refuse(`event ${event.sequence} is of epoch ${event.epoch}, not ${append.epoch}`);
    if (event !== last && isTerminalEvent(event.data))
      refuse(`events follow the terminal event ${event.sequence}`);
    if (!Number.isFinite(event.time) || !Number.isFinite(event.progress))
      refuse(`event ${event.sequence} has no time or progress`);
    const body = JSON.stringify(event.data);
    bytes += body.length;
    return { sequence: event.sequence, time: event.time, epoch: event.epoch, progress: event.progress, body };
  });
  const terminal = isTerminalEvent(last.data);
  if (terminal !== isTerminal(row.status)) refuse(`its row is ${row.status} after ${last.data.type}`);

  if (!Number.isSafeInteger(row.priority)) refuse(`its priority is ${row.priority}`);
  if (!Number.isFinite(row.createTime)) refuse(`its create time is ${row.createTime}`);
  if (request && !Number.isFinite(request.expireTime)) refuse(`its request expires at ${request.expireTime}`);

  const blobs = (append.blobs ?? []).map((blob) => {
    bytes += blob.bytes.byteLength;
    return { sha256: blob.sha256, bytes: new Uint8Array(blob.bytes) };
  });
  const first = expectedSequence === 0;
  return {
    key: { tenant: key.tenant, workflowId: key.workflowId },
    text: keyText(key),
    epoch: append.epoch,
    expectedSequence,
    lastSequence: last.sequence,
    events,
    terminal,
    status: row.status,
    orchestrator: row.orchestrator,
    priority: row.priority,
    createTime: row.createTime,
    endTime: terminal ? (row.endTime ?? row.updateTime) : undefined,
    labels: first ? JSON.stringify(row.labels) : '',
    description: first ? descriptionOf(row) : '',
    summary: summaryOf(row),
    blobs,
    request: request && { ...request },
    spend: append.spend?.map((change) => ({ ...change })) ?? [],
    dayCaps: append.dayCaps && { ...append.dayCaps },
    bytes,
  };
}
