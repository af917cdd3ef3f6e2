import type { Application } from '../engine/application.ts';
import type { CommitObserver } from '../engine/commit-observer.ts';
import { isTerminalEvent, type WorkflowEvent } from '../workflow/event.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';
import { EncodedCache, type EncodedEvent, sizeOf, slotOf } from './encoded-cache.ts';
import { eventsEncoder } from './definition.ts';
import { eventMessage } from './event-message.ts';
import { JoinedPages } from './joined-pages.ts';
import { YoungLogs } from './young-logs.ts';

/** Consecutive events of a log, ready to be sent. */
export interface EncodedPage {
  /** In as few pieces as they have in memory. */
  readonly bytes: readonly Buffer[];
  readonly events: number;
  /** Sequence of the last event, or the one the page was asked for when it is empty. */
  readonly sequence: number;
  /** The last event ends the log. */
  readonly terminal: boolean;
}

/** A log that somebody follows. */
interface Followed {
  followers: number;
  /** Last sequence that is known to be durable; undefined until something is committed. */
  head: number | undefined;
  /** Pages that may still come from the cache alone before the store is asked again whether the log is there. */
  trustedPages: number;
}

/**
 * Logs on demand, each event encoded once for all readers while it is in the cache. Nobody is queued for. What is
 * committed to a log with followers goes from there into the cache, so that they need not read it back.
 */
export class EncodedLog implements CommitObserver {
  readonly #application: Application;
  readonly #cache = new EncodedCache();
  readonly #young = new YoungLogs();
  /** Reads and checks under way: hundreds of readers wake up for the same event. */
  readonly #reads = new Map<string, Promise<readonly EncodedEvent[]>>();
  readonly #checks = new Map<string, Promise<unknown>>();

  readonly #joinedPages = new JoinedPages();
  readonly #followed = new Map<string, Followed>();

  constructor(application: Application) {
    this.#application = application;
  }

  committed({ tenant, workflowId }: WorkflowState, events: readonly WorkflowEvent[]): void {
    const key = { tenant, workflowId };
    const id = keyText(key);
    const followed = this.#followed.get(id);
    if (followed) this.#take(key, followed, events);
    else this.#young.committed(id, events);
  }

  /** Keeps what is committed to this log at hand until the result is called. */
  follow(key: WorkflowKey): () => void {
    const id = keyText(key);
    const followed = this.#followed.get(id) ?? { followers: 0, head: undefined, trustedPages: 0 };
    followed.followers++;
    followed.trustedPages = 0;
    this.#followed.set(id, followed);
    this.#take(key, followed, this.#young.take(id));
    return () => {
      if (--followed.followers > 0) return;
      this.#followed.delete(id);
      this.#joinedPages.forget(id);
    };
  }

  /** Encodes what was committed to a followed log. */
  #take(key: WorkflowKey, followed: Followed, events: readonly WorkflowEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    try {
      for (const slab of slabsOf(events)) this.#encode(key, slab);
      followed.head = last.sequence;
    } catch {
      // The workflow has nothing to do with it. Its readers meet the same error when they read the log, and report it.
      followed.head = undefined;
    }
  }

  /** Whether nothing after this sequence was committed yet; false also when it is not known. A hint: wait, then read. */
  isHead(key: WorkflowKey, sequence: number): boolean {
    return this.#followed.get(keyText(key))?.head === sequence;
  }

  /** Bytes held for readers to come. */
  get cachedBytes(): number {
    return this.#cache.bytes + this.#joinedPages.bytes + this.#young.bytes;
  }

  /**
   * Events after a sequence, at most `eventsMax`, at least one if there is any, and no more than about `bytesMax`.
   * Rejects as `Application.events` does, also for a workflow of which only the cache is left.
   */
  async page(key: WorkflowKey, after: number, eventsMax: number, bytesMax: number): Promise<EncodedPage> {
    const cached = this.#cache.after(key, after, eventsMax, bytesMax);
    // What was committed while somebody followed needs no look whether the log is there.
    if (cached.length > 0 && this.isHead(key, after + cached.length))
      return this.#joined(key, pageOf(cached, after, eventsMax, bytesMax));
    const eventsLeft = eventsMax - cached.length;
    const bytesLeft = bytesMax - bytesOf(cached);
    if (eventsLeft > 0 && bytesLeft > 0) {
      const read = await this.#read(key, after + cached.length, eventsLeft, bytesLeft);
      return pageOf([...cached, ...read], after, eventsMax, bytesMax);
    }
    // Logs only grow and go away as a whole: what was in one that exists is in it still.
    const followed = this.#followed.get(keyText(key));
    if (followed && followed.trustedPages > 0) {
      followed.trustedPages--;
    } else {
      await shared(this.#checks, keyText(key), () => this.#application.events(key, 0, 0));
      if (followed) followed.trustedPages = limits.trustedPagesMax;
    }
    return this.#joined(key, pageOf(cached, after, eventsMax, bytesMax));
  }

  /** The page in one piece, which the followers of a log share. */
  #joined(key: WorkflowKey, page: EncodedPage): EncodedPage {
    const id = keyText(key);
    if (page.bytes.length < 2 || (this.#followed.get(id)?.followers ?? 0) < 2) return page;
    return { ...page, bytes: [this.#joinedPages.joined(id, page)] };
  }

  #read(
    key: WorkflowKey,
    after: number,
    eventsMax: number,
    bytesMax: number,
  ): Promise<readonly EncodedEvent[]> {
    const wanted = Math.min(eventsMax, limits.watchBatchEventsMax);
    return shared(this.#reads, `${keyText(key)}/${after}/${wanted}`, () =>
      this.#readAndEncode(key, after, wanted, bytesMax),
    );
  }

  /** Reads about as many events as fit, judged by the size of those before, and encodes no more than that. */
  async #readAndEncode(
    key: WorkflowKey,
    after: number,
    eventsMax: number,
    bytesMax: number,
  ): Promise<readonly EncodedEvent[]> {
    const recent = this.#cache.upTo(key, after, limits.coldReadEvents);
    const found: EncodedEvent[] = [];
    let bytes = 0;
    for (;;) {
      const last = [...recent, ...found].slice(-limits.coldReadEvents);
      const average = bytesOf(last) / last.length;
      const fitting = last.length === 0 ? limits.coldReadEvents : Math.ceil((bytesMax - bytes) / average);
      const limit = Math.min(eventsMax - found.length, Math.max(1, fitting));
      const events = await this.#application.events(key, after + found.length, limit);
      for (const slab of slabsOf(events)) {
        for (const encoded of this.#encode(key, slab)) {
          found.push(encoded);
          bytes += sizeOf(encoded);
        }
        if (bytes >= bytesMax) return found;
      }
      if (events.length < limit || found.length >= eventsMax) return found;
    }
  }

  /** A slab's events; encodes those of which the cache has none. */
  #encode(key: WorkflowKey, events: readonly WorkflowEvent[]): readonly EncodedEvent[] {
    const [first] = events;
    if (!first) return [];
    const known = this.#cache.neighbours(key, first.sequence);
    const missing = known ? events.filter(({ sequence }) => !known[slotOf(sequence)]) : events;
    const { bytes: slab, ends } = eventsEncoder.encodeEach(
      missing.map((event) => ({ events: [eventMessage(event)] })),
    );
    const encoded = missing.map(({ sequence, data }, index): EncodedEvent => {
      const place = { slab, start: ends[index - 1] ?? 0, end: ends[index] ?? slab.length };
      return { sequence, ...place, terminal: isTerminalEvent(data) };
    });
    const slots = this.#cache.add(key, first.sequence, encoded);
    return events.flatMap(({ sequence }) => slots[slotOf(sequence)] ?? []);
  }
}

