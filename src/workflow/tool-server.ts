/** What the configuration says about one tool of a server; absent members are left to the server or the product. */
export interface ToolTerms {
  /** Whether a crash in between may repeat it. */
  readonly idempotent?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly outputBytesMax?: number | undefined;
}

/** A program of the server's own machine, started without a shell, speaking MCP on its stdin and stdout. */
export interface StdioToolServer {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside a few harmless variables its whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server elsewhere, speaking MCP over streamable HTTP. */
export interface HttpToolServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One server of tools, as the operator's configuration names it; no request can. */
export interface ToolServerSettings {
  readonly reach: StdioToolServer | HttpToolServer;
  /** For every tool of it that says nothing else. */
  readonly terms: ToolTerms;
  readonly tools: Readonly<Record<string, ToolTerms>>;
}
