import type { EventOf, Reservation, Usage } from './event.ts';

/** Money and tokens of one workflow. Spent and held together never exceed a cap. */
export interface Ledger {
  readonly spentNanoUsd: number;
  readonly heldNanoUsd: number;
  readonly spentInputTokens: number;
  readonly spentOutputTokens: number;
  readonly heldTokens: number;
  /** Part of the spent cost that is a reservation charged in full. */
  readonly assumedNanoUsd: number;
  /** Finished calls whose cost nobody knows. */
  readonly unpricedCalls: number;
}

export interface Caps {
  readonly maxCostNanoUsd?: number | undefined;
  readonly maxTokens?: number | undefined;
}

export const emptyLedger: Ledger = {
  spentNanoUsd: 0,
  heldNanoUsd: 0,
  spentInputTokens: 0,
  spentOutputTokens: 0,
  heldTokens: 0,
  assumedNanoUsd: 0,
  unpricedCalls: 0,
};

export function spentTokens(ledger: Ledger): number {
  return ledger.spentInputTokens + ledger.spentOutputTokens;
}

const tokensOf = (part: Reservation | Usage): number => part.inputTokens + part.outputTokens;

/** Holds what a call may cost at most. */
export function reserve(ledger: Ledger, reserved: Reservation): Ledger {
  return {
    ...ledger,
    heldNanoUsd: ledger.heldNanoUsd + (reserved.costNanoUsd ?? 0),
    heldTokens: ledger.heldTokens + tokensOf(reserved),
  };
}

/** Releases the hold and books what the call was charged. */
export function settle(ledger: Ledger, reserved: Reservation, ended: EventOf<'model_call_ended'>): Ledger {
  const cost = ended.costNanoUsd ?? 0;
  return {
    spentNanoUsd: ledger.spentNanoUsd + cost,
    heldNanoUsd: ledger.heldNanoUsd - (reserved.costNanoUsd ?? 0),
    spentInputTokens: ledger.spentInputTokens + ended.usage.inputTokens,
    spentOutputTokens: ledger.spentOutputTokens + ended.usage.outputTokens,
    heldTokens: ledger.heldTokens - tokensOf(reserved),
    assumedNanoUsd: ledger.assumedNanoUsd + (ended.assumed ? cost : 0),
    unpricedCalls: ledger.unpricedCalls + (ended.costNanoUsd === undefined ? 1 : 0),
  };
}

/** A cap of one workflow, or of a day. */
export type CapName = EventOf<'limit_reached'>['cap'];

export type Affordability =
  | 'fits'
  | 'waits'
  | { readonly cap: CapName; readonly used: number; readonly limit: number };

/**
 * Whether a reservation may be taken now. `waits`: not now, but calls under way may settle for less than they hold.
 * A cap as the answer: nothing is held any more and it still does not fit.
 */
export function affordability(ledger: Ledger, caps: Caps, reserved: Reservation): Affordability {
  const spent = spentTokens(ledger);
  const overCost =
    caps.maxCostNanoUsd !== undefined &&
    ledger.spentNanoUsd + ledger.heldNanoUsd + (reserved.costNanoUsd ?? 0) > caps.maxCostNanoUsd;
  const overTokens =
    caps.maxTokens !== undefined && spent + ledger.heldTokens + tokensOf(reserved) > caps.maxTokens;
  if (!overCost && !overTokens) return 'fits';
  if (ledger.heldTokens > 0 || ledger.heldNanoUsd > 0) return 'waits';
  if (overCost) return { cap: 'cost', used: ledger.spentNanoUsd, limit: caps.maxCostNanoUsd ?? 0 };
  return { cap: 'tokens', used: spent, limit: caps.maxTokens ?? 0 };
}

/** Exact nano-USD as the dollars people read. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

/** Dollars as integer nano-USD, rounded up so that a cap is never exceeded by rounding. */
export function nanoUsdOf(usd: number): number {
  return Math.ceil(usd * 1e9 - 1e-6);
}
