import type { Clock } from '../clock/clock.ts';
import type { Reservation } from '../workflow/event.ts';
import type { Failure, FailureCode } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { silentLogger, type Logger } from '../workflow/logger.ts';
import type { FallbackChoice } from '../workflow/provider-override.ts';
import type { BreakerPass, CallHealth } from './breaker.ts';
import { BreakerBoard, type WatchedBreaker } from './breaker-board.ts';
import type { CallGate, CallOutcome, CallPermit, CallWish, GateInfo, NotNow, Route } from './call-gate.ts';
import type { ProviderCatalog } from './model-provider.ts';
import { Pacer, type PacerPermit, type RateLimits } from './pacer.ts';
import type { ProviderConfig } from './provider-config.ts';
import type { Asker } from './waiting-line.ts';

/** What the operator says about calling one provider. */
export interface GateRules {
  readonly fallback: readonly FallbackChoice[];
  readonly rateLimits: RateLimits;
  /** Another provider of the same key: the two are paced as one, by that one's limits. Absent: it has its own. */
  readonly pacedAs?: string | undefined;
}

export interface ProviderGateDeps {
  readonly catalog: ProviderCatalog;
  readonly clock: Clock;
  /** By provider. One that is missing has neither fallbacks nor limits. */
  readonly rules?: Readonly<Record<string, GateRules>> | undefined;
  /** How long a breaker stays open before its first probe; default `limits.breakerWaitMs`. */
  readonly breakerWaitMs?: number | undefined;
  /** Hears of breakers and pauses; default: nobody does. */
  readonly logger?: Logger | undefined;
}

interface Place {
  leave(id: string): void;
  describe(id: string): string | undefined;
}

/** Where somebody waits: since its last look, and in the look it is taking now. */
interface Wait {
  before: ReadonlySet<Place>;
  now: Set<Place>;
}

const noRules: GateRules = { fallback: [], rateLimits: {} };
const oneToken = { inputTokens: 1, outputTokens: 1 };

/** Failures of the provider itself. A request it refuses, and a rate limit, say nothing about its health. */
const illnesses: ReadonlySet<FailureCode> = new Set(['overloaded', 'connection', 'timeout', 'malformed']);
/** It answered, if not what was hoped for. */
const answers: ReadonlySet<FailureCode> = new Set(['truncated', 'refused', 'invalid_answer']);

/** The gate of one process over the providers of its catalog. */
export class ProviderGate implements CallGate {
  readonly #catalog: ProviderCatalog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rules: Readonly<Record<string, GateRules>>;
  readonly #board: BreakerBoard;
  readonly #pacers = new Map<string, Pacer>();
  readonly #waits = new Map<string, Wait>();

  constructor(deps: ProviderGateDeps) {
    const { catalog, clock, rules = {}, breakerWaitMs = limits.breakerWaitMs, logger = silentLogger } = deps;
    this.#catalog = catalog;
    this.#clock = clock;
    this.#logger = logger;
    this.#rules = rules;
    this.#board = new BreakerBoard({ clock, logger, waitMs: breakerWaitMs });
  }

  route(asker: Asker, wish: CallWish): Route {
    let refusal: Failure | undefined;
    let unpriced: { readonly provider: string; readonly model: string } | undefined;
    let broken: WatchedBreaker[] | undefined;
    for (const step of this.#chain(wish)) {
      const { provider, model } = step;
      const reason = this.#catalog.refusal(provider);
      if (reason) {
        refusal ??= reason;
      } else if (wish.priced && this.#catalog.price(provider, model, oneToken) === undefined) {
        unpriced ??= { provider, model };
      } else {
        const watched = this.#board.of(provider, model);
        if (watched.breaker.passable) return this.#paced(asker, provider, model);
        broken ??= [];
        broken.push(watched);
      }
    }
    if (broken) return this.#broken(asker, broken);
    if (unpriced) return { type: 'unpriced', ...unpriced };
    if (refusal) return { type: 'refused', failure: refusal };
    throw new Error(`the chain of provider ${wish.provider} is empty`);
  }

  permit(
    asker: Asker,
    provider: string,
    model: string,
    reserved: Reservation,
  ): ReturnType<CallGate['permit']> {
    const watched = this.#board.of(provider, model);
    if (!watched.breaker.passable) return this.#broken(asker, [watched]);
    const pacer = this.#pacer(provider);
    const leave = pacer.take(asker, reserved.inputTokens + reserved.outputTokens);
    if (!leave) return this.#queued(asker, pacer);
    return { type: 'permit', permit: new GatePermit(leave, watched.breaker.enter()) };
  }

  looked(id: string): void {
    const wait = this.#waits.get(id);
    if (!wait) return;
    for (const place of wait.before) if (!wait.now.has(place)) place.leave(id);
    if (wait.now.size === 0) this.#waits.delete(id);
    else this.#waits.set(id, { before: wait.now, now: new Set() });
  }

  gone(id: string): void {
    const wait = this.#waits.get(id);
    this.#waits.delete(id);
    for (const place of [...(wait?.before ?? []), ...(wait?.now ?? [])]) place.leave(id);
  }

