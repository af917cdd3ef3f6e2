import type { Duration__Input, Duration__Output } from '../gen/google/protobuf/Duration.ts';
import type { Timestamp__Input, Timestamp__Output } from '../gen/google/protobuf/Timestamp.ts';
import { invalid } from './request-field.ts';

const NANOS_PER_MS = 1_000_000;
/** What Timestamp allows: years 1 to 9999. */
const timeMin = -62_135_596_800_000;
const timeMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Milliseconds since the epoch as a Timestamp. */
export function timestampMessage(time: number): Timestamp__Input {
  const seconds = Math.floor(time / 1_000);
  return { seconds, nanos: Math.round((time - seconds * 1_000) * NANOS_PER_MS) % 1_000_000_000 };
}

/** The same for a time that may be absent. */
export function optionalTimestamp(time: number | undefined): Timestamp__Input | null {
  return time === undefined ? null : timestampMessage(time);
}

/** A caller's Timestamp in milliseconds since the epoch; throws `invalid` when it is none. */
export function timeOf(timestamp: Timestamp__Output, ...path: string[]): number {
  const time = Number(timestamp.seconds) * 1_000 + timestamp.nanos / NANOS_PER_MS;
  if (!inNanoRange(timestamp.nanos) || !(time >= timeMin && time <= timeMax)) {
    throw invalid(path, 'must be a timestamp of the years 1 to 9999', 'INVALID_TIMESTAMP');
  }
  return time;
}

/** Milliseconds as a Duration. */
export function durationMessage(ms: number): Duration__Input {
  const seconds = Math.trunc(ms / 1_000);
  const nanos = Math.round((ms - seconds * 1_000) * NANOS_PER_MS);
  return Math.abs(nanos) < 1_000_000_000
    ? { seconds, nanos }
    : { seconds: seconds + Math.sign(nanos), nanos: 0 };
}

/** The same for a duration that may be absent. */
export function optionalDuration(ms: number | undefined): Duration__Input | null {
  return ms === undefined ? null : durationMessage(ms);
}

/**
 * A caller's Duration in whole milliseconds, rounded up so that a short one is not none. Throws `invalid` when it is
 * negative or longer than `msMax`.
 */
export function durationMsOf(duration: Duration__Output, msMax: number, ...path: string[]): number {
  const ms = Math.ceil(Number(duration.seconds) * 1_000 + duration.nanos / NANOS_PER_MS);
  if (!inNanoRange(duration.nanos) || !(ms >= 0)) {
    throw invalid(path, 'must be a duration of 0 or more', 'INVALID_DURATION');
  }
  if (ms > msMax) throw invalid(path, `must be at most ${msMax / 1_000} s`, 'TOO_BIG');
  return ms;
}

function inNanoRange(nanos: number): boolean {
  return Number.isInteger(nanos) && nanos >= 0 && nanos < 1_000_000_000;
}
