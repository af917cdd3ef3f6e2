import type { EventOf, Receipt, Reservation } from './event.ts';
import type { Caps, Ledger } from './ledger.ts';

/** What a check expected and found. */
export interface Difference {
  readonly expected: string;
  readonly found: string;
}

interface AgentBill {
  inputTokens: number;
  outputTokens: number;
  costNanoUsd: number;
  attempts: number;
}

const tokensOf = (part: { readonly inputTokens: number; readonly outputTokens: number }): number =>
  part.inputTokens + part.outputTokens;

/**
 * The model calls of one log, counted from its events alone and apart from the fold, so that the two can be held
 * against each other.
 */
export class CallAudit {
  readonly #open = new Map<string, Reservation>();
  readonly #known = new Set<string>();
  /** Sequence of each turn's answer. */
  readonly #answers = new Map<string, number>();
  readonly #agents = new Map<string, AgentBill>();
  #finished = 0;
  #aborted = 0;
  #unknown = 0;
  #spentNanoUsd = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #assumedNanoUsd = 0;
  #unpriced = 0;
  /** What calls were charged beyond what was held for them: a provider's word counts, also against a cap. */
  #excessNanoUsd = 0;
  #excessTokens = 0;

  started(event: EventOf<'model_call_started'>): Difference | undefined {
    const turn = `${event.agentId}/${event.turn}`;
    const call = `${turn}/${event.attempt}`;
    const answer = this.#answers.get(turn);
    if (answer !== undefined) {
      return { expected: `no call after the answer at sequence ${answer}`, found: `the start of ${call}` };
    }
    if (this.#known.has(call)) return { expected: `one start of ${call}`, found: 'another' };
    this.#known.add(call);
    this.#open.set(call, event.reserved);
    this.#bill(event.agentId).attempts++;
    return undefined;
  }

  ended(event: EventOf<'model_call_ended'>, sequence: number): Difference | undefined {
    const turn = `${event.agentId}/${event.turn}`;
    const call = `${turn}/${event.attempt}`;
    const reserved = this.#open.get(call);
    if (reserved === undefined) {
      const found = this.#known.has(call) ? 'another' : 'an end without a start';
      return { expected: `one end of ${call} after its start`, found };
    }
    this.#open.delete(call);
    const cost = event.costNanoUsd ?? 0;
    const bill = this.#bill(event.agentId);
    bill.inputTokens += event.usage.inputTokens;
    bill.outputTokens += event.usage.outputTokens;
    bill.costNanoUsd += cost;
    this.#inputTokens += event.usage.inputTokens;
    this.#outputTokens += event.usage.outputTokens;
    this.#spentNanoUsd += cost;
    if (event.assumed) this.#assumedNanoUsd += cost;
    if (event.costNanoUsd === undefined) this.#unpriced++;
    this.#excessNanoUsd += Math.max(0, cost - (reserved.costNanoUsd ?? 0));
    this.#excessTokens += Math.max(0, tokensOf(event.usage) - tokensOf(reserved));
    switch (event.result) {
      case 'ok':
        this.#answers.set(turn, sequence);
        this.#finished++;
        return undefined;
      case 'failed':
        this.#finished++;
        return undefined;
      case 'aborted':
        this.#aborted++;
        return undefined;
      case 'unknown':
        this.#unknown++;
        return undefined;
    }
    throw new Error(`unknown result ${String(event.result)}`);
  }

  /** What an agent's completion says of its calls. */
  completed(event: EventOf<'agent_completed'>): Difference | undefined {
    // A fork takes over an answer that another log holds.
    if (event.reusedFrom) return undefined;
    const { inputTokens, outputTokens, costNanoUsd, attempts } = this.#bill(event.agentId);
    return compare(
      {
        outputSequence: this.#answers.get(`${event.agentId}/${event.turn}`),
        inputTokens,
        outputTokens,
        costNanoUsd,
        attempts,
      },
      {
        outputSequence: event.outputSequence,
        inputTokens: event.usage.inputTokens,
        outputTokens: event.usage.outputTokens,
        costNanoUsd: event.costNanoUsd,
        attempts: event.attempts,
      },
    );
  }

  receipt(receipt: Receipt): Difference | undefined {
    const { ignoredAbort: _, quiescenceMs: __, ...numbers } = receipt;
    return compare(
      {
        callsAborted: this.#aborted,
        callsUnknown: this.#unknown,
        callsFinished: this.#finished,
        inputTokens: this.#inputTokens,
        outputTokens: this.#outputTokens,
        costNanoUsd: this.#spentNanoUsd,
        assumedCostNanoUsd: this.#assumedNanoUsd,
        unpricedCalls: this.#unpriced,
      },
      numbers,
    );
  }

  /** The fold's ledger against the log's calls and the caps. */
  ledger(ledger: Ledger, { maxCostNanoUsd, maxTokens }: Caps): Difference | undefined {
    let heldNanoUsd = 0;
    let heldTokens = 0;
    for (const reserved of this.#open.values()) {
      heldNanoUsd += reserved.costNanoUsd ?? 0;
      heldTokens += tokensOf(reserved);
    }
    const sums: Ledger = {
      spentNanoUsd: this.#spentNanoUsd,
      heldNanoUsd,
      spentInputTokens: this.#inputTokens,
      spentOutputTokens: this.#outputTokens,
      heldTokens,
      assumedNanoUsd: this.#assumedNanoUsd,
      unpricedCalls: this.#unpriced,
    };
    const different = compare({ ...sums }, { ...ledger });
    if (different) return different;
    const cost = this.#spentNanoUsd + heldNanoUsd;
    if (maxCostNanoUsd !== undefined && cost > maxCostNanoUsd + this.#excessNanoUsd) {
      return { expected: `at most ${maxCostNanoUsd} nano-USD spent and held`, found: String(cost) };
    }
    const tokens = this.#inputTokens + this.#outputTokens + heldTokens;
    if (maxTokens !== undefined && tokens > maxTokens + this.#excessTokens) {
      return { expected: `at most ${maxTokens} tokens spent and held`, found: String(tokens) };
    }
    return undefined;
  }

  /** What is still under way; nothing may be when the workflow has ended. */
  open(): Difference | undefined {
    const [call] = this.#open.keys();
    return call === undefined ? undefined : { expected: 'no call open at the end', found: call };
  }

  #bill(agentId: string): AgentBill {
    const known = this.#agents.get(agentId);
    if (known) return known;
    const bill = { inputTokens: 0, outputTokens: 0, costNanoUsd: 0, attempts: 0 };
    this.#agents.set(agentId, bill);
    return bill;
  }
}

/** The members that differ, all in one difference; undefined when none does. */
export function compare(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): Difference | undefined {
  const told = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  const names = Object.keys(expected).filter((name) => told(expected[name]) !== told(found[name]));
  if (names.length === 0) return undefined;
  const list = (values: Readonly<Record<string, unknown>>): string =>
    names.map((name) => `${name} ${told(values[name])}`).join(', ');
  return { expected: list(expected), found: list(found) };
}
