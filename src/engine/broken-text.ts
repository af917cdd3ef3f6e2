import type { Violation } from './application-error.ts';

/** What is left of a character that was cut or decoded wrongly, for example of half an emoji. */
const replacement = '\uFFFD';

/** Every text in a request's value that is not whole Unicode any more. What a caller writes must arrive as written. */
export function brokenTextsOf(value: unknown, path: readonly (string | number)[]): readonly Violation[] {
  if (typeof value === 'string') {
    if (value.isWellFormed() && !value.includes(replacement)) return [];
    const message =
      'holds a broken character (U+FFFD or half a surrogate pair, for example half an emoji); send whole Unicode';
    return [{ path, message, code: 'BROKEN_TEXT' }];
  }
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => brokenTextsOf(item, [...path, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => brokenTextsOf(item, [...path, name]));
}
