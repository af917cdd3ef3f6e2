import { addTally, type Tally } from './coverage.ts';
import { Life } from './life.ts';

/** A seed that broke a rule. */
export interface FailedSeed {
  readonly seed: number;
  readonly violation: string;
}

/** What many lives came to. Plain data, so that processes can hand it to each other. */
export interface CampaignReport {
  readonly seeds: number;
  readonly failed: readonly FailedSeed[];
  readonly happenings: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly requests: number;
  readonly wastedCalls: number;
  readonly wastedCallsMax: number;
  readonly wastedCallsMaxSeed: number;
  readonly callsGivenUp: number;
  readonly seconds: number;
  readonly faults: Tally;
  readonly eventTypes: Tally;
  readonly transitions: Tally;
}

export interface CampaignPlan {
  readonly from: number;
  readonly count: number;
  /** 1: every seed; 2: every other one. */
  readonly step: number;
  readonly stopAtFirst: boolean;
}

/** What a process of a campaign says after each life. */
export const lifeOver = 'a life is over';

/** Lives one seed after the other; tells of the end of each life. */
export async function runCampaign(
  { from, count, step, stopAtFirst }: CampaignPlan,
  onLife: () => void = () => undefined,
): Promise<CampaignReport> {
  const begin = performance.now();
  let sum = emptyReport();
  for (let number = 0; number < count; number++) {
    const life = await new Life(from + number * step).run();
    const { coverage, violation } = life;
    sum = joined(sum, {
      ...life,
      seeds: 1,
      failed: violation ? [{ seed: life.seed, violation: violation.message }] : [],
      wastedCallsMax: life.wastedCalls,
      wastedCallsMaxSeed: life.seed,
      seconds: 0,
      faults: coverage.faults,
      eventTypes: coverage.events,
      transitions: coverage.transitions,
    });
    onLife();
    if (violation && stopAtFirst) break;
  }
  return { ...sum, seconds: (performance.now() - begin) / 1_000 };
}

export function emptyReport(): CampaignReport {
  return {
    seeds: 0,
    failed: [],
    happenings: 0,
    virtualMs: 0,
    events: 0,
    requests: 0,
    wastedCalls: 0,
    wastedCallsMax: 0,
    wastedCallsMaxSeed: 0,
    callsGivenUp: 0,
    seconds: 0,
    faults: {},
    eventTypes: {},
    transitions: {},
  };
}

/** Both together; the time is the longer one, for they ran beside each other. Adds to the tallies of `a`. */
export function joined(a: CampaignReport, b: CampaignReport): CampaignReport {
  addTally(a.faults, b.faults);
  addTally(a.eventTypes, b.eventTypes);
  addTally(a.transitions, b.transitions);
  const worst = b.wastedCallsMax > a.wastedCallsMax ? b : a;
  return {
    seeds: a.seeds + b.seeds,
    failed: [...a.failed, ...b.failed].toSorted((one, other) => one.seed - other.seed),
    happenings: a.happenings + b.happenings,
    virtualMs: a.virtualMs + b.virtualMs,
    events: a.events + b.events,
    requests: a.requests + b.requests,
    wastedCalls: a.wastedCalls + b.wastedCalls,
    wastedCallsMax: worst.wastedCallsMax,
    wastedCallsMaxSeed: worst.wastedCallsMaxSeed,
    callsGivenUp: a.callsGivenUp + b.callsGivenUp,
    seconds: Math.max(a.seconds, b.seconds),
    faults: a.faults,
    eventTypes: a.eventTypes,
    transitions: a.transitions,
  };
}
