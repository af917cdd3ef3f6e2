import type { SeededRandom } from '../e2e/seeded-random.ts';

const longTextChars = 20_000;

/** Texts that have broken something somewhere. */
const texts: readonly [string, ...string[]] = [
  '',
  ' '.repeat(64),
  '\u0000',
  'a\r\nb: c',
  '\u202eright to left\u202c',
  '\ufeff',
  '\ud83d\ude00'.repeat(70),
  '\u0301'.repeat(5_000),
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "'; DROP TABLE event; --",
  '%s%n%x',
  '${process.exit(1)}',
  '{{constructor.constructor("return process")()}}',
  '<script>alert(1)</script>',
  'http://169.254.169.254/latest/meta-data',
  '-1',
  '1e309',
  'research_0a1b2c3d4e5f\n',
  'A'.repeat(longTextChars),
  '[['.repeat(2_000),
  '\u001b[2J\u001b]0;owned\u0007',
];

export function hostileText(random: SeededRandom): string {
  return random.pick(texts);
}

const numbers: readonly [number, ...number[]] = [
  -1,
  -0,
  0.5,
  127,
  128,
  1_001,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  315_576_000_001,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

export function hostileNumber(random: SeededRandom): number {
  return random.pick(numbers);
}
