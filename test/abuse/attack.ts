import type { SeededRandom } from '../e2e/seeded-random.ts';
import type { Target } from './target.ts';

/** How hard the attacks are; small in the tests, large on request. */
export interface Force {
  /** Streams opened and reset at once. */
  readonly resets: number;
  /** Frames of each flood. */
  readonly frames: number;
  /** Connections with mutated bytes, and of each other attack that makes several. */
  readonly connections: number;
  /** Connections that are opened and say nothing. */
  readonly silent: number;
  /** Calls of each attack on single calls. */
  readonly calls: number;
}

export interface AttackReport {
  /** What was sent, in the attack's own unit. */
  readonly sent: number;
  /** What the server made of it. */
  readonly outcome: string;
  readonly violations: readonly string[];
}

export interface Attack {
  readonly name: string;
  /** What the daemon may hold more than before while it lasts, bytes; default: what V8 may take and not give back. */
  readonly growthMaxBytes?: number;
  run(target: Target, force: Force, random: SeededRandom): Promise<AttackReport>;
}

/** How often each of these was seen, for a table. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} ${value}`).join(', ');
}
