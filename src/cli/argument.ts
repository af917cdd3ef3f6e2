import { InvalidArgumentError } from '@commander-js/extra-typings';
import { parseDuration } from '../config/duration.ts';

// Readers of option values. They say what is no number or no duration; what is out of range is the server's to say.

export function wholeNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function decimal(text: string): number {
  if (!/^\d{1,12}(?:\.\d{1,12})?$/.test(text))
    throw new InvalidArgumentError('It must be a number such as 2.50.');
  return Number(text);
}

/** Milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new InvalidArgumentError('It must be a duration with its unit, such as 90s, 10m or 2h.');
  return ms;
}

/** Values of an option that may be repeated. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** The same for an option that also takes several values with commas between. */
export function collectList(text: string, before: readonly string[] | undefined): string[] {
  const values = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return [...(before ?? []), ...values];
}

/** `key=value` pairs of an option that may be repeated; the last one of a key counts. */
export function collectLabel(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It must be key=value.');
  // fromEntries makes own properties, also of a key named __proto__.
  return Object.fromEntries([...Object.entries(before ?? {}), [key, value]]);
}
