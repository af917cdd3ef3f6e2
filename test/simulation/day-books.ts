import type { DaySpend } from '../../src/workflow/day-spend.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import type { Caps } from '../../src/workflow/ledger.ts';
import { must } from './violation.ts';

const dayMs = 86_400_000;

interface Call {
  readonly day: number;
  readonly tokens: number;
  readonly nanoUsd: number;
}

interface Day {
  tokens: number;
  nanoUsd: number;
  heldTokens: number;
  heldNanoUsd: number;
  /** What providers charged beyond what was reserved; a cap cannot foresee that. */
  excessTokens: number;
  excessNanoUsd: number;
}

/** What all workflows spend on each day, counted from the events as they become durable, apart from the product. */
export class DayBooks {
  readonly #caps: Caps;
  readonly #days = new Map<number, Day>();
  readonly #calls = new Map<string, Call>();

  constructor(caps: Caps) {
    this.#caps = caps;
  }

  add(events: readonly WorkflowEvent[]): void {
    for (const { workflowId, time, data } of events) {
      if (data.type !== 'model_call_started' && data.type !== 'model_call_ended') continue;
      const id = `${workflowId}/${data.agentId}/${data.turn}/${data.attempt}`;
      if (data.type === 'model_call_started') {
        const { inputTokens, outputTokens, costNanoUsd = 0 } = data.reserved;
        const call = {
          day: Math.floor(time / dayMs),
          tokens: inputTokens + outputTokens,
          nanoUsd: costNanoUsd,
        };
        this.#calls.set(id, call);
        const day = this.#day(call.day);
        day.heldTokens += call.tokens;
        day.heldNanoUsd += call.nanoUsd;
        this.#check(call.day, day);
      } else {
        const call = this.#calls.get(id);
        must(call !== undefined, () => `money: ${id} ended and was held on no day`);
        this.#calls.delete(id);
        const day = this.#day(call.day);
        const tokens = data.usage.inputTokens + data.usage.outputTokens;
        const nanoUsd = data.costNanoUsd ?? 0;
        day.heldTokens -= call.tokens;
        day.heldNanoUsd -= call.nanoUsd;
        day.tokens += tokens;
        day.nanoUsd += nanoUsd;
        day.excessTokens += Math.max(0, tokens - call.tokens);
        day.excessNanoUsd += Math.max(0, nanoUsd - call.nanoUsd);
      }
    }
  }

  /** What the product's ledger says of its days. */
  compare(stored: (day: number) => DaySpend): void {
    for (const [number, day] of this.#days) {
      const { spentTokens, heldTokens, spentNanoUsd, heldNanoUsd } = stored(number);
      must(
        spentTokens === day.tokens &&
          heldTokens === day.heldTokens &&
          spentNanoUsd === day.nanoUsd &&
          heldNanoUsd === day.heldNanoUsd,
        () => `money: the ledger of day ${number} is not what the logs come to`,
      );
    }
  }

  get days(): readonly number[] {
    return [...this.#days.keys()];
  }

  #day(number: number): Day {
    let day = this.#days.get(number);
    if (!day) {
      day = { tokens: 0, nanoUsd: 0, heldTokens: 0, heldNanoUsd: 0, excessTokens: 0, excessNanoUsd: 0 };
      this.#days.set(number, day);
    }
    return day;
  }

  #check(number: number, day: Day): void {
    const { maxTokens = Number.POSITIVE_INFINITY, maxCostNanoUsd = Number.POSITIVE_INFINITY } = this.#caps;
    must(
      day.tokens + day.heldTokens <= maxTokens + day.excessTokens,
      () => `money: day ${number} holds and has spent more than ${maxTokens} tokens`,
    );
    must(
      day.nanoUsd + day.heldNanoUsd <= maxCostNanoUsd + day.excessNanoUsd,
      () => `money: day ${number} holds and has spent more than ${maxCostNanoUsd} nano-USD`,
    );
  }
}
