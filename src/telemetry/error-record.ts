import { inspect } from 'node:util';
import { limits } from '../workflow/limits.ts';

/** An error as a log line holds it. Properties a library hung on it (headers, requests) are left out on purpose. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
  /** Of an AggregateError. */
  readonly errors?: readonly ErrorRecord[];
}

/**
 * What is worth writing of a thrown value; causes are followed up to `limits.logErrorCauseDepthMax`. `cut` bounds each
 * text of it.
 */
export function errorRecord(thrown: unknown, cut: (text: string) => string, depth = 0): ErrorRecord {
  if (!(thrown instanceof Error)) {
    return { type: typeof thrown, message: cut(inspect(thrown, { depth: 2 })) };
  }
  const deeper = depth < limits.logErrorCauseDepthMax;
  return {
    type: thrown.name,
    message: cut(thrown.message),
    ...('code' in thrown && (typeof thrown.code === 'string' || typeof thrown.code === 'number')
      ? { code: String(thrown.code) }
      : {}),
    ...(thrown.stack === undefined ? {} : { stack: cut(thrown.stack) }),
    ...(thrown.cause === undefined || !deeper ? {} : { cause: errorRecord(thrown.cause, cut, depth + 1) }),
    ...(thrown instanceof AggregateError && deeper
      ? {
          errors: thrown.errors
            .slice(0, limits.logErrorCauseDepthMax)
            .map((error) => errorRecord(error, cut, depth + 1)),
        }
      : {}),
  };
}
