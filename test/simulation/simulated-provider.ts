import { AnswerText } from '../../src/provider/answer-text.ts';
import {
  type AnswerSink,
  ModelCallError,
  type ModelAnswer,
  type ModelProvider,
  type ModelRequest,
  type PricedCost,
  type ProviderCatalog,
} from '../../src/provider/model-provider.ts';
import type { Usage } from '../../src/workflow/event.ts';
import { failure, type Failure } from '../../src/workflow/failure.ts';
import { cannedAnswer } from '../engine/scripted-catalog.ts';
import type { FaultPoint } from './coverage.ts';
import type { Dice } from './dice.ts';
import { oddAnswer } from './odd-answer.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { streamedText } from './streamed-text.ts';
import { must } from './violation.ts';
import { askedCalls } from './simulated-tools.ts';
import type { World } from './world.ts';

/** By provider, so that a call at another's price is noticed. */
export const nanoUsdPerToken: Readonly<Record<string, number>> = { simulated: 10, spare: 7 };
/** Which models each provider has. */
const modelsOf: Readonly<Record<string, readonly string[]>> = {
  simulated: ['model-p', 'model-w', 'model-s'],
  spare: ['spare-planner', 'spare-p', 'spare-w', 'spare-s'],
};
const outageMsMin = 2_000;
const outageMsMax = 60_000;
/** A provider that obeys an abort does so within this time. */
const obeysMsMax = 40;
const ignoresMsMax = 120_000;
const streamedParts = 5;
/** Of a life's trouble, the share after which the price list forgets a model. */
const priceLostShare = 0.5;

/** A request as the provider saw it: what it will send a bill for. */
export interface SimulatedRequest {
  readonly attemptId: string;
  readonly node: SimulatedNode;
  readonly time: number;
  over: boolean;
}

const failures: readonly [() => Failure, ...(() => Failure)[]] = [
  () => failure('overloaded', 'busy', true),
  () => failure('connection', 'the connection broke', true),
  () => failure('timeout', 'no first byte', true),
  () => failure('malformed', 'no finish reason', true),
  () => failure('truncated', 'cut at the limit', false),
  () => failure('refused', 'filtered', false),
  () => failure('rejected', 'no such model', false),
  () => failure('authentication', 'bad key', false),
  () => failure('aborted', 'stopped by itself', false),
];

