import type { Clock } from '../../src/clock/clock.ts';
import {
  ModelCallError,
  type ModelAnswer,
  type ModelProvider,
  type ModelRequest,
  type PricedCost,
  type ProviderCatalog,
  type ProviderInfo,
} from '../../src/provider/model-provider.ts';
import { failure, type Failure } from '../../src/workflow/failure.ts';

const windowMs = 60_000;

export interface StrictRules {
  readonly requestsPerMinute: number;
  /** How long a request is on its way, ms: the pace at which permits are given is not the one of arrival. */
  readonly networkMsMax: number;
  readonly answerMsMin: number;
  readonly answerMsMax: number;
}

/** One request as the provider saw it. */
export interface Arrival {
  readonly workflowId: string;
  readonly time: number;
  readonly accepted: boolean;
}

/**
 * A provider that counts for itself: whatever would be one too many within the 60 s before it is refused with 429 and
 * without a hint how long to wait.
 */
export class StrictProvider implements ProviderCatalog {
  readonly arrivals: Arrival[] = [];
  readonly #clock: Clock;
  readonly #rules: StrictRules;
  /** Times of the requests accepted within the last minute. */
  readonly #window: number[] = [];

  constructor(clock: Clock, rules: StrictRules) {
    this.#clock = clock;
    this.#rules = rules;
  }

  list(): readonly ProviderInfo[] {
    return [];
  }

  refusal(): Failure | undefined {
    return undefined;
  }

  defaultModels(): { plan: string; work: string; synthesis: string } {
    return { plan: 'm', work: 'm', synthesis: 'm' };
  }

  price(): PricedCost | undefined {
    return undefined;
  }

  address(): string {
    return 'in-process';
  }

  open(name: string): ModelProvider {
    return { name, call: (request, signal) => this.#call(request, signal) };
  }

  async #call(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    const { networkMsMax, answerMsMin, answerMsMax } = this.#rules;
    const clock = this.#clock;
    await clock.sleep(Math.floor(clock.random() * networkMsMax), signal);
    if (!this.#accept(request.attemptId.split('/')[0] ?? '')) {
      throw new ModelCallError(failure('rate_limited', 'too many requests', true));
    }
    await clock.sleep(answerMsMin + Math.floor(clock.random() * (answerMsMax - answerMsMin)), signal);
    return { text: 'done', finishReason: 'stop', usage: { inputTokens: 100, outputTokens: 20 } };
  }

  #accept(workflowId: string): boolean {
    const time = this.#clock.now();
    while ((this.#window[0] ?? time) <= time - windowMs) this.#window.shift();
    const accepted = this.#window.length < this.#rules.requestsPerMinute;
    if (accepted) this.#window.push(time);
    this.arrivals.push({ workflowId, time, accepted });
    return accepted;
  }
}
