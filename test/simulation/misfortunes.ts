import type { ShutdownPolicy } from '../../src/engine/drain.ts';
import type { Dice } from './dice.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { must } from './violation.ts';
import type { World } from './world.ts';

const silenceMsMax = 30_000;
const clockStepMsMax = 60_000;
const graceMsMax = 25_000;
const startsMsMax = 5_500;
const rebootMsMax = 4_000;
const hourMs = 3_600_000;
const sleepMs = [60_000, hourMs, 8 * 24 * hourMs] as const;
/** A drain waits for starts under way, then for the grace, then for what ignores the abort. */
const drainMsMax = 10_100;
const quiescenceMs = 5_000;

/** Whatever happens to whole nodes, at any time while trouble lasts. */
export class Misfortunes {
  readonly #world: World;
  readonly #dice: Dice;

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
  }

  schedule(): void {
    const { profile } = this.#world;
    this.#times(profile.crashes, (node) => this.#world.crash(node));
    this.#times(profile.pauses, (node) => this.#pause(node));
    this.#times(profile.cuts, (node) => this.#cutOff(node));
    this.#times(profile.clockSteps, (node) => this.#stepClock(node));
    this.#times(profile.drains, (node) => this.#drain(node));
    this.#times(profile.sleeps, () => this.#sleepAll());
  }

  #times(count: number, happen: (node: SimulatedNode) => void): void {
    const { timeline, profile } = this.#world;
    for (let number = 0; number < count; number++) {
      timeline.in(this.#dice.whole(0, profile.troubleMs), undefined, () => {
        const node = this.#dice.oneOf(this.#world.nodes);
        if (node) happen(node);
      });
    }
  }

  #pause(node: SimulatedNode): void {
    this.#world.coverage.fault('node: pause');
    const ms = this.#dice.whole(100, silenceMsMax);
    this.#world.trace(() => `${node.name} sleeps for ${ms} ms`);
    node.pause(ms);
  }

  #cutOff(node: SimulatedNode): void {
    this.#world.coverage.fault('node: cut off from the store');
    const ms = this.#dice.whole(100, silenceMsMax);
    this.#world.trace(() => `${node.name} is cut off for ${ms} ms`);
    node.cutOff(ms);
  }

  #stepClock(node: SimulatedNode): void {
    const ms = this.#dice.whole(-clockStepMsMax, clockStepMsMax);
    this.#world.coverage.fault(ms < 0 ? 'node: wall clock steps back' : 'node: wall clock steps forward');
    this.#world.trace(() => `${node.name} steps its clock by ${ms} ms`);
    node.clock.offsetMs += ms;
    // What waits for a time of the wall clock waits until it has come round again, after every step of them all.
    node.trouble(Math.max(node.troubleTime, this.#world.timeline.now) + Math.max(0, -ms));
  }

  #sleepAll(): void {
    const ms = this.#dice.pick(sleepMs);
    this.#world.coverage.fault('node: everything sleeps');
    this.#world.trace(() => `everything sleeps for ${ms} ms`);
    this.#world.timeline.jump(ms);
    for (const node of this.#world.nodes) node.trouble();
  }

  #drain(node: SimulatedNode): void {
    const { timeline, coverage, provider, profile } = this.#world;
    const policy: ShutdownPolicy = this.#dice.chance(0.7) ? 'drain' : 'cancel';
    const graceMs = this.#dice.whole(0, graceMsMax);
    const begin = timeline.now;
    coverage.fault(policy === 'drain' ? 'node: drained' : 'node: shut down with cancel');
    this.#world.trace(() => `${node.name} shuts down (${policy}, ${graceMs} ms)`);
    // Starts under way are waited for first, and what was being recorded is carried out still.
    const sleepsMs = Math.max(0, node.awakeTime - timeline.now);
    node.drainTime =
      profile.clockSteps > 0 ? Number.POSITIVE_INFINITY : node.clock.now() + sleepsMs + startsMsMax;
    const carried = this.#carriedBy(node);
    node.supervisor.shutDown(graceMs, policy).then(
      () => {
        if (!node.alive) return;
        const elapsedMs = timeline.now - begin;
        const undisturbed = node.awakeTime < begin && profile.clockSteps === 0 && profile.sleeps === 0;
        if (provider.inFlightOf(node) > 0) coverage.fault('node: drained while calls ignore the abort');
        this.#world.guard(() =>
          must(
            !undisturbed || elapsedMs <= graceMs + drainMsMax,
            () => `drain: ${node.name} took ${elapsedMs} ms with a grace of ${graceMs} ms`,
          ),
        );
        // Only one whose patience was over leaves without giving back.
        const healthy = undisturbed && node.troubleTime < begin && elapsedMs < graceMs + quiescenceMs;
        this.#world.guard(() =>
          must(
            !healthy || !carried.some(({ id, epoch }) => this.#owns(node, id, epoch)),
            () => `drain: ${node.name} keeps what it carried`,
          ),
        );
        this.#world.end(node, this.#dice.whole(0, rebootMsMax));
      },
      (error: unknown) => this.#world.fail(error),
    );
  }

  /** Open workflows that a node carries and owns. */
  #carriedBy(node: SimulatedNode): readonly { readonly id: string; readonly epoch: number }[] {
    return [...this.#world.disk.logs].flatMap(([id, { key }]) => {
      const epoch = node.supervisor.find(key)?.epoch;
      return epoch !== undefined && this.#owns(node, id, epoch) ? [{ id, epoch }] : [];
    });
  }

  /** By the epoch it knows of: a claim whose answer was lost is one that it cannot give back. */
  #owns(node: SimulatedNode, id: string, epoch: number): boolean {
    const { logs, leases } = this.#world.disk;
    const lease = leases.holderOf(id);
    return logs.get(id)?.ended === false && lease?.node === node && lease.epoch === epoch;
  }
}
