import type { CallGate, CallPermit, CallWish, GateInfo, Route } from '../../src/provider/call-gate.ts';
import type { Asker } from '../../src/provider/waiting-line.ts';
import { ProviderGate } from '../../src/provider/provider-gate.ts';
import type { ProviderCatalog } from '../../src/provider/model-provider.ts';
import type { Reservation } from '../../src/workflow/event.ts';
import { providerNames } from './profile.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { must } from './violation.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
const floorMs = 1_000;
/** A line moves at least this often beyond what the rate says: a permit may be offered to one that does not come. */
const lineMsMax = 15_000;
/** A call that used a minute's tokens, or more, makes the next one wait for as long. */
const tokensMsMax = 2 * minuteMs;
/** What was kept waiting this recently may be about to be recorded. */
const justNowMs = 30_000;

interface Grant {
  readonly provider: string;
  readonly model: string;
  readonly time: number;
  state: 'open' | 'settled' | 'unused';
}

/**
 * The product's gate of one node, and what must hold for it: never more permits in a minute than a provider allows,
 * none through a breaker that is open, none while the provider wants to be left alone, and none that is lost.
 */
export class WatchedGate implements CallGate {
  readonly #world: World;
  readonly #node: SimulatedNode;
  readonly #inner: ProviderGate;
  readonly #grants: Grant[] = [];
  readonly #quietUntil = new Map<string, number>();
  readonly #waitTimes = new Map<string, number>();
  /** Since when somebody waits for a provider's rate and nobody is served. */
  readonly #stillSince = new Map<string, number>();
  #requests = 0;

