/** What a provider's endpoint understands beyond the common part of Chat Completions. */
export interface ProviderCapabilities {
  /**
   * How an answer of a JSON schema is asked for: enforced by the provider, as any JSON, or not at all:
   * then only the prompt asks for it.
   */
  readonly structuredOutput: 'json_schema' | 'json_object' | 'none';
  /** Whether usage in a stream must be asked for. Others send it by themselves or refuse the unknown field. */
  readonly streamUsageOption: boolean;
  /** Name of the field that bounds the output. */
  readonly outputLimitField: 'max_tokens' | 'max_completion_tokens';
  /** Whether `usage.cost` is the charge in USD. */
  readonly reportsCost: boolean;
}

/** Model by kind of work. */
export interface DefaultModels {
  readonly plan: string;
  readonly work: string;
  readonly synthesis: string;
}

/** What the product knows about a provider before any configuration is read. */
export interface ProviderSettings {
  /** `^[a-z_]+$` */
  readonly name: string;
  /** Environment variables that may hold the key, the first one found wins; empty: no key is needed. */
  readonly keyVariables: readonly string[];
  readonly baseUrl: string;
  readonly capabilities: ProviderCapabilities;
  /** Names go stale within months; the configuration overrides them. */
  readonly defaultModels: DefaultModels;
  /** Whether its answers cost nothing, because the model runs on the operator's own machine. */
  readonly free: boolean;
  /** Its name in the public price list; undefined: not listed there. */
  readonly priceListId: string | undefined;
}

/** What is assumed of an endpoint nobody described: only what every compatible server has. */
export const plainCapabilities: ProviderCapabilities = {
  structuredOutput: 'json_object',
  streamUsageOption: true,
  outputLimitField: 'max_tokens',
  reportsCost: false,
};

const schemaCapabilities: ProviderCapabilities = { ...plainCapabilities, structuredOutput: 'json_schema' };

/** One model for every kind of work. */
export function sameModel(model: string): DefaultModels {
  return { plan: model, work: model, synthesis: model };
}

/** The providers every server knows, the default one first. The offline provider is not a remote one and not listed. */
export const knownProviders: readonly ProviderSettings[] = [
  {
    name: 'xai',
    keyVariables: ['XAI_API_KEY', 'GROK_API_KEY'],
    baseUrl: 'https://api.x.ai/v1',
    capabilities: schemaCapabilities,
    defaultModels: { plan: 'grok-4.3', work: 'grok-4-1-fast-reasoning', synthesis: 'grok-4.3' },
    free: false,
    priceListId: 'x-ai',
  },
  {
    name: 'openai',
    keyVariables: ['OPENAI_API_KEY'],
    baseUrl: 'https://api.openai.com/v1',
    // Its reasoning models refuse max_tokens.
    capabilities: { ...schemaCapabilities, outputLimitField: 'max_completion_tokens' },
    defaultModels: { plan: 'gpt-5.2', work: 'gpt-5-mini', synthesis: 'gpt-5.2' },
    free: false,
    priceListId: 'openai',
  },
  {
    name: 'anthropic',
    keyVariables: ['ANTHROPIC_API_KEY'],
    baseUrl: 'https://api.anthropic.com/v1/',
    // The compatible endpoint ignores response_format.
    capabilities: { ...plainCapabilities, structuredOutput: 'none' },
    defaultModels: { plan: 'claude-sonnet-5', work: 'claude-haiku-4-5', synthesis: 'claude-sonnet-5' },
    free: false,
    priceListId: 'anthropic',
  },
  {
    name: 'mistral',
    keyVariables: ['MISTRAL_API_KEY'],
    baseUrl: 'https://api.mistral.ai/v1',
    // Sends usage by itself and may refuse fields it does not know.
    capabilities: { ...schemaCapabilities, streamUsageOption: false },
    defaultModels: {
      plan: 'mistral-large-latest',
      work: 'mistral-small-latest',
      synthesis: 'mistral-large-latest',
    },
    free: false,
    priceListId: 'mistral',
  },
  {
    name: 'gemini',
    keyVariables: ['GEMINI_API_KEY'],
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai/',
    capabilities: schemaCapabilities,
    defaultModels: { plan: 'gemini-2.5-pro', work: 'gemini-2.5-flash', synthesis: 'gemini-2.5-pro' },
    free: false,
    priceListId: 'google',
  },
  {
    name: 'groq',
    keyVariables: ['GROQ_API_KEY'],
    baseUrl: 'https://api.groq.com/openai/v1',
    // Schemas cannot be combined with streaming there.
    capabilities: {
      ...plainCapabilities,
      structuredOutput: 'none',
      outputLimitField: 'max_completion_tokens',
    },
    defaultModels: sameModel('openai/gpt-oss-120b'),
    free: false,
    priceListId: 'groq',
  },
  {
    name: 'perplexity',
    keyVariables: ['PERPLEXITY_API_KEY'],
    baseUrl: 'https://api.perplexity.ai',
    capabilities: { ...schemaCapabilities, streamUsageOption: false },
    defaultModels: { plan: 'sonar', work: 'sonar', synthesis: 'sonar-pro' },
    free: false,
    priceListId: 'perplexity',
  },
  {
    name: 'cohere',
    keyVariables: ['COHERE_API_KEY'],
    baseUrl: 'https://api.cohere.ai/compatibility/v1',
    capabilities: schemaCapabilities,
    defaultModels: sameModel('command-a-03-2025'),
    free: false,
    priceListId: 'cohere',
  },
  {
    name: 'huggingface',
    keyVariables: ['HF_TOKEN', 'HF_API_KEY', 'HUGGINGFACE_API_KEY'],
    baseUrl: 'https://router.huggingface.co/v1',
    capabilities: { ...plainCapabilities, structuredOutput: 'none' },
    defaultModels: sameModel('openai/gpt-oss-120b'),
    free: false,
    // The router's price depends on the host it picks.
    priceListId: undefined,
  },
  {
    name: 'deepseek',
    keyVariables: ['DEEPSEEK_API_KEY'],
    baseUrl: 'https://api.deepseek.com',
    capabilities: plainCapabilities,
    defaultModels: { plan: 'deepseek-v4-pro', work: 'deepseek-v4-flash', synthesis: 'deepseek-v4-pro' },
    free: false,
    priceListId: 'deepseek',
  },
  {
    name: 'openrouter',
    keyVariables: ['OPENROUTER_API_KEY'],
    baseUrl: 'https://openrouter.ai/api/v1',
    capabilities: { ...schemaCapabilities, reportsCost: true },
    defaultModels: sameModel('openai/gpt-5-mini'),
    free: false,
    priceListId: 'openrouter',
  },
  {
    name: 'together',
    keyVariables: ['TOGETHER_API_KEY'],
    baseUrl: 'https://api.together.xyz/v1',
    capabilities: schemaCapabilities,
    defaultModels: sameModel('openai/gpt-oss-120b'),
    free: false,
    priceListId: 'together',
  },
  {
    name: 'ollama',
    keyVariables: [],
    baseUrl: 'http://localhost:11434/v1',
    capabilities: schemaCapabilities,
    defaultModels: sameModel('llama3.2'),
    free: true,
    priceListId: undefined,
  },
];
