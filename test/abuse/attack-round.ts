import { SeededRandom } from '../e2e/seeded-random.ts';
import type { Attack, Force } from './attack.ts';
import { callAttacks } from './call-attack.ts';
import { connectionAttacks } from './connection-attack.ts';
import { silentAttacks } from './silent-attack.ts';
import type { Target } from './target.ts';

export const attacks: readonly Attack[] = [...connectionAttacks, ...silentAttacks, ...callAttacks];

/** How the server took one attack, in the figures a table shows. */
export interface AttackVerdict {
  readonly attack: string;
  readonly sent: number;
  readonly seconds: number;
  readonly outcome: string;
  readonly witnessCalls: number;
  readonly witnessP99Ms: number;
  readonly witnessSlowestMs: number;
  readonly beforeMb: number;
  readonly mostMb: number;
  readonly afterMb: number;
  readonly violations: readonly string[];
}

/** One attack and everything that must hold after it, nothing started among it. */
export async function runAttack(
  attack: Attack,
  target: Target,
  force: Force,
  seed: number,
): Promise<AttackVerdict> {
  const start = performance.now();
  const { report, witness, violations, ...memory } = await target.under(
    () => attack.run(target, force, new SeededRandom(seed)),
    attack.growthMaxBytes,
  );
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const strangers = target.daemon.running ? await target.strangers() : new Set<string>();
  const started = strangers.size > 0 ? [`${strangers.size} workflows were started`] : [];
  const idle = report.sent > 0 ? [] : ['nothing was sent'];
  return {
    attack: attack.name,
    sent: report.sent,
    seconds,
    outcome: report.outcome,
    witnessCalls: witness.calls,
    witnessP99Ms: witness.p99Ms,
    witnessSlowestMs: witness.slowestMs,
    beforeMb: memory.residentBeforeMb,
    mostMb: memory.residentMostMb,
    afterMb: memory.residentAfterMb,
    violations: [...report.violations, ...violations, ...started, ...idle],
  };
}

/** The attacks whose name holds `name`, one after the other; stops at the death of the daemon. */
export async function* runAttacks(
  target: Target,
  force: Force,
  { seed, name = '' }: { readonly seed: number; readonly name?: string | undefined },
): AsyncGenerator<AttackVerdict> {
  for (const attack of attacks.filter((one) => one.name.includes(name))) {
    yield await runAttack(attack, target, force, seed);
    if (!target.daemon.running) return;
  }
}
