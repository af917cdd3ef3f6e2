import type { Duration__Input, Duration__Output } from '../gen/google/protobuf/Duration.ts';
import type { Timestamp__Output } from '../gen/google/protobuf/Timestamp.ts';

/** Milliseconds of a Duration or, since the Unix epoch, of a Timestamp; undefined when the message is absent. */
export function millisecondsOf(
  message: Duration__Output | Timestamp__Output | null | undefined,
): number | undefined {
  return message ? Number(message.seconds) * 1_000 + message.nanos / 1_000_000 : undefined;
}

/** A Duration of milliseconds that are finite and not negative. */
export function durationMessage(ms: number): Duration__Input {
  const seconds = Math.floor(ms / 1_000);
  const nanos = Math.round((ms - seconds * 1_000) * 1_000_000);
  // A Duration's nanos stay below a second.
  return nanos < 1_000_000_000 ? { seconds, nanos } : { seconds: seconds + 1, nanos: 0 };
}
