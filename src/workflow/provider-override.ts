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
}
