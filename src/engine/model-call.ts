import type { Clock } from '../clock/clock.ts';
import type { CallPermit } from '../provider/call-gate.ts';
import {
  type AnswerSink,
  ModelCallError,
  type ModelAnswer,
  type ModelRequest,
  type ProviderCatalog,
} from '../provider/model-provider.ts';
import type { AbortCause, EventOf, Output, Reservation, Usage } from '../workflow/event.ts';
import { clip, failure, type Failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { OpenCall } from '../workflow/state.ts';
import type { CallSink } from './progress-feed.ts';

export type CallEnd = EventOf<'model_call_ended'>;

/** Who hears how a call ended. */
export interface CallHost {
  activityEnded(end: { readonly type: 'call_ended'; readonly end: CallEnd }): void;
  /** A defect: how it ended is not known. */
  activityBroke(error: unknown): void;
}

export interface CallDeps {
  readonly catalog: ProviderCatalog;
  readonly clock: Clock;
}

/**
 * The agent actor: one provider request that the log already knows of. It talks to the provider, obeys its signal and
 * reports how it ended, once; it never appends. Everything else an agent is (turns, retries, deadlines) is folded
 * from the log, so nothing is lost with it.
 */
export class ModelCall {
  readonly agentId: string;
  readonly call: OpenCall;
  readonly #permit: CallPermit;
  readonly #host: CallHost;
  readonly #deps: CallDeps;
  readonly #abort = new AbortController();
  #begin = 0;
  #cause: AbortCause | undefined;
  #sink: CallSink | undefined;

  constructor(agentId: string, call: OpenCall, permit: CallPermit, host: CallHost, deps: CallDeps) {
    this.agentId = agentId;
    this.call = call;
    this.#permit = permit;
    this.#host = host;
    this.#deps = deps;
  }

  /** Stops the request down to its socket. The first cause stays. */
  abort(cause: AbortCause): void {
    if (this.#cause) return;
    this.#cause = cause;
    this.#sink?.close();
    this.#abort.abort(new Error(`aborted: ${cause}`));
    // A provider that ignores the abort must not keep others waiting.
    this.#permit.settle({ result: 'aborted', failure: undefined, usage: undefined });
  }

  /**
   * Makes the request, whose answer is handed to the sink as it grows. Callbacks rather than an async function: that
   * would hold the prompt and a frame of its own for as long as the call takes.
   */
  run(request: ModelRequest, sink: CallSink): void {
    this.#begin = this.#deps.clock.monotonic();
    this.#sink = sink;
    this.#ask(request, sink).then(
      (answer) => this.#report(() => this.#outcome(answer)),
      (error: unknown) => this.#report(() => this.#failed(error)),
    );
  }

  #ask(request: ModelRequest, sink: AnswerSink): Promise<ModelAnswer> {
    const { provider, model } = this.call;
    try {
      return this.#deps.catalog.open(provider, model).call(request, this.#abort.signal, sink);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** An answer that cannot be charged or kept is a failed call. */
  #outcome(answer: ModelAnswer): CallEnd {
    try {
      return this.#answered(answer);
    } catch (error) {
      return this.#failed(error);
    }
  }

  #report(outcome: () => CallEnd): void {
    this.#sink?.close();
    try {
      const end = outcome();
      this.#settle(end);
      this.#host.activityEnded({ type: 'call_ended', end });
    } catch (error) {
      this.#host.activityBroke(error);
    }
  }

  #settle({ result, failure: reason, assumed, usage }: CallEnd): void {
    this.#permit.settle({
      result: result === 'unknown' ? 'aborted' : result,
      failure: reason,
      usage: assumed ? undefined : usage,
    });
  }

  /** Field by field: it is what nearly every call comes to, and copying three parts together costs ten times as much. */
  #answered(answer: ModelAnswer): CallEnd {
    const { type, agentId, turn, attempt, durationMs } = this.#end();
    const charged = charge(this.#deps.catalog, this.call, answer.usage, answer.reportedCostNanoUsd);
    const { usage, assumed, costNanoUsd, priceSource } = charged;
    const output = outputOf(answer);
    const end: CallEnd = { type, agentId, turn, attempt, durationMs, result: 'ok', output, usage, assumed };
    if (costNanoUsd !== undefined) end.costNanoUsd = costNanoUsd;
    if (priceSource !== undefined) end.priceSource = priceSource;
    return end;
  }

  #failed(error: unknown): CallEnd {
    const { catalog } = this.#deps;
    const known = error instanceof ModelCallError ? error : undefined;
    if (this.#cause) {
      return {
        ...this.#end(),
        result: 'aborted',
        cause: this.#cause,
        failure: failure('aborted', `the call was aborted: ${this.#cause}`, this.#cause === 'shutdown'),
        // What it had counted by then is not what it may bill.
        ...charge(catalog, this.call, undefined),
      };
    }
    let reason: Failure =
      known?.failure ?? failure('internal', `provider ${this.call.provider} failed: ${String(error)}`, false);
    // Nobody here aborted it, so to us the connection broke; as an abort it would not use up a retry.
    if (reason.code === 'aborted') reason = failure('connection', reason.message, true);
    // A request that was refused before any work was done is not billed; anything else may be.
    const free = ['rate_limited', 'authentication', 'rejected', 'unconfigured'].includes(reason.code);
    const usage = known?.usage ?? (free ? { inputTokens: 0, outputTokens: 0 } : undefined);
    return {
      ...this.#end(),
      result: 'failed',
      failure: reason,
      ...charge(catalog, this.call, usage),
    };
  }

  #end(): Pick<CallEnd, 'type' | 'agentId' | 'turn' | 'attempt' | 'durationMs'> {
    const { turn, attempt } = this.call;
    return {
      type: 'model_call_ended',
      agentId: this.agentId,
      turn,
      attempt,
      durationMs: Math.round(this.#deps.clock.monotonic() - this.#begin),
    };
  }
}

