import { inspect } from 'node:util';
import { redact, redacted, withoutValue } from '../workflow/redaction.ts';

/** A credential that prints as `[redacted]` wherever it ends up: templates, JSON, `console.log`, a logger. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The credential itself. Call it only where it is put on the wire or looked for to be redacted. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

/** The text without the secret, as it is or escaped in JSON, and without anything that looks like a credential. */
export function withoutSecrets(text: string, secret: Secret | undefined): string {
  const value = secret?.reveal() ?? '';
  return redact(value === '' ? text : withoutValue(text, value));
}

/** A cause that led to another cause this often tells nothing new. */
const causesMax = 5;
const causeCharsMax = 2_000;

/**
 * A copy of a foreign error that is safe to keep as a `cause`: name, code, bounded message and stack and the causes
 * behind it, all without secrets. Whatever else hangs on the original (headers, bodies, sockets) is left behind.
 */
export function safeCause(error: unknown, secret: Secret | undefined, depth = 0): unknown {
  const clean = (text: string): string => withoutSecrets(text, secret).slice(0, causeCharsMax);
  if (!(error instanceof Error)) return clean(String(error));
  const inner = error.cause;
  const copy = new Error(
    clean(error.message),
    inner === undefined || depth >= causesMax ? undefined : { cause: safeCause(inner, secret, depth + 1) },
  );
  copy.name = error.name === 'Error' ? error.constructor.name : error.name;
  copy.stack = clean(error.stack ?? `${copy.name}: ${copy.message}`);
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number'
    ? Object.assign(copy, { code: clean(String(code)) })
    : copy;
}
