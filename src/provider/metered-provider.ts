import type { Clock } from '../clock/clock.ts';
import {
  type AnswerSink,
  type ModelAnswer,
  ModelCallError,
  type ModelProvider,
  type ModelRequest,
} from './model-provider.ts';

/** What a provider was asked and gave since the process started, over all its models. */
export class ProviderMeter {
  calls = 0;
  /** Calls the provider did not answer. One that we stopped is not its failure. */
  failures = 0;
  inputTokens = 0;
  outputTokens = 0;
  latencyMsTotal = 0;
  latencyMsMax = 0;
}

/** A provider whose calls are counted. */
export class MeteredProvider implements ModelProvider {
  readonly name: string;
  readonly #inner: ModelProvider;
  readonly #meter: ProviderMeter;
  readonly #clock: Clock;

  constructor(inner: ModelProvider, name: string, meter: ProviderMeter, clock: Clock) {
    this.name = name;
    this.#inner = inner;
    this.#meter = meter;
    this.#clock = clock;
  }

  async call(request: ModelRequest, signal: AbortSignal, sink?: AnswerSink): Promise<ModelAnswer> {
    const meter = this.#meter;
    const begin = this.#clock.monotonic();
    meter.calls++;
    let usage: ModelAnswer['usage'];
    try {
      const answer = await this.#inner.call(request, signal, sink);
      usage = answer.usage;
      return answer;
    } catch (error) {
      const known = error instanceof ModelCallError ? error : undefined;
      usage = known?.usage;
      if (known?.failure.code !== 'aborted') meter.failures++;
      throw error;
    } finally {
      const latencyMs = this.#clock.monotonic() - begin;
      meter.latencyMsTotal += latencyMs;
      meter.latencyMsMax = Math.max(meter.latencyMsMax, latencyMs);
      meter.inputTokens += usage?.inputTokens ?? 0;
      meter.outputTokens += usage?.outputTokens ?? 0;
    }
  }
}