  constructor(world: World, node: SimulatedNode, catalog: ProviderCatalog) {
    this.#world = world;
    this.#node = node;
    const { requestsPerMinute, concurrentCalls, tokensPerMinute, fallback, breakerWaitMs } =
      world.profile.gate;
    const rateLimits = { requestsPerMinute, concurrentCalls, tokensPerMinute };
    const spare = { provider: 'spare', models: { 'model-p': 'spare-planner' } };
    this.#inner = new ProviderGate({
      catalog,
      clock: node.clock,
      breakerWaitMs,
      rules: { simulated: { fallback: fallback ? [spare] : [], rateLimits } },
    });
  }

  route(asker: Asker, wish: CallWish): Route {
    const route = this.#inner.route(asker, wish);
    if (route.type === 'wait') this.#waits(asker);
    return route;
  }

  permit(
    asker: Asker,
    provider: string,
    model: string,
    reserved: Reservation,
  ): ReturnType<CallGate['permit']> {
    const before = this.info(provider).breakers.find((breaker) => breaker.model === model);
    const now = this.#world.timeline.now;
    const answer = this.#inner.permit(asker, provider, model, reserved);
    if (answer.type === 'wait') {
      this.#waits(asker);
      return answer;
    }
    this.#world.guard(() => {
      must(before?.state !== 'half_open', () => `breaker: ${provider}/${model} gets a second probe`);
      must(
        before?.state !== 'open' || (before.retryTime ?? 0) <= this.#node.clock.now(),
        () => `breaker: a call goes to ${provider}/${model} while it is open`,
      );
      const quietUntil = this.#quietUntil.get(provider) ?? 0;
      must(
        now >= quietUntil,
        () => `pacer: ${provider} is called ${quietUntil - now} ms before the time it named`,
      );
    });
    if (before?.state === 'open') this.#world.coverage.fault('gate: a probe');
    if (provider === 'spare') this.#world.coverage.fault('gate: another provider is called');
    this.#stillSince.delete(provider);
    const grant: Grant = { provider, model, time: now, state: 'open' };
    this.#grants.push(grant);
    this.#world.guard(() => this.#checkRates(provider));
    return { type: 'permit', permit: this.#watched(grant, answer.permit) };
  }

  looked(id: string): void {
    this.#inner.looked(id);
    const reason = this.reason(id) ?? '';
    if (reason.startsWith('breaker')) this.#world.coverage.fault('gate: waits for a breaker');
    if (reason.startsWith('rate limit')) this.#world.coverage.fault('gate: waits for a rate limit');
  }

  gone(id: string): void {
    this.#inner.gone(id);
  }

  reason(id: string): string | undefined {
    return this.#inner.reason(id);
  }

  info(provider: string): GateInfo {
    return this.#inner.info(provider);
  }

  /** A request leaves; it needs a permit of its own. */
  requested(): void {
    this.#requests++;
    const granted = this.#grants.filter(({ state }) => state !== 'unused').length;
    must(this.#requests <= granted, () => `gate: ${this.#requests} requests left with ${granted} permits`);
  }

  /** Whether the workflow waits, or waited until just now. */
  keepsWaiting(id: string): boolean {
    const time = this.#waitTimes.get(id) ?? Number.NEGATIVE_INFINITY;
    return this.reason(id) !== undefined || time > this.#world.timeline.now - justNowMs;
  }

  /** To be looked at again and again while the node is healthy. */
  check(toleranceMs: number): void {
    for (const provider of providerNames) {
      const info = this.info(provider);
      for (const { model, state } of info.breakers) {
        const probing = this.#grants.some(
          (grant) => grant.state === 'open' && grant.provider === provider && grant.model === model,
        );
        must(state !== 'half_open' || probing, () => `breaker: ${provider}/${model} waits for no probe`);
      }
      this.#checkLine(provider, info, toleranceMs);
    }
    this.#checkProbes(toleranceMs);
  }

  /** When nothing is under way any more. */
  checkIdle(): void {
    const open = this.#grants.filter(({ state }) => state === 'open').length;
    must(open === 0, () => `leak: ${this.#node.name} has ${open} permits that nobody gave back`);
    for (const provider of providerNames) {
      const { waitingWorkflows } = this.info(provider);
      must(waitingWorkflows === 0, () => `leak: ${waitingWorkflows} workflows stand in line at ${provider}`);
    }
  }

  #waits(asker: Asker): void {
    this.#waitTimes.set(asker.id, this.#world.timeline.now);
  }

  #checkRates(provider: string): void {
    if (provider !== 'simulated') return;
    const { requestsPerMinute, concurrentCalls } = this.#world.profile.gate;
    const grants = this.#grants.filter((grant) => grant.provider === provider && grant.state !== 'unused');
    const from = this.#world.timeline.now - minuteMs;
    const recent = grants.filter(({ time }) => time > from).length;
    must(
      requestsPerMinute === undefined || recent <= requestsPerMinute,
      () => `pacer: ${recent} calls in a minute, ${requestsPerMinute} are allowed`,
    );
    const open = grants.filter(({ state }) => state === 'open').length;
    must(
      concurrentCalls === undefined || open <= concurrentCalls,
      () => `pacer: ${open} calls under way, ${concurrentCalls} are allowed`,
    );
  }

  /** Somebody is served as often as the rate says. */
  #checkLine(provider: string, info: GateInfo, toleranceMs: number): void {
    const { now } = this.#world.timeline;
    const { requestsPerMinute, concurrentCalls, tokensPerMinute } = this.#world.profile.gate;
    const open = this.#grants.filter((grant) => grant.provider === provider && grant.state === 'open').length;
    const held = info.pausedUntilTime !== undefined || (concurrentCalls ?? Infinity) <= open;
    if (info.waitingWorkflows === 0 || held || this.#node.troubleTime > now - toleranceMs) {
      this.#stillSince.delete(provider);
      return;
    }
    const since = this.#stillSince.get(provider) ?? now;
    this.#stillSince.set(provider, since);
    const tokensMs = tokensPerMinute === undefined ? 0 : tokensMsMax;
    const spacingMs = tokensMs + (2 * minuteMs) / (requestsPerMinute ?? minuteMs);
    must(
      now - since <= spacingMs + lineMsMax + toleranceMs,
      () => `pacer: nobody in line at ${provider} was served for ${now - since} ms`,
    );
  }

  /** Whoever waits for a breaker probes it when its time has come. */
  #checkProbes(toleranceMs: number): void {
    const now = this.#node.clock.now();
    for (const provider of providerNames) {
      for (const { model, state, retryTime } of this.info(provider).breakers) {
        const due = state === 'open' && retryTime !== undefined && retryTime <= now;
        const name = `breaker of ${provider}/${model}`;
        const waiting = [...this.#waitTimes.keys()].some((id) => this.reason(id)?.startsWith(name));
        const key = `${name} due`;
        if (!due || !waiting || this.#node.troubleTime > this.#world.timeline.now - toleranceMs) {
          this.#stillSince.delete(key);
          continue;
        }
        const since = this.#stillSince.get(key) ?? this.#world.timeline.now;
        this.#stillSince.set(key, since);
        must(
          this.#world.timeline.now - since <= toleranceMs + lineMsMax,
          () => `breaker: nobody probes ${provider}/${model} although its time has come`,
        );
      }
    }
  }

  #watched(grant: Grant, permit: CallPermit): CallPermit {
    return {
      giveBack: () => {
        if (grant.state === 'open') {
          grant.state = 'unused';
          this.#world.coverage.fault('gate: a permit goes back');
        }
        permit.giveBack();
      },
      settle: (outcome) => {
        const { failure } = outcome;
        const first = grant.state === 'open';
        if (first) grant.state = 'settled';
        if (first && failure?.code === 'rate_limited' && failure.retryAfterMs !== undefined) {
          const quietMs = Math.max(floorMs, failure.retryAfterMs);
          const until = this.#world.timeline.now + quietMs;
          this.#quietUntil.set(grant.provider, Math.max(until, this.#quietUntil.get(grant.provider) ?? 0));
        }
        permit.settle(outcome);
      },
    };
  }
}
