import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { rpc } from './definition.ts';
import { millisecondsOf } from './time-message.ts';

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
    return Code[this.code] ?? String(this.code);
  }
}

/** The one place where errors of the gRPC library become ours. Anything else comes back as it is. */
export function rpcErrorFrom(error: unknown): unknown {
  if (error instanceof RpcError || !isServiceError(error)) return error;
  // The library ends what it says of a lost connection with a note on name resolution, mostly an empty one.
  const message = (error.details || error.message).replace(/\s*Resolution note:.*$/s, '');
  return new RpcError(error.code, message, { ...detailsOf(error), cause: error });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}

const typePrefix = 'type.googleapis.com/google.rpc.';

function detailsOf(error: ServiceError): RpcErrorDetail {
  const [encoded] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!Buffer.isBuffer(encoded)) return {};
  try {
    return decode(encoded);
  } catch {
    // Another server's details; code and message say the rest.
    return {};
  }
}

function decode(encoded: Buffer): RpcErrorDetail {
  const found: { -readonly [Key in keyof RpcErrorDetail]: RpcErrorDetail[Key] } = {};
  for (const any of rpc.Status.deserialize(encoded).details) {
    const { type_url: url, value } = any;
    if (!url.startsWith(typePrefix)) continue;
    switch (url.slice(typePrefix.length)) {
      case 'ErrorInfo': {
        const { reason, metadata } = rpc.ErrorInfo.deserialize(value);
        Object.assign(found, { reason, metadata });
        break;
      }
      case 'BadRequest': {
        found.violations = rpc.BadRequest.deserialize(value).fieldViolations.map(
          ({ field, description, reason }) => ({ field, description, reason }),
        );
        break;
      }
      case 'RetryInfo':
        found.retryDelayMs = millisecondsOf(rpc.RetryInfo.deserialize(value).retryDelay);
        break;
    }
  }
  return found;
}
