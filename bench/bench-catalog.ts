import type {
  ModelAnswer,
  ModelProvider,
  ModelRequest,
  PricedCost,
  ProviderCatalog,
  ProviderInfo,
} from '../src/provider/model-provider.ts';
import { failure, type Failure } from '../src/workflow/failure.ts';
import type { Usage } from '../src/workflow/event.ts';

/** About how long a model's answer is where a measurement says nothing else. */
export const answerChars = 1_000;

/** When an answer comes: at the end of this turn of the event loop, after so many milliseconds, or never. */
export type AnswerTime = number | 'never';

// Words rather than one repeated letter, so that encoding and disk see what text looks like.
const words =
  'durable log replay append cursor lease epoch fence commit batch reader writer event workflow agent turn'.split(
    ' ',
  );

/** A text of so many characters that differs from call to call. */
function answerText(seed: number, chars: number): string {
  let state = seed;
  let text = '';
  while (text.length < chars) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${words[state % words.length]}${text.length % 90 < 12 ? '. ' : ' '}`;
  }
  return text.slice(0, chars);
}

const usage: Usage = { inputTokens: 400, outputTokens: 250 };

/** A model in this process: a plan for the planner, text for everybody else. Makes no request. */
export class BenchCatalog implements ProviderCatalog {
  readonly #time: AnswerTime;
  readonly #texts: readonly string[];
  /** Calls made so far. */
  calls = 0;

  constructor(time: AnswerTime, chars = answerChars) {
    this.#texts = Array.from({ length: 64 }, (_, index) => answerText(index + 1, chars));
    this.#time = time;
  }

  list(): readonly ProviderInfo[] {
    return [];
  }

  refusal(): Failure | undefined {
    return undefined;
  }

  defaultModels(): { plan: string; work: string; synthesis: string } {
    return { plan: 'bench', work: 'bench', synthesis: 'bench' };
  }

  open(name: string): ModelProvider {
    return { name, call: (request, signal) => this.#call(request, signal) };
  }

  price(_name: string, _model: string, { inputTokens, outputTokens }: Usage): PricedCost {
    return { costNanoUsd: inputTokens * 1_000 + outputTokens * 4_000, source: 'bench' };
  }

  address(): string {
    return 'in-process';
  }

  #call(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    this.calls++;
    const answer: ModelAnswer = { text: this.#textFor(request), finishReason: 'stop', usage };
    if (this.#time === 0) return new Promise((resolve) => setImmediate(resolve, answer));
    return new Promise((resolve, reject) => {
      const timer = this.#time === 'never' ? undefined : setTimeout(resolve, this.#time, answer);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(failure('aborted', 'aborted'));
        },
        { once: true },
      );
    });
  }

  #textFor({ brief }: ModelRequest): string {
    const text = this.#texts[this.calls % this.#texts.length] ?? '';
    if (brief.kind !== 'plan') return text;
    const question = text.slice(0, answerChars / brief.count - 40);
    return JSON.stringify({
      subtasks: Array.from({ length: brief.missing }, (_, index) => ({
        title: `Part ${index + 1}`,
        question: `${index + 1}: ${question}`,
      })),
    });
  }
}
