import { z } from 'zod';
import { limits } from './limits.ts';

/**
 * Why something did not succeed. Persisted in the log and shown to callers, so members are only ever added.
 * - rate_limited: the provider answered 429.
 * - overloaded: the provider answered 5xx.
 * - connection: no connection, or it broke before the answer was complete.
 * - timeout: no first byte, an idle stream, or an attempt over its limit.
 * - malformed: an answer that is not what the protocol promises (garbage, wrong content type, no finish reason).
 * - truncated: the answer was cut at the output limit.
 * - refused: the provider's content filter refused.
 * - rejected: the provider refuses this request for good (4xx other than 429).
 * - authentication: key missing or not accepted.
 * - unconfigured: provider, model or key is not configured on this server.
 * - invalid_answer: complete, but not what the role must answer, also after the repair turn.
 * - aborted: we stopped it (cancel, shutdown, the workflow ended).
 * - deadline: the agent's or the workflow's time is over.
 * - concluded: closed early because the workflow concludes.
 * - crash: the process died while it ran; whether it happened is unknown.
 * - budget: a cost or token cap does not allow it.
 * - quorum: too few agents can still succeed.
 * - limit: a named limit of this server was met.
 * - tool: a tool answered with an error, or a call of it was refused before anything was done.
 * - internal: a defect of this product.
 */
export const failureCodes = [
  'rate_limited',
  'overloaded',
  'connection',
  'timeout',
  'malformed',
  'truncated',
  'refused',
  'rejected',
  'authentication',
  'unconfigured',
  'invalid_answer',
  'aborted',
  'deadline',
  'concluded',
  'crash',
  'budget',
  'quorum',
  'limit',
  'internal',
  'tool',
] as const;

export type FailureCode = (typeof failureCodes)[number];

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  /** For people; never holds a secret; at most `limits.errorCharsMax` characters. */
  message: z.string(),
  /** Whether another attempt may succeed. */
  retryable: z.boolean(),
  /** The provider's own wish, ms to wait before the next attempt. */
  retryAfterMs: z.number().optional(),
});

/** A failure as data: it goes in the log. */
export type Failure = z.infer<typeof failureSchema>;

/** Cuts by code point, so that half an emoji never leaves the process. */
export function clip(text: string, charsMax: number): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= charsMax) return wellFormed;
  return [...wellFormed.slice(0, charsMax * 2)].slice(0, charsMax).join('');
}

/** A failure with its message bounded. */
export function failure(
  code: FailureCode,
  message: string,
  retryable = false,
  retryAfterMs?: number,
): Failure {
  const base = { code, message: clip(message, limits.errorCharsMax), retryable };
  return retryAfterMs === undefined ? base : { ...base, retryAfterMs };
}

/** The log holds an event that its state does not allow: a defect, never retried away. */
export class IllegalEventError extends Error {
  override readonly name = 'IllegalEventError';
}