/** The answer as the log keeps it. */
function outputOf({ text, toolCalls, finishReason }: ModelAnswer): Output {
  if (!toolCalls || toolCalls.length === 0) return { text: text.toWellFormed(), finishReason };
  const known = new Set<string>();
  const calls = toolCalls.slice(0, limits.toolCallsPerTurnMax).map((call, index) => {
    // The log names a call by it, and some models use one id for all, or none.
    const usable = /^[\x21-\x7e]+$/.test(call.id) && call.id.length <= limits.toolCallIdCharsMax;
    let id = usable ? call.id : `call_${index + 1}`;
    for (let number = 2; known.has(id); number++) id = `call_${index + 1}_${number}`;
    known.add(id);
    return {
      id,
      name: clip(call.name, limits.toolNameCharsMax),
      arguments: call.arguments.toWellFormed(),
    };
  });
  return { text: text.toWellFormed(), toolCalls: calls, finishReason };
}

/** What a call is charged: reported usage at its price, or the whole reservation when nobody said. */
function charge(
  catalog: ProviderCatalog,
  call: { readonly provider: string; readonly model: string; readonly reserved: Reservation },
  usage: Usage | undefined,
  reportedCostNanoUsd?: number,
): Pick<CallEnd, 'usage' | 'costNanoUsd' | 'assumed' | 'priceSource'> {
  if (!usage) {
    const { inputTokens, outputTokens, costNanoUsd } = call.reserved;
    return {
      usage: { inputTokens, outputTokens },
      assumed: true,
      ...(costNanoUsd !== undefined && { costNanoUsd }),
    };
  }
  if (reportedCostNanoUsd !== undefined) {
    return { usage, assumed: false, costNanoUsd: reportedCostNanoUsd, priceSource: 'provider' };
  }
  const priced = catalog.price(call.provider, call.model, usage);
  if (!priced) return { usage, assumed: false };
  return { usage, assumed: false, costNanoUsd: priced.costNanoUsd, priceSource: priced.source };
}
