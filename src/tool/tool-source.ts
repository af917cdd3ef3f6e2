import type { ToolSourceRef } from '../workflow/event.ts';
import { failure, type Failure } from '../workflow/failure.ts';
import type { DocumentSet } from './document-library.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool as a model is told of it, and the terms it is called on. */
export interface ToolDefinition {
  /** Unique in its source; agents know it as `source.name`. */
  readonly name: string;
  /** Written by whoever offers the tool: data, like everything that comes from there. */
  readonly description: string;
  /** JSON schema of an object: what arguments must be before the tool is called. */
  readonly parameters: JsonSchema;
  /** Whether doing it twice is the same as doing it once, so that a crash in between may repeat it. */
  readonly idempotent: boolean;
  readonly timeoutMs: number;
  /** UTF-8 bytes of its text; what is longer is cut. */
  readonly outputBytesMax: number;
}

export interface ToolCallContext {
  /** Ends the call; the source stops working on it as soon as it can. */
  readonly signal: AbortSignal;
  /** Passed on to servers that keep time themselves; the engine stops waiting in any case. */
  readonly timeoutMs: number;
  /** Names the call for ever: workflow, agent, turn and the model's own id. */
  readonly callId: string;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
  /** What the workflow's agents may read; absent: it has no documents. */
  readonly documents?: DocumentSet | undefined;
}

export interface ToolResult {
  /** Well-formed, within the tool's `outputBytesMax`. */
  readonly text: string;
  /** The tool itself says that it failed; its text says why. */
  readonly isError: boolean;
  /**
   * Passages of the workflow's documents that it found, in order; their texts are not repeated in `text`. Absent: the
   * text itself is what it found.
   */
  readonly sources?: readonly ToolSourceRef[] | undefined;
}

/** The only error a tool call rejects with. */
export class ToolCallError extends Error {
  override readonly name = 'ToolCallError';
  readonly failure: Failure;

  constructor(reason: Failure, options?: ErrorOptions) {
    super(reason.message, options);
    this.failure = reason;
  }
}

export function abortedCall(tool: string, cause?: unknown): ToolCallError {
  return new ToolCallError(failure('aborted', `${tool}: the call was stopped`), { cause });
}

export function unknownTool(source: string, tool: string): ToolCallError {
  return new ToolCallError(failure('tool', `${source} has no tool ${JSON.stringify(tool)}`));
}

/** Something that offers tools: a server behind MCP, or a part of this product. */
export interface ToolSource {
  /** `^[a-z][a-z0-9_-]*$`, without two underscores in a row; the first part of its tools' full names. */
  readonly name: string;
  /** What can be called now, in a stable order. Empty before `start`, and while nothing can be reached for the first time. */
  readonly tools: readonly ToolDefinition[];
  /** Resolves when it is known what can be called, or that nothing can be reached at the moment. Never rejects. */
  start(): Promise<void>;
  /**
   * Does it once, never a hidden repetition. Arguments fit the tool's schema. Rejects with ToolCallError: code
   * `aborted` promptly after the signal, `timeout`, `connection`, or `tool` when there is no such tool.
   */
  call(tool: string, args: Readonly<Record<string, unknown>>, context: ToolCallContext): Promise<ToolResult>;
  /** Ends whatever it started. May be called twice. */
  close(): Promise<void>;
}