  reason(id: string): string | undefined {
    for (const place of this.#waits.get(id)?.before ?? []) {
      const reason = place.describe(id);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  info(provider: string): GateInfo {
    const { fallback, rateLimits } = this.#rulesOf(provider);
    const pacer = this.#pacers.get(this.#rulesOf(provider).pacedAs ?? provider);
    return {
      fallback: fallback.map((step) => step.provider),
      breakers: this.#board.ofProvider(provider).map(({ model, breaker }) => ({
        model,
        state: breaker.state,
        sinceTime: breaker.sinceTime,
        retryTime: breaker.retryTime,
        failuresInARow: breaker.failuresInARow,
      })),
      rateLimits,
      waitingWorkflows: pacer?.waiting ?? 0,
      pausedUntilTime: pacer?.pausedUntilTime,
      throttledCalls: pacer?.throttledCalls ?? 0,
    };
  }

  /** The wish itself, then what stands in for it, each with a model of its own. */
  #chain(wish: CallWish): readonly { readonly provider: string; readonly model: string }[] {
    const { provider, model, kind } = wish;
    const { fallback } = this.#rulesOf(provider);
    if (fallback.length === 0) return [wish];
    const usable = fallback.filter((step) => !this.#catalog.refusal(step.provider));
    const standIns = usable.map((step) => {
      const mapped = Object.hasOwn(step.models, model) ? step.models[model] : undefined;
      return {
        provider: step.provider,
        model: mapped ?? this.#catalog.defaultModels(step.provider)[kind],
      };
    });
    return [wish, ...standIns];
  }

  /** A workflow for which there is no permit now is not asked to prepare its call. */
  #paced(asker: Asker, provider: string, model: string): Route {
    const pacer = this.#pacer(provider);
    if (pacer.worthAsking(asker)) return { type: 'call', provider, model };
    return this.#queued(asker, pacer);
  }

  #queued(asker: Asker, pacer: Pacer): NotNow {
    this.#waitsAt(asker, pacer);
    // One that found the line full is in nobody's mind, so it comes again by itself.
    const stands = pacer.stands(asker.id);
    return { type: 'wait', until: stands ? undefined : this.#clock.now() + limits.permitOfferMs };
  }

  #broken(asker: Asker, closed: readonly WatchedBreaker[]): NotNow {
    let until: number | undefined;
    for (const watched of closed) {
      watched.join(asker);
      this.#waitsAt(asker, watched);
      const { retryTime } = watched.breaker;
      if (retryTime !== undefined) until = Math.min(until ?? retryTime, retryTime);
    }
    return { type: 'wait', until };
  }

  #waitsAt({ id }: Asker, place: Place): void {
    const wait = this.#waits.get(id);
    if (wait) wait.now.add(place);
    else this.#waits.set(id, { before: new Set(), now: new Set([place]) });
  }

  #rulesOf(provider: string): GateRules {
    return (Object.hasOwn(this.#rules, provider) ? this.#rules[provider] : undefined) ?? noRules;
  }

  #pacer(provider: string): Pacer {
    const name = this.#rulesOf(provider).pacedAs ?? provider;
    let pacer = this.#pacers.get(name);
    if (!pacer) {
      pacer = new Pacer(name, this.#rulesOf(name).rateLimits, this.#clock, (pauseMs) => {
        this.#logger.warn(
          { provider: name, pause_ms: pauseMs },
          'provider refuses calls as too many: pausing',
        );
      });
      this.#pacers.set(name, pacer);
    }
    return pacer;
  }
}

/** The rules of the configured providers. What a provider allows, it allows for a key, under whatever name it is used. */
export function gateRulesOf(configs: readonly ProviderConfig[]): Readonly<Record<string, GateRules>> {
  return Object.fromEntries(
    configs.map((config) => {
      const sharing = configs.filter((other) => sameKey(config, other));
      const [first] = sharing;
      return [
        config.name,
        {
          fallback: config.fallback ?? [],
          rateLimits: strictest(sharing.map(({ rateLimits = {} }) => rateLimits)),
          ...(first && first !== config && { pacedAs: first.name }),
        },
      ];
    }),
  );
}

function sameKey(one: ProviderConfig, other: ProviderConfig): boolean {
  if (one === other) return true;
  if (!one.apiKey || !other.apiKey) return false;
  return one.baseUrl === other.baseUrl && one.apiKey.equals(other.apiKey);
}

function strictest(all: readonly RateLimits[]): RateLimits {
  const least = (of: (limits: RateLimits) => number | undefined): number | undefined => {
    const said = all.map(of).filter((value) => value !== undefined);
    return said.length === 0 ? undefined : Math.min(...said);
  };
  return {
    requestsPerMinute: least(({ requestsPerMinute }) => requestsPerMinute),
    tokensPerMinute: least(({ tokensPerMinute }) => tokensPerMinute),
    concurrentCalls: least(({ concurrentCalls }) => concurrentCalls),
  };
}

/** Tells the pacer and the breaker how one call ended. */
class GatePermit implements CallPermit {
  readonly #leave: PacerPermit;
  readonly #pass: BreakerPass;

  constructor(leave: PacerPermit, pass: BreakerPass) {
    this.#leave = leave;
    this.#pass = pass;
  }

  giveBack(): void {
    this.#leave.giveBack();
    this.#pass.settle('unknown');
  }

  settle(outcome: CallOutcome): void {
    const { result, failure, usage } = outcome;
    this.#pass.settle(healthOf(outcome));
    // An account that is used up is not a rate that is too high: waiting does not help.
    if (result === 'failed' && failure?.code === 'rate_limited' && failure.retryable) {
      this.#leave.throttled(failure.retryAfterMs);
    } else {
      this.#leave.ended(usage && usage.inputTokens + usage.outputTokens);
    }
  }
}

function healthOf({ result, failure }: CallOutcome): CallHealth {
  if (result === 'ok') return 'well';
  if (result === 'aborted' || !failure) return 'unknown';
  if (illnesses.has(failure.code)) return 'ill';
  return answers.has(failure.code) ? 'well' : 'neither';
}
