import type { Application } from '../engine/application.ts';
import { isTerminalEvent, type WorkflowEvent } from '../workflow/event.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import { workflowService } from './definition.ts';
import { eventMessage } from './event-message.ts';
import { wellFormed } from './well-formed.ts';

/** An event as field 1 of WatchWorkflowResponse and of ListWorkflowEventsResponse; several concatenate. */
interface EncodedEvent {
  readonly sequence: number;
  readonly bytes: Buffer;
  readonly terminal: boolean;
}

/** Consecutive events of a log, ready to be sent. */
export interface EncodedPage {
  readonly bytes: readonly Buffer[];
  /** Sequence of the last event, or the one the page was asked for when it is empty. */
  readonly sequence: number;
  /** The last event ends the log. */
  readonly terminal: boolean;
}

/** Logs on demand, each event encoded once for all readers while it is in the cache. Nobody is queued for. */
export class EncodedLog {
  readonly #application: Application;
  /** Least recently used first. */
  readonly #cache = new Map<string, EncodedEvent>();
  #cachedBytes = 0;
  /** Reads under way: hundreds of readers wake up for the same event. */
  readonly #reads = new Map<string, Promise<readonly EncodedEvent[]>>();

  constructor(application: Application) {
    this.#application = application;
  }

  /** Bytes held for readers to come. */
  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  /**
   * Events after a sequence, at most `eventsMax`, at least one if there is any, and no more than about `bytesMax`.
   * Rejects as `Application.events` does.
   */
  async page(key: WorkflowKey, after: number, eventsMax: number, bytesMax: number): Promise<EncodedPage> {
    const cached = this.#cachedAfter(key, after, eventsMax, bytesMax);
    return pageOf(cached.length > 0 ? cached : await this.#read(key, after), after, eventsMax, bytesMax);
  }

  #cachedAfter(
    key: WorkflowKey,
    after: number,
    eventsMax: number,
    bytesMax: number,
  ): readonly EncodedEvent[] {
    const found: EncodedEvent[] = [];
    let bytes = 0;
    for (let sequence = after + 1; found.length < eventsMax && bytes < bytesMax; sequence++) {
      const name = cacheKey(key, sequence);
      const event = this.#cache.get(name);
      if (!event) break;
      this.#cache.delete(name);
      this.#cache.set(name, event);
      found.push(event);
      bytes += event.bytes.length;
    }
    return found;
  }

  #read(key: WorkflowKey, after: number): Promise<readonly EncodedEvent[]> {
    const name = cacheKey(key, after);
    const underWay = this.#reads.get(name);
    if (underWay) return underWay;
    const read = this.#readAndEncode(key, after).finally(() => this.#reads.delete(name));
    this.#reads.set(name, read);
    return read;
  }

  async #readAndEncode(key: WorkflowKey, after: number): Promise<readonly EncodedEvent[]> {
    const events = await this.#application.events(key, after, limits.watchBatchEventsMax);
    return events.map((event) => this.#encode(key, event));
  }

  #encode(key: WorkflowKey, event: WorkflowEvent): EncodedEvent {
    const name = cacheKey(key, event.sequence);
    const known = this.#cache.get(name);
    if (known) return known;
    const encoded: EncodedEvent = {
      sequence: event.sequence,
      bytes: encodeEvents({ events: [wellFormed(eventMessage(event))] }),
      terminal: isTerminalEvent(event.data),
    };
    this.#cache.set(name, encoded);
    this.#cachedBytes += encoded.bytes.length;
    for (const [oldest, { bytes }] of this.#cache) {
      if (this.#cachedBytes <= limits.encodedEventsBytesMax) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= bytes.length;
    }
    return encoded;
  }
}

const encodeEvents = workflowService.WatchWorkflow.responseSerialize;

function pageOf(
  events: readonly EncodedEvent[],
  after: number,
  eventsMax: number,
  bytesMax: number,
): EncodedPage {
  const bytes: Buffer[] = [];
  let size = 0;
  let last: EncodedEvent | undefined;
  for (const event of events.slice(0, eventsMax)) {
    if (bytes.length > 0 && size + event.bytes.length > bytesMax) break;
    bytes.push(event.bytes);
    size += event.bytes.length;
    last = event;
  }
  return { bytes, sequence: last?.sequence ?? after, terminal: last?.terminal ?? false };
}

function cacheKey(key: WorkflowKey, sequence: number): string {
  return `${keyText(key)}/${sequence}`;
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
  return (reply) => (reply instanceof EncodedReply ? Buffer.concat(reply.bytes) : serialize(reply));
}
