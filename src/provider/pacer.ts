import type { Clock, Timer } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import { TokenBucket } from './token-bucket.ts';
import { type Asker, type Entry, WaitingLine } from './waiting-line.ts';

const minuteMs = 60_000;
/**
 * Shares of a limit for the even stream of requests and for what may go at once. Together they stay below it in any
 * minute, with a little left for requests that arrive closer together than they left.
 */
const evenShare = 0.95;
const burstShare = 0.04;

/** What a provider allows, as the operator says; absent: nobody said. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Calls under way at once. */
  readonly concurrentCalls?: number | undefined;
}

/** Leave for one call. The first word about it counts. */
export interface PacerPermit {
  /** Nothing was sent. */
  giveBack(): void;
  /** The call is over; `usedTokens` undefined: the provider did not say. */
  ended(usedTokens: number | undefined): void;
  /** The provider answered that it is too much. Absent: it did not say how long to wait. */
  throttled(retryAfterMs: number | undefined): void;
}

/**
 * Paces the calls to one provider, for all workflows together: requests and tokens a minute, calls at once, and a pause
 * for everybody when the provider asks for one. Who finds no room stands in line and is woken when it is its turn.
 */
export class Pacer {
  readonly provider: string;
  readonly rateLimits: RateLimits;
  readonly #clock: Clock;
  readonly #line = new WaitingLine();
  readonly #requests: TokenBucket | undefined;
  readonly #tokens: TokenBucket | undefined;
  readonly #concurrentCalls: number;
  readonly #paused: (pauseMs: number) => void;
  #underWay = 0;
  #timer: Timer | undefined;
  /** On the clock that only grows. */
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #throttleTime = Number.NEGATIVE_INFINITY;
  /** Refusals without a time to wait, one after the other. */
  #strikes = 0;
  /** Calls that the provider refused as too many, since the process started. */
  throttledCalls = 0;

  /** `paused` is called with every pause that is longer than what was left of the last one. */
  constructor(
    provider: string,
    rateLimits: RateLimits,
    clock: Clock,
    paused: (pauseMs: number) => void = () => {},
  ) {
    this.#paused = paused;
    this.provider = provider;
    this.rateLimits = rateLimits;
    this.#clock = clock;
    const { requestsPerMinute: requests, tokensPerMinute: tokens, concurrentCalls } = rateLimits;
    const now = clock.monotonic();
    if (requests !== undefined) {
      const burst = Math.max(1, Math.floor(requests * burstShare));
      this.#requests = new TokenBucket(burst, (requests * evenShare) / minuteMs, now);
    }
    // A single call may need most of a minute's tokens, so they are not spread as thinly as requests.
    if (tokens !== undefined) this.#tokens = new TokenBucket(tokens, (tokens * evenShare) / minuteMs, now);
    this.#concurrentCalls = concurrentCalls ?? Number.POSITIVE_INFINITY;
  }

  /** Workflows in line. */
  get waiting(): number {
    return this.#line.size;
  }

  /** Wall time until which nobody may call; undefined: it is not paused. */
  get pausedUntilTime(): number | undefined {
    const leftMs = this.#pausedUntil - this.#clock.monotonic();
    return leftMs > 0 ? this.#clock.now() + leftMs : undefined;
  }

