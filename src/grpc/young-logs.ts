import { isTerminalEvent, type WorkflowEvent } from '../workflow/event.ts';

/** Of one log. */
const eventsMax = 64;
/** Of all logs together. */
const allEventsMax = 2_048;

/**
 * Logs from their first event on, as long as they are short, go on and nobody follows them: whoever starts a workflow
 * mostly watches it a moment later, and what happened in between need not be read back. The oldest go first.
 */
export class YoungLogs {
  readonly #logs = new Map<string, WorkflowEvent[]>();
  #events = 0;

  committed(id: string, events: readonly WorkflowEvent[]): void {
    const log = this.#logs.get(id) ?? [];
    const [first] = events;
    const last = events.at(-1);
    if (!first || !last || (log.length === 0 && first.sequence !== 1)) return;
    const whole = first.sequence === log.length + 1 && log.length + events.length <= eventsMax;
    // One that has ended may be removed, of which nothing is heard here.
    if (!whole || isTerminalEvent(last.data)) {
      this.take(id);
      return;
    }
    log.push(...events);
    this.#events += events.length;
    this.#logs.set(id, log);
    for (const oldest of this.#logs.keys()) {
      if (this.#events <= allEventsMax) return;
      this.take(oldest);
    }
  }

  /** The log from 1 to what was committed last, which is not kept any longer; empty when it is not here. */
  take(id: string): readonly WorkflowEvent[] {
    const log = this.#logs.get(id);
    if (!log) return [];
    this.#logs.delete(id);
    this.#events -= log.length;
    return log;
  }
}
