import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';

// Kinds of values that several parts of the configuration have.

/** A time with its unit, as milliseconds. */
export const duration = (minMs: number, maxMs: number) =>
  z.string('must be a duration with its unit, for example 30s').transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    const range = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
    context.addIssue({
      code: 'custom',
      message: `must be a duration with its unit (ms, s, m, h, d), ${range}`,
    });
    return z.NEVER;
  });

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  // Paths are added to it, and a secret in it would be shown with it.
  .refine((url) => !/[?#]/.test(url), 'must not have a query or a fragment')
  .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must not hold a user name or password')
  .transform((url) => url.replace(/\/+$/, ''));
