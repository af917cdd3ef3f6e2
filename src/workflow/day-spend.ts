import type { EventData, Reservation, Usage } from './event.ts';
import type { Affordability, Caps } from './ledger.ts';
import type { WorkflowState } from './state.ts';

// What all workflows of a tenant spend on one day, in UTC. A call belongs to the day on which it was started, whenever
// it ends.

const dayMs = 86_400_000;

/** Spent and held together never exceed a cap of the day. Cost in integer nano-USD. */
export interface DaySpend {
  readonly spentNanoUsd: number;
  readonly heldNanoUsd: number;
  readonly spentTokens: number;
  readonly heldTokens: number;
}

/** What an append adds to the spend of one day; parts may be negative. */
export interface SpendChange extends DaySpend {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Whether a call was begun on it. Only then can a cap refuse the change: what has been spent is spent. */
  readonly reserves: boolean;
}

export const noSpend: DaySpend = { spentNanoUsd: 0, heldNanoUsd: 0, spentTokens: 0, heldTokens: 0 };

export function dayOf(time: number): number {
  return Math.floor(time / dayMs);
}

/** When a day begins, ms since the epoch. */
export function dayStart(day: number): number {
  return day * dayMs;
}

const tokensOf = (part: Reservation | Usage): number => part.inputTokens + part.outputTokens;

/** What an event adds, seen from the state before it; undefined: nothing. */
export function spendChange(
  before: WorkflowState | undefined,
  data: EventData,
  time: number,
): SpendChange | undefined {
  if (data.type === 'model_call_started') {
    const { reserved } = data;
    return {
      day: dayOf(time),
      reserves: true,
      spentNanoUsd: 0,
      heldNanoUsd: reserved.costNanoUsd ?? 0,
      spentTokens: 0,
      heldTokens: tokensOf(reserved),
    };
  }
  if (data.type !== 'model_call_ended') return undefined;
  const call = before?.agents.get(data.agentId)?.openCall;
  if (!call) return undefined;
  return {
    day: dayOf(call.startTime),
    reserves: false,
    spentNanoUsd: data.costNanoUsd ?? 0,
    heldNanoUsd: -(call.reserved.costNanoUsd ?? 0),
    spentTokens: tokensOf(data.usage),
    heldTokens: -tokensOf(call.reserved),
  };
}

export function plus(spend: DaySpend, change: DaySpend): DaySpend {
  return {
    spentNanoUsd: spend.spentNanoUsd + change.spentNanoUsd,
    heldNanoUsd: spend.heldNanoUsd + change.heldNanoUsd,
    spentTokens: spend.spentTokens + change.spentTokens,
    heldTokens: spend.heldTokens + change.heldTokens,
  };
}

/** Changes that are being added up, one for each day. */
export type SpendSum = { -readonly [K in keyof SpendChange]: SpendChange[K] }[];

/** Adds to the sum, in place: a batch may hold many calls, nearly always of one day. */
export function addChange(sum: SpendSum, change: SpendChange): void {
  for (const known of sum) {
    if (known.day !== change.day) continue;
    known.reserves ||= change.reserves;
    known.spentNanoUsd += change.spentNanoUsd;
    known.heldNanoUsd += change.heldNanoUsd;
    known.spentTokens += change.spentTokens;
    known.heldTokens += change.heldTokens;
    return;
  }
  sum.push({ ...change });
}

/** Whether spent and held are within the caps. */
export function within(
  { spentNanoUsd, heldNanoUsd, spentTokens, heldTokens }: DaySpend,
  caps: Caps,
): boolean {
  const { maxCostNanoUsd, maxTokens } = caps;
  return (
    (maxCostNanoUsd === undefined || spentNanoUsd + heldNanoUsd <= maxCostNanoUsd) &&
    (maxTokens === undefined || spentTokens + heldTokens <= maxTokens)
  );
}

/** As `affordability` of a workflow's own ledger: whether a day allows one more reservation now, later, or not at all. */
export function dayAffordability(spend: DaySpend, caps: Caps, reserved: Reservation): Affordability {
  const asked = { ...noSpend, heldNanoUsd: reserved.costNanoUsd ?? 0, heldTokens: tokensOf(reserved) };
  if (within(plus(spend, asked), caps)) return 'fits';
  if (spend.heldTokens > 0 || spend.heldNanoUsd > 0) return 'waits';
  const { maxCostNanoUsd, maxTokens } = caps;
  if (maxCostNanoUsd !== undefined && spend.spentNanoUsd + asked.heldNanoUsd > maxCostNanoUsd)
    return { cap: 'day_cost', used: spend.spentNanoUsd, limit: maxCostNanoUsd };
  return { cap: 'day_tokens', used: spend.spentTokens, limit: maxTokens ?? 0 };
}
