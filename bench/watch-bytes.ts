/** Field numbers and wire types of what is read here, as tags: WatchWorkflowResponse.events, WorkflowEvent.sequence and .time. */
const eventsTag = (1 << 3) | 2;
const sequenceTag = 2 << 3;
const timeTag = (3 << 3) | 2;
/** Of Timestamp; the other field is nanos. */
const secondsTag = 1 << 3;

/**
 * The sequences of the events in a WatchWorkflowResponse. Reads nothing else: decoding whole messages costs the client
 * more than the server spends on them, and it is the server that is measured.
 */
export function sequencesOf(message: Buffer): number[] {
  return eventsOf(message).map((event) => {
    event.seek(sequenceTag);
    return event.varint();
  });
}

/** When the events in a WatchWorkflowResponse happened, ms since the epoch. */
export function timesOf(message: Buffer): number[] {
  return eventsOf(message).map((event) => {
    event.seek(timeTag);
    const time = event.member();
    let ms = 0;
    while (!time.done) {
      const tag = time.varint();
      ms += tag === secondsTag ? time.varint() * 1_000 : time.varint() / 1e6;
    }
    return ms;
  });
}

function eventsOf(message: Buffer): WireReader[] {
  const events: WireReader[] = [];
  const reader = new WireReader(message, 0, message.length);
  while (!reader.done) {
    reader.seek(eventsTag);
    events.push(reader.member());
  }
  return events;
}

class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  position: number;

  constructor(bytes: Buffer, position: number, end: number) {
    this.#bytes = bytes;
    this.position = position;
    this.#end = end;
  }

  get done(): boolean {
    return this.position >= this.#end;
  }

  /** Goes behind the next tag of this kind; throws when there is none. */
  seek(wanted: number): void {
    while (!this.done) {
      const tag = this.varint();
      if (tag === wanted) return;
      this.#skip(tag & 7);
    }
    throw new Error(`no field with tag ${wanted}`);
  }

  /** The member that begins here, and this reader behind it. */
  member(): WireReader {
    const length = this.varint();
    const member = new WireReader(this.#bytes, this.position, this.position + length);
    this.position += length;
    return member;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.position++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 2) this.member();
    else if (wireType === 1) this.position += 8;
    else if (wireType === 5) this.position += 4;
    else throw new Error(`wire type ${wireType}`);
  }
}
