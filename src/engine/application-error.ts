/** One field that is wrong: where, what, and a stable upper-case code such as TOO_SMALL. */
export interface Violation {
  /** Path in the request in lowerCamelCase; numbers are zero-based positions in lists. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly code: string;
}

/**
 * What went wrong, in the terms of the application; each edge translates it into its protocol.
 * - invalid: the request itself; nothing was started. Lists the fields.
 * - not_found: no such workflow (any more).
 * - conflict: a request id was used before with another body.
 * - wrong_state: the workflow's state does not allow it.
 * - exhausted: a named limit is reached; try again after `retryDelayMs`.
 * - out_of_range: a sequence above the last one.
 * - damaged: the log is not what was written; other workflows are not concerned.
 * - unavailable: shutting down, or the store does not answer; try again after `retryDelayMs`.
 */
export type ApplicationErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'wrong_state'
  | 'exhausted'
  | 'out_of_range'
  | 'damaged'
  | 'unavailable';

export interface ApplicationErrorDetail {
  /** Upper-case, stable, for programs: WORKFLOW_NOT_FOUND, NOT_SUPPORTED_YET, PENDING_QUEUE_FULL, ... */
  readonly reason: string;
  /** Every dynamic part of the message. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly violations?: readonly Violation[] | undefined;
  readonly retryDelayMs?: number | undefined;
  readonly cause?: unknown;
}

export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';
  readonly kind: ApplicationErrorKind;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
  readonly retryDelayMs: number | undefined;

  constructor(kind: ApplicationErrorKind, message: string, detail: ApplicationErrorDetail) {
    super(message, { cause: detail.cause });
    this.kind = kind;
    this.reason = detail.reason;
    this.metadata = detail.metadata ?? {};
    this.violations = detail.violations ?? [];
    this.retryDelayMs = detail.retryDelayMs;
  }
}