/** Every provider of the simulated world, and its own ledger. */
export class SimulatedProvider {
  readonly requests: SimulatedRequest[] = [];
  readonly #world: World;
  readonly #dice: Dice;
  readonly #priceLostTime: number;
  readonly #outages: readonly { readonly from: number; readonly to: number }[];

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
    const { profile, timeline } = world;
    this.#priceLostTime = profile.provider.priceGetsLost
      ? timeline.now + profile.troubleMs * priceLostShare
      : Number.POSITIVE_INFINITY;
    this.#outages = Array.from({ length: profile.outages }, () => {
      const from = timeline.now + dice.whole(0, profile.troubleMs);
      return { from, to: from + dice.whole(outageMsMin, outageMsMax) };
    });
  }

  inFlightOf(node: SimulatedNode): number {
    return this.requests.filter((request) => request.node === node && !request.over).length;
  }

  /** The catalog of one node. */
  catalogOf(node: SimulatedNode): ProviderCatalog {
    return {
      list: () => [],
      refusal: () => undefined,
      defaultModels: (name) => {
        const prefix = name === 'spare' ? 'spare' : 'model';
        return { plan: `${prefix}-p`, work: `${prefix}-w`, synthesis: `${prefix}-s` };
      },
      open: (name) => this.#open(name, node),
      price: (name, _model, usage) => this.#price(name, usage),
      address: () => 'in-process',
    };
  }

  #open(name: string, node: SimulatedNode): ModelProvider {
    return { name, call: (request, signal, sink) => this.#call(name, request, signal, node, sink) };
  }

  #price(name: string, usage: Usage): PricedCost | undefined {
    const { provider, gate } = this.#world.profile;
    const perToken = nanoUsdPerToken[name];
    if (!provider.priceKnown || perToken === undefined) return undefined;
    if (name === 'spare' && !gate.sparePriced) return undefined;
    if (name === 'simulated' && this.#world.timeline.now >= this.#priceLostTime) {
      this.#hit('provider: the price is not known any more');
      return undefined;
    }
    return { costNanoUsd: (usage.inputTokens + usage.outputTokens) * perToken, source: 'simulated' };
  }

  #call(
    name: string,
    request: ModelRequest,
    signal: AbortSignal,
    node: SimulatedNode,
    sink: AnswerSink | undefined,
  ): Promise<ModelAnswer> {
    const { timeline, profile, disk, calm } = this.#world;
    const { provider } = profile;
    const dice = this.#dice;
    this.#world.trace(() => `${node.name} requests ${request.attemptId}`);
    this.#world.guard(() => {
      disk.requested(request.attemptId, node);
      node.gate.requested();
      must(
        modelsOf[name]?.includes(request.model) === true,
        () => `gate: ${name} is asked for ${request.model}`,
      );
    });
    const entry: SimulatedRequest = { attemptId: request.attemptId, node, time: timeline.now, over: false };
    this.requests.push(entry);
    const { promise, resolve, reject } = Promise.withResolvers<ModelAnswer>();
    const over = (inMs: number, settle: () => void): void => {
      timeline.in(inMs, node, () => {
        entry.over = true;
        settle();
      });
    };
    const latencyMs = calm ? dice.whole(0, 200) : dice.whole(0, provider.latencyMsMax);
    if (!calm && dice.chance(provider.crashAsItLeaves)) {
      this.#hit('node: crash as a request leaves');
      this.#world.crash(node);
      return promise;
    }
    if (sink) this.#stream(entry, latencyMs, sink, signal);
    const ignores = !calm && dice.chance(provider.ignoresAbort);
    signal.addEventListener(
      'abort',
      () => {
        if (entry.over) return;
        disk.aborted.add(request.attemptId);
        const aborted = (): void =>
          reject(new ModelCallError(failure('aborted', 'aborted'), { usage: this.#usage(request) }));
        if (!ignores) {
          over(dice.whole(0, obeysMsMax), aborted);
        } else if (dice.chance(0.5)) {
          this.#hit('provider: ignores the abort');
          over(dice.whole(obeysMsMax, ignoresMsMax), aborted);
        } else {
          this.#hit('provider: answers after the abort');
          over(dice.whole(0, ignoresMsMax), () => resolve(this.#answer(request, 'plain')));
        }
      },
      { once: true },
    );
    const { now } = timeline;
    if (!calm && name === 'simulated' && this.#outages.some(({ from, to }) => now >= from && now < to)) {
      this.#hit('provider: an outage');
      over(latencyMs, () => reject(new ModelCallError(failure('overloaded', 'nobody is at home', true))));
    } else if (!calm && dice.chance(provider.hangs)) {
      this.#hit('provider: hangs until aborted');
    } else if (!calm && dice.chance(provider.fails)) {
      const error = this.#failure(request);
      over(latencyMs, () => reject(error));
    } else {
      const odd = !calm && dice.chance(provider.odd);
      over(latencyMs, () => resolve(this.#answer(request, odd ? 'odd' : 'plain')));
    }
    return promise;
  }

  /** Writes while it works on the answer, in parts that may cut a character; also when nobody wants it, and when it is over. */
  #stream(entry: SimulatedRequest, latencyMs: number, sink: AnswerSink, signal: AbortSignal): void {
    const text = streamedText(entry.attemptId);
    const written = new AnswerText();
    const size = Math.ceil(text.length / streamedParts);
    let at = 0;
    for (let part = 1; part <= streamedParts; part++) {
      this.#world.timeline.in((latencyMs * part) / (streamedParts - 1), entry.node, () => {
        if (entry.over) this.#hit('provider: writes after its answer');
        else if (signal.aborted) this.#hit('provider: writes after the abort');
        // Which of them comes first is chance where several are due.
        written.add(text.slice(at, at + size));
        written.offer(sink);
        at += size;
      });
    }
  }

  #answer(request: ModelRequest, kind: 'plain' | 'odd'): ModelAnswer {
    const plain: ModelAnswer = {
      text: cannedAnswer(request),
      finishReason: 'stop',
      usage: this.#usage(request),
    };
    const { tools } = this.#world.profile;
    const offered = request.tools?.choice === 'auto';
    if (this.#dice.chance(offered ? tools.asks : tools.asksUnoffered)) {
      this.#hit(offered ? 'provider: asks for tools' : 'provider: asks for tools it was not offered');
      const toolCalls = askedCalls(this.#dice, (point) => this.#hit(point));
      // Where it was offered none, the text is what counts.
      return { ...plain, toolCalls, ...(offered && { text: '' }) };
    }
    return kind === 'plain' ? plain : oddAnswer(request, plain, this.#dice, (point) => this.#hit(point));
  }

  /** Less than what is reserved for such a request. */
  #usage(request: ModelRequest): Usage {
    let chars = 0;
    for (const { content } of request.messages) chars += content.length;
    return {
      inputTokens: this.#dice.whole(1, Math.ceil(chars / 2)),
      outputTokens: this.#dice.whole(0, request.maxOutputTokens),
    };
  }

  #failure(request: ModelRequest): Error {
    const dice = this.#dice;
    const kind = dice.next();
    if (kind < 0.05) {
      this.#hit('provider: throws something else');
      return new TypeError('a defect of the adapter');
    }
    if (kind < 0.3) {
      this.#hit('provider: rate_limited');
      const retryAfterMs = dice.pick([undefined, 0, 500, 5_000, 20_000]);
      return new ModelCallError(failure('rate_limited', 'slow down', true, retryAfterMs));
    }
    if (kind < 0.33) {
      this.#hit('provider: unconfigured');
      return new ModelCallError(failure('unconfigured', 'no key'));
    }
    // Mostly failures that may pass: a workflow that fails at once meets nothing else.
    const reason = dice.chance(0.7) ? (failures[dice.whole(0, 3)] ?? failures[0])() : dice.pick(failures)();
    this.#hit(
      reason.code === 'aborted'
        ? 'provider: aborted although nobody asked'
        : `provider: ${reason.code as 'overloaded'}`,
    );
    const billed = dice.chance(0.3);
    if (billed) this.#hit('provider: a failure reports usage');
    return new ModelCallError(reason, { usage: billed ? this.#usage(request) : undefined });
  }

  #hit(point: FaultPoint): void {
    this.#world.coverage.fault(point);
  }
}