/** Consecutive events, cut where slabs of their log end. */
function slabsOf(events: readonly WorkflowEvent[]): readonly (readonly WorkflowEvent[])[] {
  const slabs: WorkflowEvent[][] = [];
  for (const event of events) {
    const slab = slabs.at(-1);
    if (slab && event.sequence % limits.encodedSlabEvents !== 0) slab.push(event);
    else slabs.push([event]);
  }
  return slabs;
}

/** One piece of work for all that ask for it while it is under way. */
function shared<T>(under: Map<string, Promise<T>>, name: string, work: () => Promise<T>): Promise<T> {
  const known = under.get(name);
  if (known) return known;
  const begun = work().finally(() => under.delete(name));
  under.set(name, begun);
  return begun;
}

function bytesOf(events: readonly EncodedEvent[]): number {
  return events.reduce((sum, event) => sum + sizeOf(event), 0);
}

function pageOf(
  events: readonly EncodedEvent[],
  after: number,
  eventsMax: number,
  bytesMax: number,
): EncodedPage {
  const bytes: Buffer[] = [];
  let count = 0;
  let size = 0;
  let last: EncodedEvent | undefined;
  /** The first of those that are one piece with the last one. */
  let piece: EncodedEvent | undefined;
  for (const event of events) {
    if (count === eventsMax || (count > 0 && size + sizeOf(event) > bytesMax)) break;
    if (piece && last && (event.slab !== last.slab || event.start !== last.end)) {
      bytes.push(piece.slab.subarray(piece.start, last.end));
      piece = event;
    }
    piece ??= event;
    last = event;
    count++;
    size += sizeOf(event);
  }
  if (piece && last) bytes.push(piece.slab.subarray(piece.start, last.end));
  return { bytes, events: count, sequence: last?.sequence ?? after, terminal: last?.terminal ?? false };
}

/** A reply of which the events are encoded already: their bytes, then the other fields. */
export class EncodedReply {
  readonly bytes: readonly Buffer[];

  constructor(bytes: readonly Buffer[]) {
    this.bytes = bytes;
  }
}

/** A method's serializer that also takes an EncodedReply. */
export function acceptingEncoded<Reply>(
  serialize: (reply: Reply) => Buffer,
): (reply: Reply | EncodedReply) => Buffer {
  return (reply) => {
    if (!(reply instanceof EncodedReply)) return serialize(reply);
    const [first] = reply.bytes;
    return first && reply.bytes.length === 1 ? first : together(reply.bytes);
  };
}

/**
 * Where replies of several pieces are put together. grpc-js copies what a serializer gives behind a prefix before it
 * does anything else, so this may be used again for the next reply. Memory of its own for each of them, outside of the
 * heap, made V8 collect the whole heap again and again.
 */
let workbench = Buffer.alloc(0);

function together(pieces: readonly Buffer[]): Buffer {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  if (size > limits.watchBatchBytesMax) return Buffer.concat(pieces);
  if (workbench.length === 0) workbench = Buffer.allocUnsafeSlow(limits.watchBatchBytesMax);
  let at = 0;
  for (const piece of pieces) {
    workbench.set(piece, at);
    at += piece.length;
  }
  return workbench.subarray(0, size);
}
