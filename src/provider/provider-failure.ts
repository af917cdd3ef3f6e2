import { inspect } from 'node:util';
import { APIConnectionError, APIError } from 'openai';
import { type Failure, failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { ResponseTooLargeError } from './bounded-fetch.ts';
import { type Secret, withoutSecrets } from './secret.ts';

/** How deep an error is looked into. */
const causesMax = 5;

/** The answer is not what the protocol promises. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** A failure this adapter recognised by itself; thrown inside it and converted at its border. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError';
  readonly failure: Failure;

  constructor(reason: Failure, options?: ErrorOptions) {
    super(reason.message, options);
    this.failure = reason;
  }
}

/**
 * The failure that an error of the HTTP library or the network stands for. `now` is the wall time that a retry date is
 * compared with. The message is cleared of secrets before it is cut, because half a secret would not be recognised.
 */
export function failureOf(error: unknown, provider: string, now: number, secret?: Secret): Failure {
  if (error instanceof AttemptError) {
    const { code, message: own, retryable, retryAfterMs: waitMs } = error.failure;
    return failure(code, withoutSecrets(own, secret), retryable, waitMs);
  }
  const message = withoutSecrets(`${provider}: ${textOf(error)}`, secret);
  if (error instanceof ResponseTooLargeError) return failure('limit', message, false);
  if (error instanceof MalformedAnswerError || error instanceof SyntaxError)
    return failure('malformed', message, true);
  if (error instanceof APIConnectionError) {
    // A body over its limit ends the request before the library has a response to speak of.
    if (error.cause instanceof ResponseTooLargeError) return failure('limit', message, false);
    // Whatever a request is refused for before it leaves arrives here too.
    if (error.cause instanceof TypeError && !isOfNetwork(error.cause)) {
      return failure('internal', message, false);
    }
    return failure('connection', message, true);
  }
  if (error instanceof APIError) {
    const status = error.status ?? statusInStream(error);
    return failureOfStatus(status, error, message, retryAfterMs(error.headers, now));
  }
  return isOfNetwork(error) ? failure('connection', message, true) : failure('internal', message, false);
}

const networkCode =
  /^(?:UND_ERR_\w+|HPE_\w+|ECONN[A-Z]+|E(?:PIPE|TIMEDOUT|NOTFOUND|PROTO)|E(?:NET|HOST|ADDR)[A-Z]+|EAI_[A-Z]+|ERR_(?:SSL|TLS|HTTP2)_\w+)$/;

/** Whether a connection broke. A TypeError of any other kind is a defect of this program, which no retry repairs. */
function isOfNetwork(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < causesMax && at instanceof Error; depth++) {
    // Node's fetch: `TypeError: terminated` for a cut body, `fetch failed` for a cut connection.
    if (at instanceof TypeError && (at.message === 'terminated' || at.message === 'fetch failed'))
      return true;
    if ('code' in at && networkCode.test(String(at.code))) return true;
    at = at.cause;
  }
  return false;
}

function failureOfStatus(
  status: number | undefined,
  error: APIError,
  message: string,
  waitMs: number | undefined,
): Failure {
  switch (status) {
    case 429:
      // An empty account does not fill up by waiting.
      return failure('rate_limited', message, error.code !== 'insufficient_quota', waitMs);
    case 401:
    case 403:
      return failure('authentication', message, false);
    case 408:
    case 409:
    case 425:
      return failure('overloaded', message, true, waitMs);
    // An error inside a stream that gives no status: the provider broke off its own answer.
    case undefined:
      return failure('overloaded', message, true, waitMs);
    default:
      return status >= 500
        ? failure('overloaded', message, true, waitMs)
        : failure('rejected', message, false);
  }
}

/** A stream has one status, 200; an error inside it says in its code or type what it would have been. */
function statusInStream(error: APIError): number | undefined {
  const code = Number(error.code ?? Number.NaN);
  if (Number.isInteger(code) && code >= 400 && code <= 599) return code;
  const words = `${error.code ?? ''} ${error.type ?? ''}`.toLowerCase();
  if (words.includes('rate_limit') || words.includes('insufficient_quota')) return 429;
  if (words.includes('authentication') || words.includes('invalid_api_key')) return 401;
  if (words.includes('invalid_request')) return 400;
  return undefined;
}

/** What the provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const bounded = (ms: number): number | undefined =>
    Number.isFinite(ms) ? Math.min(Math.max(0, Math.ceil(ms)), limits.retryAfterMsMax) : undefined;
  const exact = headers?.get('retry-after-ms')?.trim();
  if (exact) {
    const ms = bounded(Number(exact));
    if (ms !== undefined) return ms;
  }
  const text = headers?.get('retry-after')?.trim();
  if (!text) return undefined;
  return bounded(Number(text) * 1_000) ?? bounded(Date.parse(text) - now);
}

/** The library hides what happened to the connection in causes: `Connection error.`, `fetch failed`, `ECONNRESET`. */
function textOf(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at !== undefined && parts.length < causesMax; ) {
    parts.push(at instanceof Error ? at.message || at.name : inspect(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return [...new Set(parts)].join(': ');
}
