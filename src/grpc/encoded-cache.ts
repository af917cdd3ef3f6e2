import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';

/** An event as field 1 of WatchWorkflowResponse and of ListWorkflowEventsResponse; several concatenate. */
export interface EncodedEvent {
  readonly sequence: number;
  /** Its bytes are those of `slab` from `start` to `end`; neighbours in a log mostly are neighbours there. */
  readonly slab: Buffer;
  readonly start: number;
  readonly end: number;
  readonly terminal: boolean;
}

export function sizeOf({ start, end }: EncodedEvent): number {
  return end - start;
}

/** What an entry costs beside its payload: the objects around it, its share of those of the slab. */
const entryOverheadBytes = 512;

// V8 looks every limit up by its name, for there are many: by itself one that is asked for with every event is cheaper.
const { encodedSegmentEvents: segmentEvents } = limits;

/** The events of a segment, each where `slotOf` says. */
type Slots = readonly (EncodedEvent | undefined)[];

export function slotOf(sequence: number): number {
  return sequence % segmentEvents;
}

/** Neighbours of a log. */
interface Segment {
  readonly events: (EncodedEvent | undefined)[];
  bytes: number;
}

/** Encoded events of many logs, at most `limits.encodedEventsBytesMax`; the least recently read go first. */
export class EncodedCache {
  /** Least recently used first. */
  readonly #segments = new Map<string, Segment>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Events after a sequence as far as they are here without a gap, at most so many and no more than about `bytesMax`. */
  after(key: WorkflowKey, after: number, eventsMax: number, bytesMax: number): EncodedEvent[] {
    const found: EncodedEvent[] = [];
    let bytes = 0;
    let segment: Segment | undefined;
    for (let sequence = after + 1; found.length < eventsMax && bytes < bytesMax; sequence++) {
      const slot = slotOf(sequence);
      if (found.length === 0 || slot === 0) segment = this.#use(key, sequence);
      const event = segment?.events[slot];
      if (!event) break;
      found.push(event);
      bytes += sizeOf(event);
    }
    return found;
  }

  /** The last few events up to a sequence, as far as they are here without a gap. */
  upTo(key: WorkflowKey, sequence: number, eventsMax: number): EncodedEvent[] {
    const found: EncodedEvent[] = [];
    while (found.length < eventsMax) {
      const at = sequence - found.length;
      const event = this.#segments.get(nameOf(key, at))?.events[slotOf(at)];
      if (!event) break;
      found.push(event);
    }
    return found.toReversed();
  }

  /** Where the neighbours of an event are, each in the slot of its sequence; undefined: none of them is here. */
  neighbours(key: WorkflowKey, sequence: number): Slots | undefined {
    return this.#segments.get(nameOf(key, sequence))?.events;
  }

  /** Keeps neighbours of an event, and answers where they and the others are. */
  add(key: WorkflowKey, sequence: number, events: readonly EncodedEvent[]): Slots {
    let segment = this.#use(key, sequence);
    if (!segment) {
      segment = { events: Array.from({ length: segmentEvents }), bytes: 0 };
      this.#segments.set(nameOf(key, sequence), segment);
    }
    for (const event of events) {
      const slot = slotOf(event.sequence);
      if (segment.events[slot]) continue;
      segment.events[slot] = event;
      const bytes = sizeOf(event) + entryOverheadBytes;
      segment.bytes += bytes;
      this.#bytes += bytes;
    }
    if (this.#bytes > limits.encodedEventsBytesMax) this.#shrink();
    return segment.events;
  }

  #use(key: WorkflowKey, sequence: number): Segment | undefined {
    const name = nameOf(key, sequence);
    const segment = this.#segments.get(name);
    if (!segment) return undefined;
    this.#segments.delete(name);
    this.#segments.set(name, segment);
    return segment;
  }

  #shrink(): void {
    for (const [name, { bytes }] of this.#segments) {
      if (this.#bytes <= limits.encodedEventsBytesMax * limits.encodedEventsKeptShare) return;
      this.#segments.delete(name);
      this.#bytes -= bytes;
    }
  }
}

function nameOf(key: WorkflowKey, sequence: number): string {
  return `${keyText(key)}/${Math.floor(sequence / segmentEvents)}`;
}
