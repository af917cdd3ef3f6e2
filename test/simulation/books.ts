import type { EventOf, Receipt } from '../../src/workflow/event.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { must } from './violation.ts';

interface Money {
  tokens: number;
  nanoUsd: number;
}

/** The money of one workflow, counted from its events alone and by other code than the product's. */
export class Books {
  readonly #held = new Map<string, Money>();
  readonly #maxTokens: number;
  readonly #maxNanoUsd: number;
  #inputTokens = 0;
  #outputTokens = 0;
  #nanoUsd = 0;
  #assumedNanoUsd = 0;
  #unpriced = 0;
  #finished = 0;
  #aborted = 0;
  #unknown = 0;
  /** What providers charged beyond what was reserved; a cap cannot foresee that. */
  readonly #overrun: Money = { tokens: 0, nanoUsd: 0 };

  constructor({ options }: WorkflowState) {
    this.#maxTokens = options.maxTokens ?? Number.POSITIVE_INFINITY;
    this.#maxNanoUsd = options.maxCostNanoUsd ?? Number.POSITIVE_INFINITY;
  }

  started(attempt: string, { reserved }: EventOf<'model_call_started'>): void {
    const tokens = reserved.inputTokens + reserved.outputTokens;
    this.#held.set(attempt, { tokens, nanoUsd: reserved.costNanoUsd ?? 0 });
    const held = this.#heldNow();
    must(
      this.#inputTokens + this.#outputTokens + held.tokens <= this.#maxTokens,
      () => `money: the token cap of ${this.#maxTokens} is exceeded by the call ${attempt}`,
    );
    must(
      this.#nanoUsd + held.nanoUsd <= this.#maxNanoUsd,
      () => `money: the cost cap of ${this.#maxNanoUsd} is exceeded by the call ${attempt}`,
    );
  }

  ended(attempt: string, end: EventOf<'model_call_ended'>): void {
    const held = this.#held.get(attempt);
    must(held !== undefined, () => `money: ${attempt} ended and held nothing`);
    this.#held.delete(attempt);
    const { inputTokens, outputTokens } = end.usage;
    const cost = end.costNanoUsd ?? 0;
    this.#overrun.tokens += Math.max(0, inputTokens + outputTokens - held.tokens);
    this.#overrun.nanoUsd += Math.max(0, cost - held.nanoUsd);
    this.#inputTokens += inputTokens;
    this.#outputTokens += outputTokens;
    this.#nanoUsd += cost;
    if (end.assumed) this.#assumedNanoUsd += cost;
    if (end.assumed)
      must(
        inputTokens + outputTokens === held.tokens,
        () => `money: ${attempt} is assumed at ${inputTokens + outputTokens} tokens and held ${held.tokens}`,
      );
    if (end.costNanoUsd === undefined) this.#unpriced++;
    if (end.result === 'unknown') this.#unknown++;
    else if (end.result === 'aborted') this.#aborted++;
    else this.#finished++;
  }

  get openCalls(): number {
    return this.#held.size;
  }

  #heldNow(): Money {
    const sum: Money = { tokens: 0, nanoUsd: 0 };
    for (const { tokens, nanoUsd } of this.#held.values()) {
      sum.tokens += tokens;
      sum.nanoUsd += nanoUsd;
    }
    return sum;
  }

  /** After every event: the product's ledger says the same, and the caps hold. */
  check({ ledger }: WorkflowState): void {
    const held = this.#heldNow();
    const tokens = this.#inputTokens + this.#outputTokens;
    must(
      ledger.spentInputTokens === this.#inputTokens && ledger.spentOutputTokens === this.#outputTokens,
      () =>
        `money: ${ledger.spentInputTokens} + ${ledger.spentOutputTokens} tokens are booked, ${this.#inputTokens} + ${this.#outputTokens} were charged`,
    );
    must(
      ledger.spentNanoUsd === this.#nanoUsd,
      () => `money: ${ledger.spentNanoUsd} nano-USD are booked, ${this.#nanoUsd} were charged`,
    );
    must(
      ledger.heldTokens === held.tokens && ledger.heldNanoUsd === held.nanoUsd,
      () =>
        `money: ${ledger.heldTokens} tokens and ${ledger.heldNanoUsd} nano-USD are held, expected ${held.tokens} and ${held.nanoUsd}`,
    );
    must(
      ledger.assumedNanoUsd === this.#assumedNanoUsd && ledger.unpricedCalls === this.#unpriced,
      () =>
        `money: assumed ${ledger.assumedNanoUsd} and ${ledger.unpricedCalls} unpriced, expected ${this.#assumedNanoUsd} and ${this.#unpriced}`,
    );
    must(
      tokens + held.tokens <= this.#maxTokens + this.#overrun.tokens,
      () =>
        `money: ${tokens} tokens spent and ${held.tokens} held are more than the cap of ${this.#maxTokens}`,
    );
    must(
      this.#nanoUsd + held.nanoUsd <= this.#maxNanoUsd + this.#overrun.nanoUsd,
      () =>
        `money: ${this.#nanoUsd} nano-USD spent and ${held.nanoUsd} held are more than the cap of ${this.#maxNanoUsd}`,
    );
  }

  checkReceipt(receipt: Receipt): void {
    const counted = [
      this.#aborted,
      this.#unknown,
      this.#finished,
      this.#inputTokens,
      this.#outputTokens,
      this.#nanoUsd,
      this.#assumedNanoUsd,
      this.#unpriced,
    ];
    const {
      callsAborted,
      callsUnknown,
      callsFinished,
      inputTokens,
      outputTokens,
      costNanoUsd,
      assumedCostNanoUsd,
      unpricedCalls,
    } = receipt;
    const told = [
      callsAborted,
      callsUnknown,
      callsFinished,
      inputTokens,
      outputTokens,
      costNanoUsd,
      assumedCostNanoUsd,
      unpricedCalls,
    ];
    must(
      counted.every((value, index) => value === told[index]),
      () => `receipt: tells ${told.join(', ')}, counted ${counted.join(', ')}`,
    );
  }
}
