import type { RetentionOptions } from '../../src/engine/retention.ts';
import type { Caps } from '../../src/workflow/ledger.ts';
import type { Dice } from './dice.ts';
import type { LeaseRule } from './lease-book.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const dayMs = 86_400 * secondMs;

/** The first is the one that runs ask for. */
export const providerNames = ['simulated', 'spare'] as const;

/** What kind of life a seed leads. Each misfortune is absent from many lives, so that the others are met undisturbed. */
export interface Profile {
  readonly nodes: number;
  readonly leases: LeaseRule;
  readonly slots: number;
  readonly pendingMax: number;
  readonly retention: RetentionOptions;
  readonly workflows: number;
  /** How long misfortunes last. */
  readonly troubleMs: number;
  /** Probabilities of a store command. */
  readonly store: {
    readonly unavailable: number;
    readonly lostAnswer: number;
    readonly slow: number;
    readonly twice: number;
    readonly crashAfterAppend: number;
  };
  /** Probabilities of a provider request. */
  readonly provider: {
    readonly fails: number;
    readonly hangs: number;
    readonly ignoresAbort: number;
    readonly odd: number;
    readonly crashAsItLeaves: number;
    readonly latencyMsMax: number;
    readonly priceKnown: boolean;
    readonly priceGetsLost: boolean;
  };
  /** What the operator says about calling providers. */
  readonly gate: {
    readonly requestsPerMinute: number | undefined;
    readonly concurrentCalls: number | undefined;
    readonly tokensPerMinute: number | undefined;
    /** Whether another provider stands in for the first. */
    readonly fallback: boolean;
    readonly sparePriced: boolean;
    readonly breakerWaitMs: number;
  };
  /** Times during which the first provider answers nobody. */
  readonly outages: number;
  readonly rendererFails: number;
  /** Misfortunes of nodes in the whole life. */
  readonly crashes: number;
  readonly pauses: number;
  readonly cuts: number;
  readonly clockSteps: number;
  readonly drains: number;
  readonly sleeps: number;
  readonly wallOffsetMsMax: number;
  /** What all workflows together may use on a day. */
  readonly dayCaps: Caps;
  /** What clients ask beside starting and watching. */
  readonly requests: number;
  readonly watchers: number;
}

export function profileOf(dice: Dice): Profile {
  const sometimes = (probability: number, value: () => number): number =>
    dice.chance(probability) ? value() : 0;
  const rate = (max: number): number => dice.next() * max;
  const nodes = dice.pick([1, 1, 2, 2, 3]);
  const priceKnown = dice.chance(0.8);
  return {
    nodes,
    leases: nodes === 1 && dice.chance(0.5) ? 'always' : 'while alive',
    slots: dice.pick([1, 2, 2, 3, 8]),
    pendingMax: dice.pick([1, 3, 100]),
    retention: {
      retainTerminal: dice.pick([0, 1, 1, 2, 100]),
      retainAtLeastMs: dice.pick([0, 0, 20 * secondMs, minuteMs]),
      retainForMs: dice.pick([minuteMs, 5 * minuteMs, 7 * dayMs]),
    },
    workflows: dice.whole(2, 5),
    troubleMs: dice.whole(20, 90) * secondMs,
    store: {
      unavailable: sometimes(0.4, () => rate(0.15)),
      lostAnswer: sometimes(0.4, () => rate(0.15)),
      slow: sometimes(0.4, () => rate(0.2)),
      twice: sometimes(0.3, () => rate(0.2)),
      crashAfterAppend: sometimes(0.4, () => rate(0.08)),
    },
    provider: {
      fails: sometimes(0.6, () => rate(0.35)),
      hangs: sometimes(0.4, () => rate(0.2)),
      ignoresAbort: sometimes(0.4, () => rate(0.5)),
      odd: sometimes(0.6, () => rate(0.5)),
      crashAsItLeaves: sometimes(0.3, () => rate(0.05)),
      latencyMsMax: dice.pick([200, 3_000, 12_000]),
      priceKnown,
      priceGetsLost: dice.chance(0.05),
    },
    rendererFails: sometimes(0.2, () => rate(0.6)),
    crashes: sometimes(0.5, () => dice.whole(1, 3)),
    pauses: sometimes(nodes > 1 ? 0.6 : 0.3, () => dice.whole(1, 4)),
    cuts: sometimes(nodes > 1 ? 0.5 : 0.2, () => dice.whole(1, 3)),
    clockSteps: sometimes(0.25, () => dice.whole(1, 3)),
    drains: sometimes(0.3, () => dice.whole(1, 2)),
    sleeps: sometimes(0.15, () => 1),
    wallOffsetMsMax: dice.pick([0, 0, 3_000]),
    requests: sometimes(0.8, () => dice.whole(1, 10)),
    watchers: dice.whole(0, 3),
    gate: {
      requestsPerMinute: dice.chance(0.35) ? dice.pick([20, 60, 240]) : undefined,
      concurrentCalls: dice.chance(0.2) ? dice.whole(1, 4) : undefined,
      tokensPerMinute: dice.chance(0.15) ? dice.pick([20_000, 100_000]) : undefined,
      fallback: dice.chance(0.35),
      sparePriced: dice.chance(0.7),
      breakerWaitMs: dice.pick([500, 2_000, 10_000]),
    },
    dayCaps: {
      maxTokens: dice.chance(0.2) ? dice.pick([20_000, 60_000, 300_000]) : undefined,
      maxCostNanoUsd:
        priceKnown && dice.chance(0.15) ? dice.pick([200_000, 1_000_000, 5_000_000]) : undefined,
    },
    outages: sometimes(0.35, () => dice.whole(1, 3)),
  };
}
