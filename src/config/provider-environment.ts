import { inspect } from 'node:util';
import { redacted } from '../workflow/redaction.ts';

const suffixes = ['_API_KEY', '_TOKEN', '_BASE_URL', '_HOST'];

/** The environment variables the providers may read. Prints only names, also through JSON and `util.inspect`. */
export type ProviderEnvironment = Readonly<Record<string, string | undefined>>;

/** Whether a variable or setting of this name holds a secret by its name. */
export function isSecretName(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASSWORD/i.test(name);
}

function shown(environment: ProviderEnvironment): Record<string, string> {
  return Object.fromEntries(Object.keys(environment).map((name) => [name, redacted]));
}

// On the prototype, so that the record's own names are variables and nothing else.
const redactingPrototype: object = Object.create(null, {
  toJSON: {
    value(this: ProviderEnvironment) {
      return shown(this);
    },
  },
  toString: { value: () => redacted },
  [inspect.custom]: {
    value(this: ProviderEnvironment) {
      return shown(this);
    },
  },
});

/**
 * The variables that end in _API_KEY, _TOKEN, _BASE_URL or _HOST, and those named in `keyVariables`. Empty values
 * count as unset; the server's own ORCHESTRATOR_ variables are left out.
 */
export function providerEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  keyVariables: readonly string[],
): ProviderEnvironment {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || name.startsWith('ORCHESTRATOR_')) continue;
    if (keyVariables.includes(name) || suffixes.some((suffix) => name.endsWith(suffix))) picked[name] = value;
  }
  return Object.freeze(redactingRecord(picked));
}

/** A record that prints only its names, also through JSON and `util.inspect`. */
export function redactingRecord(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.setPrototypeOf({ ...values }, redactingPrototype);
}

/** The values in it that the logger must never write: all but addresses. */
export function secretsOf(environment: ProviderEnvironment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || /_(?:BASE_URL|HOST)$/.test(name) ? [] : [value],
  );
}
