/** An operator's price of one model, for a million tokens. */
export interface ModelPrice {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

/** What the configuration says about one provider; absent members are left to what the product knows. */
export interface ProviderOverride {
  readonly baseUrl?: string | undefined;
  /** The only variable that holds the key then. */
  readonly keyVariable?: string | undefined;
  readonly models?:
    | {
        readonly plan?: string | undefined;
        readonly work?: string | undefined;
        readonly synthesis?: string | undefined;
      }
    | undefined;
  /** By model name. */
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  /** By model name: tokens an answer may have where the request says nothing. */
  readonly maxOutputTokens?: Readonly<Record<string, number>> | undefined;
  /** Providers that are called instead while this one is not usable, in order. */
  readonly fallback?: readonly FallbackChoice[] | undefined;
  /** What the provider allows for one key. */
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Calls under way at once. */
  readonly concurrentCalls?: number | undefined;
  /** How an answer of a JSON schema can be asked for. */
  readonly structuredOutput?: 'json_schema' | 'json_object' | 'none' | undefined;
}

/** A provider that stands in for another one. */
export interface FallbackChoice {
  readonly provider: string;
  /** Its model by model of the other one; where none is named, its own default is used. */
  readonly models: Readonly<Record<string, string>>;
}
