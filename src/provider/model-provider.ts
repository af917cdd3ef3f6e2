import type { GateInfo } from './call-gate.ts';
import type { Failure } from '../workflow/failure.ts';
import type { ToolCall, Usage } from '../workflow/event.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Of an assistant: the tools it asked for; a message of role `tool` answers each of them. */
  readonly toolCalls?: readonly ToolCall[] | undefined;
  /** Of a tool: which call this answers. */
  readonly toolCallId?: string | undefined;
}

/** A tool the model may ask for. */
export interface ToolOffer {
  /** `server.tool`; whoever speaks a protocol with narrower names maps it. */
  readonly name: string;
  readonly description: string;
  /** JSON schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A stretch of a source document, resolved to its text. */
export interface Passage {
  /** Cited as `[handle]`. */
  readonly handle: string;
  readonly documentName: string;
  readonly text: string;
}

/** Another agent's finished work, handed on as data. */
export interface Finding {
  readonly agentId: string;
  readonly title: string;
  readonly text: string;
}

/**
 * What the messages ask for, as data: the same frozen input in another form. A provider that has no model (offline)
 * answers from it; a model provider sends the messages.
 */
export type Brief =
  | {
      readonly kind: 'plan';
      readonly task: string;
      readonly count: number;
      readonly missing: number;
      readonly known: readonly string[];
      readonly passages: readonly Passage[];
      /** Types that subtasks must have one of; absent: they have none. */
      readonly types?: readonly string[];
    }
  | {
      readonly kind: 'answer';
      readonly task: string;
      readonly question: string;
      readonly passages: readonly Passage[];
    }
  | {
      readonly kind: 'synthesise';
      readonly task: string;
      readonly level: 'group' | 'executive' | 'final';
      readonly findings: readonly Finding[];
      readonly missing: readonly string[];
    }
  | {
      readonly kind: 'assignment';
      readonly task: string;
      readonly instruction: string;
      readonly findings: readonly Finding[];
      readonly missing: readonly string[];
      readonly passages: readonly Passage[];
      /** The answer is JSON of this schema; absent: text. */
      readonly schema?: Readonly<Record<string, unknown>>;
    };

/** One request for one turn of one agent. */
export interface ModelRequest {
  /** Sent along as `x-attempt-id`, so that a provider's ledger can be matched with the log. */
  readonly attemptId: string;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly brief: Brief;
  readonly maxOutputTokens: number;
  /** Ask for an answer of this JSON schema, where the provider can. */
  readonly jsonSchema?:
    | { readonly name: string; readonly schema: Readonly<Record<string, unknown>> }
    | undefined;
  /** Tools of this conversation. `none`: they are named because earlier turns used them, and must not be asked for now. */
  readonly tools?: { readonly offers: readonly ToolOffer[]; readonly choice: 'auto' | 'none' } | undefined;
  /** W3C trace context for the provider. */
  readonly traceparent?: string | undefined;
  /** Sent along as `x-request-id`: the request of the caller that this work belongs to. */
  readonly requestId?: string | undefined;
}

export interface ModelAnswer {
  readonly text: string;
  /** Tools the model asks for, as it wrote them; ids are unique in the answer. */
  readonly toolCalls?: readonly ToolCall[] | undefined;
  readonly finishReason: string;
  /** Absent: the provider reported none. */
  readonly usage: Usage | undefined;
  /** Cost the provider itself reported, integer nano-USD. */
  readonly reportedCostNanoUsd?: number | undefined;
}

/** The only error a provider call rejects with. Carries usage when the failed attempt reported some. */
export class ModelCallError extends Error {
  override readonly name = 'ModelCallError';
  readonly failure: Failure;
  readonly usage: Usage | undefined;

  constructor(failure: Failure, options: { usage?: Usage | undefined; cause?: unknown } = {}) {
    super(failure.message, { cause: options.cause });
    this.failure = failure;
    this.usage = options.usage;
  }
}

/** Hears an answer while it is written. */
export interface AnswerSink {
  /**
   * How much of the answer it has, in UTF-16 units; undefined: nobody wants any now. Asked whenever a part has come, so
   * that a call nobody watches hands nothing over, and whoever begins to watch gets what was written before.
   */
  readonly position: number | undefined;
  /** Takes what comes next from there. Neither throws nor waits. */
  add(text: string): void;
}

/** One endpoint with one model. */
export interface ModelProvider {
  /** Name in the configuration, `^[a-z_]+$`. */
  readonly name: string;
  /**
   * Makes exactly one request, never a hidden retry. Rejects with ModelCallError, promptly after `signal` aborts
   * (failure code `aborted`), by which time the connection is closed. A provider that streams offers `sink` what it has;
   * all it hands over is the beginning of the answer's text, or of one that was never finished.
   */
  call(request: ModelRequest, signal: AbortSignal, sink?: AnswerSink): Promise<ModelAnswer>;
}

/** Integer nano-USD, and which price list said so. */
export interface PricedCost {
  readonly costNanoUsd: number;
  readonly source: string;
}

export interface ProviderInfo {
  readonly name: string;
  /** Whether a key (where one is needed) and an address are there. */
  readonly configured: boolean;
  /** Environment variables that may hold the key, first found wins; empty: no key is needed. */
  readonly keyVariables: readonly string[];
  readonly baseUrl: string;
  readonly defaultModels: { readonly plan: string; readonly work: string; readonly synthesis: string };
  readonly calls: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly latencyMsTotal: number;
  readonly latencyMsMax: number;
  /** What keeps calls from it; absent in a catalog that nobody has put a gate before. */
  readonly gate?: GateInfo | undefined;
}

/** The providers this server knows. */
export interface ProviderCatalog {
  /** Known providers in a stable order. */
  list(): readonly ProviderInfo[];
  /**
   * Why a run cannot use this provider, or undefined when it can: unknown name (lists the known and the configured
   * ones) or missing key (names the variables to set). Nothing is cached after a refusal.
   */
  refusal(name: string): Failure | undefined;
  defaultModels(name: string): { readonly plan: string; readonly work: string; readonly synthesis: string };
  /** The same instance for the same provider and model. Throws ModelCallError `unconfigured` or `authentication` as `refusal` does. */
  open(name: string, model: string): ModelProvider;
  /** What these tokens cost at this provider and model; undefined when no price is known. Free providers answer 0. */
  price(name: string, model: string, usage: Usage): PricedCost | undefined;
  /** Tokens an answer of this model may have where the request says nothing; undefined: the configuration names none. */
  outputLimit?(name: string, model: string): number | undefined;
  /** Where the provider's requests go, for traces. */
  address(name: string): string;
}
