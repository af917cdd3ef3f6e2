import type { Clock } from '../clock/clock.ts';
import type { AnswerSink, ModelAnswer, ModelProvider, ModelRequest } from './model-provider.ts';
import type { ProviderConfig } from './provider-config.ts';

/** An OpenAI-compatible model whose library, the largest of this program, is loaded with the first call. */
export class LazyOpenAiProvider implements ModelProvider {
  readonly name: string;
  readonly #load: () => Promise<ModelProvider>;
  #loaded: Promise<ModelProvider> | undefined;

  constructor(config: ProviderConfig, model: string, clock: Clock) {
    this.name = config.name;
    this.#load = async () => {
      const { OpenAiProvider } = await import('./openai-provider.ts');
      return new OpenAiProvider(config, model, clock);
    };
  }

  async call(request: ModelRequest, signal: AbortSignal, sink?: AnswerSink): Promise<ModelAnswer> {
    this.#loaded ??= this.#load();
    const provider = await this.#loaded;
    return provider.call(request, signal, sink);
  }
}
