import type { Failure } from './failure.ts';
import { limits } from './limits.ts';

/**
 * Delay before the next attempt, ms: exponential with full jitter, but never shorter than what the provider asked
 * for. `failures` counts the failed attempts so far, at least 1; `random` is in [0, 1).
 */
export function retryDelayMs(failures: number, cause: Failure, random: number): number {
  const ceiling = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** Math.min(failures - 1, 30));
  const jittered = Math.round(ceiling * random);
  const asked = Math.min(cause.retryAfterMs ?? 0, limits.retryAfterMsMax);
  // A provider that says "now" while it refuses is not taken at its word.
  const floorMs = cause.code === 'rate_limited' ? limits.rateLimitFloorMs : 0;
  return Math.max(jittered, asked, floorMs);
}

/** Whether an attempt ended through no fault of the provider, so that the next one follows at once and uses up no retry. */
export function wasInterrupted(failure: Failure | undefined): boolean {
  return failure?.code === 'crash' || failure?.code === 'aborted';
}
