import { ApplicationError } from '../../src/engine/application-error.ts';
import { isTerminalEvent } from '../../src/workflow/event.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import { keyText, type WorkflowKey } from '../../src/workflow/id.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import type { Dice } from './dice.ts';
import { ProgressCheck } from './progress-check.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { must } from './violation.ts';
import type { World } from './world.ts';

const batchMax = 50;
/** A watcher whose node does not carry the workflow hears nothing of it there and looks again by itself. */
const lookAgainMs = 10_000;
const reconnectMs = 500;
/** Time for a node to answer a read. */
const answerMs = 30_000;

/** Follows one log from its beginning, from node to node, and must see what everybody sees. */
export class Watcher {
  over = false;
  readonly #world: World;
  readonly #key: WorkflowKey;
  readonly #dice: Dice;
  #cursor = 0;
  #node: SimulatedNode | undefined;
  /** The log up to the cursor. */
  #state: WorkflowState | undefined;
  #progress: ProgressCheck | undefined;

  constructor(world: World, key: WorkflowKey, dice: Dice) {
    this.#world = world;
    this.#key = key;
    this.#dice = dice;
  }

  async run(): Promise<void> {
    try {
      await this.#watch();
    } finally {
      this.#progress?.close();
    }
  }

  async #watch(): Promise<void> {
    while (!this.over) {
      const node = this.#pick();
      if (!node) {
        await this.#sleep(reconnectMs);
        continue;
      }
      try {
        await this.#follow(node);
      } catch (error) {
        if (!(error instanceof ApplicationError)) throw error;
        if (error.kind === 'not_found' || error.kind === 'out_of_range') {
          const log = this.#world.disk.logs.get(keyText(this.#key));
          must(
            log?.evicted === true,
            () => `watch: ${this.#key.workflowId} is ${error.kind} after ${this.#cursor} and was not evicted`,
          );
          this.#world.coverage.fault('client: a watched workflow is evicted');
          this.over = true;
          return;
        }
        await this.#sleep(reconnectMs);
      }
    }
  }

  #pick(): SimulatedNode | undefined {
    const { serving } = this.#world;
    if (this.#node?.alive && !this.#dice.chance(0.05)) return this.#node;
    const node = this.#dice.oneOf(serving);
    if (this.#node && node !== this.#node) this.#world.coverage.fault('client: watcher changes node');
    this.#node = node;
    return node;
  }

  /** One read, and the wait for more. */
  async #follow(node: SimulatedNode): Promise<void> {
    const events = await this.#orGone(
      node,
      answerMs,
      node.service.events(this.#key, this.#cursor, this.#dice.whole(1, batchMax)),
    );
    if (!events) return;
    const log = this.#world.disk.logs.get(keyText(this.#key));
    for (const event of events) {
      const stored = log?.events[this.#cursor];
      must(
        stored !== undefined,
        () => `watch: ${this.#key.workflowId} ${event.sequence} is seen and not durable`,
      );
      must(
        event.sequence === this.#cursor + 1 &&
          event.epoch === stored.epoch &&
          event.time === stored.time &&
          event.progress === stored.progress &&
          event.data.type === stored.data.type,
        () =>
          `watch: ${this.#key.workflowId} shows ${event.data.type} as ${event.sequence} after ${this.#cursor}`,
      );
      this.#cursor++;
      this.#state = evolve(this.#state, event);
      if (isTerminalEvent(event.data)) this.over = true;
    }
    if (this.over || events.length > 0) return;
    await this.#news(node);
  }

  async #news(node: SimulatedNode): Promise<void> {
    const abort = new AbortController();
    const cursor = this.#cursor;
    this.#listen(node).begin(this.#state);
    const news = node.service.advanced(this.#key, cursor, abort.signal).then(
      () => true,
      (error: unknown) => {
        if (abort.signal.aborted) return undefined;
        throw error;
      },
    );
    const heard = await this.#orGone(node, lookAgainMs, news);
    this.#progress?.pause();
    if (heard === undefined && node.alive) {
      const known = node.supervisor.find(this.#key)?.state.sequence ?? 0;
      must(
        known <= cursor || node.troubleTime + answerMs > this.#world.timeline.now,
        () =>
          `watch: nobody was woken for ${this.#key.workflowId} after ${cursor}, its node stands at ${known}`,
      );
    }
    abort.abort(new Error('the watcher looks again by itself'));
  }

  /** Follows what agents do at the node it watches. */
  #listen(node: SimulatedNode): ProgressCheck {
    if (this.#progress?.node !== node) {
      this.#progress?.close();
      this.#progress = new ProgressCheck(this.#world, this.#key, node);
    }
    return this.#progress;
  }

  /** Undefined: the node died or did not answer in time. */
  async #orGone<T>(node: SimulatedNode, ms: number, work: Promise<T>): Promise<T | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const patience = this.#world.timeline.in(ms, undefined, () => resolve(undefined));
    void node.gone.then(() => resolve(undefined));
    try {
      return await Promise.race([work, promise]);
    } finally {
      patience.cancelled = true;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#world.timeline.in(ms, undefined, resolve));
  }
}
