import { isTerminalEvent, type WorkflowEvent } from '../workflow/event.ts';
import { limits } from '../workflow/limits.ts';
import { memoryBytesOf } from './memory-size.ts';

/** About what an event takes in memory beside its data, the id of its workflow as text. */
const envelopeBytes = 256;

// As in the cache of encoded events: looked up once, for every commit is held against them.
const { youngLogBytesMax, youngLogEventsMax, youngLogsBytesMax, youngLogsEventsMax } = limits;

interface YoungLog {
  readonly events: WorkflowEvent[];
  bytes: number;
}

/**
 * Logs from their first event on, as long as they are short, go on and nobody follows them: whoever starts a workflow
 * mostly watches it a moment later, and what happened in between need not be read back. The oldest go first.
 */
export class YoungLogs {
  readonly #logs = new Map<string, YoungLog>();
  #events = 0;
  #bytes = 0;

  /** About what the logs kept here take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  committed(id: string, events: readonly WorkflowEvent[]): void {
    const log = this.#logs.get(id) ?? { events: [], bytes: 0 };
    const known = log.events.length;
    const [first] = events;
    const last = events.at(-1);
    if (!first || !last || (known === 0 && first.sequence !== 1)) return;
    const whole = first.sequence === known + 1 && known + events.length <= youngLogEventsMax;
    // One that has ended may be removed, of which nothing is heard here.
    if (!whole || isTerminalEvent(last.data)) {
      this.take(id);
      return;
    }
    let bytes = 0;
    for (const { data } of events) bytes += envelopeBytes + memoryBytesOf(data);
    if (log.bytes + bytes > youngLogBytesMax) {
      this.take(id);
      return;
    }
    log.events.push(...events);
    log.bytes += bytes;
    this.#events += events.length;
    this.#bytes += bytes;
    this.#logs.set(id, log);
    for (const oldest of this.#logs.keys()) {
      if (this.#events <= youngLogsEventsMax && this.#bytes <= youngLogsBytesMax) return;
      this.take(oldest);
    }
  }

  /** The log from 1 to what was committed last, which is not kept any longer; empty when it is not here. */
  take(id: string): readonly WorkflowEvent[] {
    const log = this.#logs.get(id);
    if (!log) return [];
    this.#logs.delete(id);
    this.#events -= log.events.length;
    this.#bytes -= log.bytes;
    return log.events;
  }
}
