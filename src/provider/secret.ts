import { inspect } from 'node:util';

const redacted = '[redacted]';

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

// Bounded and without nested repetition, so that matching is linear.
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)(\s+|%20)[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\b(?:sk|xai|gsk|pplx|hf)[-_][A-Za-z0-9_-]{8,}/g, redacted],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, redacted],
  [/(:\/\/)[^\s/@"'\\]{1,256}@/g, `$1${redacted}@`],
];

/** The text without the secret, as it is or escaped in JSON, and without anything that looks like a credential. */
export function withoutSecrets(text: string, secret: Secret | undefined): string {
  let clean = text;
  const value = secret?.reveal() ?? '';
  if (value !== '') {
    clean = clean.replaceAll(value, redacted);
    clean = clean.replaceAll(JSON.stringify(value).slice(1, -1), redacted);
  }
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
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
