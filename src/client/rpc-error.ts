import type { status as Code } from '@grpc/grpc-js';
import { statusName } from './status-code.ts';

/** One bad field of a request. */
export interface FieldViolation {
  /** Path in snake_case, for example `options.document_formats[1]`. */
  readonly field: string;
  readonly description: string;
  /** Stable, upper case, for example TOO_SMALL. */
  readonly reason: string;
}

export interface RpcErrorDetail {
  readonly reason?: string | undefined;
  readonly violations?: readonly FieldViolation[] | undefined;
  readonly retryDelayMs?: number | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly cause?: unknown;
}

/** A call that did not succeed: what the server answered, or why there was no answer. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: Code;
  /** Stable reason of the server's ErrorInfo; empty when the error is not the server's own, as a lost connection. */
  readonly reason: string;
  /** Bad fields of the request; empty unless INVALID_ARGUMENT. */
  readonly violations: readonly FieldViolation[];
  /** When another try makes sense; undefined when the server did not say. */
  readonly retryDelayMs: number | undefined;
  /** What the message talks about, by name, for example `workflow_id`. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(code: Code, message: string, detail: RpcErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.code = code;
    this.reason = detail.reason ?? '';
    this.violations = detail.violations ?? [];
    this.retryDelayMs = detail.retryDelayMs;
    this.metadata = detail.metadata ?? {};
  }

  /** Name of the code, for example NOT_FOUND. */
  get codeName(): string {
    return statusName(this.code);
  }
}