  /** Whether it is worth asking for a permit. When it is not, the asker stands in line. */
  worthAsking(asker: Asker): boolean {
    if (this.#open(asker, this.#line.find(asker.id)?.tokens ?? 0)) return true;
    this.#queue(asker, undefined);
    return false;
  }

  /** Leave for one call of so many tokens at most; undefined: not now, the asker stands in line. */
  take(asker: Asker, tokens: number): PacerPermit | undefined {
    if (!this.#open(asker, tokens)) {
      this.#queue(asker, tokens);
      return undefined;
    }
    this.#line.remove(asker.id);
    const now = this.#clock.monotonic();
    // One that needs more than a minute allows gets all of it, and what it used beyond is made good afterwards.
    const taken = Math.min(tokens, this.#tokens?.capacity ?? 0);
    this.#requests?.take(1, now);
    this.#tokens?.take(taken, now);
    this.#underWay++;
    this.#look();
    return new PacedCall(this, taken, now);
  }

  /** Whether it stands in line; one that found it full does not. */
  stands(id: string): boolean {
    return this.#line.find(id) !== undefined;
  }

  /** It does not want a permit any more. */
  leave(id: string): void {
    if (this.#line.remove(id)) this.#look();
  }

  /** Why it waits, for people. */
  describe(id: string): string | undefined {
    const ahead = this.#line.ahead(id);
    const entry = this.#line.head;
    if (ahead === undefined || !entry) return undefined;
    const line = ahead === 0 ? '' : `, ${ahead} workflows are ahead`;
    const waitMs = this.#waitMs(entry.tokens);
    const when =
      waitMs === Number.POSITIVE_INFINITY
        ? `${this.#underWay} calls are under way, the most it allows`
        : `next permit at ${new Date(this.#clock.now() + waitMs).toISOString()}`;
    return `rate limit of ${this.provider}: ${when}${line}`;
  }

  /** Whether it is its turn and there is room. */
  #open({ id, priority }: Asker, tokens: number): boolean {
    const { head } = this.#line;
    const turn = !head || head.asker.id === id || (!this.#line.find(id) && head.rank < priority);
    return turn && this.#waitMs(tokens) === 0;
  }

  #waitMs(tokens: number): number {
    if (this.#underWay >= this.#concurrentCalls) return Number.POSITIVE_INFINITY;
    // Most providers have no limits here and have never asked for a pause; then the clock has nothing to say.
    const paused = this.#pausedUntil !== Number.NEGATIVE_INFINITY;
    if (!paused && !this.#requests && !this.#tokens) return 0;
    const now = this.#clock.monotonic();
    return Math.max(
      0,
      Math.ceil(this.#pausedUntil - now),
      this.#requests?.waitMs(1, now) ?? 0,
      this.#tokens?.waitMs(tokens, now) ?? 0,
    );
  }

  #queue(asker: Asker, tokens: number | undefined): void {
    const known = this.#line.find(asker.id);
    if (known) {
      known.tokens = tokens ?? known.tokens;
      // It came for its permit and needs more than there is: it stays first and is told again.
      known.offeredTime = undefined;
      if (known.rank !== asker.priority) this.#line.rank(known, asker.priority);
    } else if (this.#line.size < limits.permitWaitersMax) {
      this.#line.add({ asker, rank: asker.priority, tokens: tokens ?? 0, offeredTime: undefined });
    }
    this.#look();
  }

  /** Tells the first in line when there is room, or sets the alarm for when there will be. */
  #look(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (;;) {
      const { head } = this.#line;
      if (!head) return;
      const waitMs = this.#waitMs(head.tokens);
      // The end of a call looks again.
      if (waitMs === Number.POSITIVE_INFINITY) return;
      if (waitMs > 0) {
        this.#lookIn(waitMs);
        return;
      }
      const offeredMs = this.#offeredMs(head);
      if (offeredMs < limits.permitOfferMs) {
        this.#lookIn(limits.permitOfferMs - offeredMs);
        return;
      }
      // Held up by something else, for example its store. Nobody waits for that.
      head.offeredTime = undefined;
      this.#line.rank(head, Number.NEGATIVE_INFINITY);
    }
  }

  /** For how long its permit has been there for the taking. */
  #offeredMs(head: Entry): number {
    const now = this.#clock.monotonic();
    if (head.offeredTime !== undefined) return now - head.offeredTime;
    head.offeredTime = now;
    head.asker.wake();
    return 0;
  }

  #lookIn(ms: number): void {
    this.#timer = this.#clock.after(ms, () => this.#look());
  }

  /** One of its permits was not used. */
  giveBack(tokens: number): void {
    const now = this.#ended();
    this.#requests?.put(1, now);
    this.#tokens?.put(tokens, now);
    this.#look();
  }

  /** A call is over that left at `startTime` with so many tokens. */
  ended(tokens: number, startTime: number, usedTokens: number | undefined): void {
    const now = this.#ended();
    if (startTime >= this.#pausedUntil) this.#strikes = 0;
    if (usedTokens !== undefined) this.#tokens?.put(tokens - usedTokens, now);
    this.#look();
  }

  /** The provider answered that it is too much. */
  throttled(tokens: number, startTime: number, retryAfterMs: number | undefined): void {
    const now = this.#ended();
    this.throttledCalls++;
    this.#tokens?.put(tokens, now);
    this.#pause(retryAfterMs, startTime, now);
    this.#look();
  }

  /** A permit is out no longer; answers since when. */
  #ended(): number {
    this.#underWay--;
    return this.#clock.monotonic();
  }

  #pause(retryAfterMs: number | undefined, startTime: number, now: number): void {
    // What left before the last refusal came belongs to it.
    const news = startTime > this.#throttleTime;
    if (retryAfterMs === undefined && !news) return;
    if (retryAfterMs === undefined) this.#strikes++;
    const guessMs = limits.rateLimitFloorMs * 2 ** Math.min(Math.max(0, this.#strikes - 1), 30);
    const pauseMs =
      retryAfterMs === undefined
        ? Math.min(limits.backoffMaxMs, guessMs)
        : Math.min(limits.retryAfterMsMax, Math.max(limits.rateLimitFloorMs, retryAfterMs));
    this.#throttleTime = now;
    if (now + pauseMs <= this.#pausedUntil) return;
    this.#pausedUntil = now + pauseMs;
    this.#paused(pauseMs);
  }
}

/** Knows of one call what its pacer has to be told in the end. */
class PacedCall implements PacerPermit {
  readonly #pacer: Pacer;
  readonly #tokens: number;
  readonly #startTime: number;
  #over = false;

  constructor(pacer: Pacer, tokens: number, startTime: number) {
    this.#pacer = pacer;
    this.#tokens = tokens;
    this.#startTime = startTime;
  }

  giveBack(): void {
    if (this.#first()) this.#pacer.giveBack(this.#tokens);
  }

  ended(usedTokens: number | undefined): void {
    if (this.#first()) this.#pacer.ended(this.#tokens, this.#startTime, usedTokens);
  }

  throttled(retryAfterMs: number | undefined): void {
    if (this.#first()) this.#pacer.throttled(this.#tokens, this.#startTime, retryAfterMs);
  }

  #first(): boolean {
    const first = !this.#over;
    this.#over = true;
    return first;
  }
}
