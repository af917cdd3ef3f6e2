import type { SQLInputValue } from 'node:sqlite';
import type { DaySpend } from '../workflow/day-spend.ts';
import type { RequestRecord } from './event-store.ts';
import type { PreparedAppend, StoredEvent } from './prepared-append.ts';

/** Every statement that an append may come to; a write names one by its place here. */
export const writeStatements = [
  // The body comes as the bytes of its text.
  `INSERT INTO event (run, sequence, time, epoch, progress, body, checksum)
   VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?)`,
  'UPDATE workflow SET sequence = ?, summary = ? WHERE run = ?',
  'UPDATE workflow SET status = ? WHERE run = ?',
  `UPDATE workflow SET status = ?, sequence = ?, summary = ?, completion = ?, end_time = ? WHERE run = ?`,
  `INSERT INTO workflow (run, tenant, workflow_id, orchestrator, create_time, priority, status, sequence, summary)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  'INSERT INTO description (run, labels, body) VALUES (?, ?, ?)',
  // A blob that is known is not rewritten; inserting changes nothing then.
  'INSERT INTO blob (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING',
  `INSERT INTO blob_use (run, blob_id) SELECT ?, blob_id FROM blob WHERE sha256 = ? ON CONFLICT DO NOTHING`,
  `INSERT OR REPLACE INTO request (tenant, method, request_id, workflow_id, body_hash, expire_time)
   VALUES (?, ?, ?, ?, ?, ?)`,
  `INSERT INTO spend (tenant, day, spent_nano_usd, held_nano_usd, spent_tokens, held_tokens)
   VALUES (?, ?, ?, ?, ?, ?)
   ON CONFLICT (tenant, day) DO UPDATE SET spent_nano_usd = excluded.spent_nano_usd,
     held_nano_usd = excluded.held_nano_usd, spent_tokens = excluded.spent_tokens,
     held_tokens = excluded.held_tokens`,
] as const;

/** Places in `writeStatements`. */
export const eventWrite = 0;
export const updateWrite = 1;
export const statusWrite = 2;
export const finishWrite = 3;
const createWrite = 4;
export const describeWrite = 5;
const blobWrite = 6;
const blobUseWrite = 7;
const requestWrite = 8;
export const spendWrite = 9;

/** What stands before each parameter. */
const nothing = 0;
const number = 1;
const text = 2;
const bytes = 3;

const memoryBytes = 65_536;
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const bytesPerUnit = 3;
/** A kind, and a number or a length. */
const headBytes = 9;

/**
 * What one transaction writes: the place of a statement, its parameters, the next statement, and so on, as bytes that can
 * go to another thread without being copied. Texts become UTF-8 here, once, which is what a database keeps.
 */
export class Write {
  #bytes: Buffer<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** `memory` is what an earlier write was made in and nobody needs any more. */
  constructor(memory: ArrayBuffer = new ArrayBuffer(memoryBytes)) {
    this.#bytes = Buffer.from(memory);
    this.#view = new DataView(memory);
  }

  /** Everything so far; nothing may be added afterwards. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Whoever writes it adds the checksum, which is why there is one parameter less. */
  event(run: number, event: StoredEvent): void {
    this.#begin(eventWrite);
    this.#number(run);
    this.#number(event.sequence);
    this.#number(event.time);
    this.#number(event.epoch);
    this.#number(event.progress);
    this.#text(event.body, bytes);
  }

  create(run: number, append: PreparedAppend): void {
    const { key, orchestrator, createTime, priority, status, lastSequence, summary } = append;
    this.#add(createWrite, run, key.tenant, key.workflowId, orchestrator, createTime, priority, status);
    this.#number(lastSequence);
    this.#text(summary);
    this.#add(describeWrite, run, append.labels, append.description);
  }

  update(run: number, { lastSequence, summary }: PreparedAppend): void {
    this.#add(updateWrite, lastSequence, summary, run);
  }

  status(run: number, { status }: PreparedAppend): void {
    this.#add(statusWrite, status, run);
  }

  finish(run: number, { status, lastSequence, summary, endTime }: PreparedAppend, completion: number): void {
    this.#add(finishWrite, status, lastSequence, summary, completion, endTime ?? null, run);
  }

  blob(run: number, { sha256, bytes: content }: PreparedAppend['blobs'][number]): void {
    this.#add(blobWrite, sha256);
    this.#head(bytes, content.byteLength, content.byteLength);
    this.#bytes.set(content, this.#length);
    this.#length += content.byteLength;
    this.#add(blobUseWrite, run, sha256);
  }

  request(tenant: string, workflowId: string, request: RequestRecord): void {
    const { method, requestId, bodyHash, expireTime } = request;
    this.#add(requestWrite, tenant, method, requestId, workflowId, bodyHash, expireTime);
  }

  spend(tenant: string, day: number, spend: DaySpend): void {
    const { spentNanoUsd, heldNanoUsd, spentTokens, heldTokens } = spend;
    this.#add(spendWrite, tenant, day, spentNanoUsd, heldNanoUsd, spentTokens, heldTokens);
  }

  #add(place: number, ...parameters: readonly (number | string | null)[]): void {
    this.#begin(place);
    for (const parameter of parameters) {
      if (typeof parameter === 'number') this.#number(parameter);
      else if (typeof parameter === 'string') this.#text(parameter);
      else this.#head(nothing, 0, 0);
    }
  }

  #begin(place: number): void {
    this.#reserve(1);
    this.#view.setUint8(this.#length++, place);
  }

  #number(value: number): void {
    this.#head(number, value, 0);
  }

  #text(value: string, kind = text): void {
    const start = this.#length;
    this.#head(kind, 0, value.length * bytesPerUnit);
    const written = this.#bytes.write(value, this.#length);
    this.#view.setFloat64(start + 1, written);
    this.#length += written;
  }

  #head(kind: number, value: number, contentBytes: number): void {
    this.#reserve(headBytes + contentBytes);
    this.#view.setUint8(this.#length, kind);
    this.#view.setFloat64(this.#length + 1, value);
    this.#length += headBytes;
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.byteLength) return;
    const memory = new ArrayBuffer(Math.max(wanted, 2 * this.#bytes.byteLength));
    const grown = Buffer.from(memory);
    grown.set(this.bytes);
    this.#bytes = grown;
    this.#view = new DataView(memory);
  }
}

/** Reads what `Write` has put together, in whichever thread writes it. */
export class WriteReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;

  constructor(write: Uint8Array) {
    this.#bytes = Buffer.from(write.buffer, write.byteOffset, write.byteLength);
    this.#view = new DataView(write.buffer, write.byteOffset, write.byteLength);
  }

  get ended(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  /** The place of the next statement; its parameters follow. */
  statement(): number {
    return this.#view.getUint8(this.#at++);
  }

  /** The next parameter, whatever it is. */
  parameter(): SQLInputValue {
    const kind = this.#view.getUint8(this.#at);
    if (kind === number) return this.number();
    if (kind === bytes) return this.view();
    const length = this.#head();
    if (kind === nothing) return null;
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** The next parameter, which is a number. */
  number(): number {
    return this.#head();
  }

  /** The next parameter, which is bytes: a view that is good only until the memory is used again. */
  view(): Uint8Array {
    const length = this.#head();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #head(): number {
    const value = this.#view.getFloat64(this.#at + 1);
    this.#at += headBytes;
    return value;
  }
}
