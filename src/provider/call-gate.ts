import type { Reservation, Usage } from '../workflow/event.ts';
import type { Failure } from '../workflow/failure.ts';
import type { BreakerState } from './breaker.ts';
import type { RateLimits } from './pacer.ts';
import type { DefaultModels } from './provider-settings.ts';
import type { Asker } from './waiting-line.ts';

/** Which default model a piece of work has. */
export type ModelKind = keyof DefaultModels;

/** What a workflow wants to call. */
export interface CallWish {
  readonly provider: string;
  /** A model of that provider; never sent to another one. */
  readonly model: string;
  readonly kind: ModelKind;
  /** A cap of money is set, so a model without a known price cannot be called. */
  readonly priced: boolean;
}

/** Not now. The asker is woken when that may have changed, and should look by itself at `until` (wall time). */
export interface NotNow {
  readonly type: 'wait';
  readonly until: number | undefined;
}

/** Where a call may go. */
export type Route =
  | { readonly type: 'call'; readonly provider: string; readonly model: string }
  | NotNow
  /** Every provider of the chain is unusable on this server. */
  | { readonly type: 'refused'; readonly failure: Failure }
  /** No provider that could be called has a known price. */
  | { readonly type: 'unpriced'; readonly provider: string; readonly model: string };

/** How a call ended, as far as it concerns the next ones. */
export interface CallOutcome {
  readonly result: 'ok' | 'failed' | 'aborted';
  readonly failure: Failure | undefined;
  /** As the provider reported it. */
  readonly usage: Usage | undefined;
}

/** Leave for one call. Exactly one of the two is called, the first one counts. */
export interface CallPermit {
  /** Nothing was sent: as if it had never been given. */
  giveBack(): void;
  settle(outcome: CallOutcome): void;
}

/** One provider and model as its breaker sees it. */
export interface BreakerInfo {
  readonly model: string;
  readonly state: BreakerState;
  /** Wall time of the last change of state. */
  readonly sinceTime: number;
  /** Wall time from which a probe may go; only while open. */
  readonly retryTime: number | undefined;
  readonly failuresInARow: number;
}

/** What keeps calls from a provider at the moment. */
export interface GateInfo {
  /** Providers that are called while a breaker of this one is open, in order. */
  readonly fallback: readonly string[];
  /** Of the models called so far. */
  readonly breakers: readonly BreakerInfo[];
  readonly rateLimits: RateLimits;
  /** Workflows that wait for a permit. */
  readonly waitingWorkflows: number;
  /** Wall time until which nobody calls, because the provider asked for it. */
  readonly pausedUntilTime: number | undefined;
  /** Calls it refused as too many, since the process started. */
  readonly throttledCalls: number;
}

/**
 * Says when a call may leave, and to whom: the chain of providers, their breakers and the rates they allow, shared by
 * all workflows of the process. A permit is taken last, after every other question about a call, and is for one call.
 */
export interface CallGate {
  /** The first provider of the chain that may be called now. */
  route(asker: Asker, wish: CallWish): Route;
  /** Leave for a call that `route` has named. */
  permit(
    asker: Asker,
    provider: string,
    model: string,
    reserved: Reservation,
  ): { readonly type: 'permit'; readonly permit: CallPermit } | NotNow;
  /** The asker has looked at all it wants: where it was not told to wait this time, it does not wait any more. */
  looked(id: string): void;
  /** It asks no more. */
  gone(id: string): void;
  /** Why it waits, for people; undefined: it does not. */
  reason(id: string): string | undefined;
  info(provider: string): GateInfo;
}
