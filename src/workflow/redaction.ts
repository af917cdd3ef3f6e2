/** What stands where a secret stood. */
export const redacted = '[redacted]';

/** A secret shorter than this is not looked for: replacing it would mangle ordinary words. */
export const secretCharsMin = 8;

// Shapes of credentials. Bounded and without nested repetition, so that matching is linear.
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)(\s+|%20)[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\b(?:sk|xai|gsk|pplx|hf|rk|pk|key|ghp|gho|github_pat|whsec)[-_][A-Za-z0-9_-]{8,}/g, redacted],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, redacted],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}/g, redacted],
  // user:password@ in an address.
  [/(:\/\/)[^\s/@"'\\]{1,256}@/g, `$1${redacted}@`],
];

/**
 * The text with everything that looks like a credential replaced, and every one of the given secrets, whatever it
 * looks like. Secrets under `secretCharsMin` characters are left alone. Cut a text after this and not before: half a
 * secret is not recognised.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= secretCharsMin) clean = withoutValue(clean, secret);
  }
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
}

/** The text without this value, as it is and in the form it has inside a JSON text. */
export function withoutValue(text: string, secret: string): string {
  const clean = text.replaceAll(secret, redacted);
  const escaped = JSON.stringify(secret).slice(1, -1);
  return escaped === secret ? clean : clean.replaceAll(escaped, redacted);
}
