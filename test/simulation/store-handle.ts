import {
  StoreUnavailableError,
  type Append,
  type AppendResult,
  type EventStore,
  type EvictionRule,
  type LeaseStore,
  type ListPage,
  type ListQuery,
} from '../../src/store/event-store.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import type { FaultPoint } from './coverage.ts';
import type { Dice } from './dice.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { World } from './world.ts';

/** A caller that waits for a lost answer is told after at most this long. */
const timeoutMsMax = 2_000;
/** A command that outlives its caller's patience arrives at most this much later. */
const lateMsMax = 8_000;
const slowMsMax = 3_000;

/** One node's way to the disk; everything on it can go wrong, and no answer reaches a node that is dead. */
export class StoreHandle implements EventStore, LeaseStore {
  readonly #world: World;
  readonly #node: SimulatedNode;
  readonly #dice: Dice;

  constructor(world: World, node: SimulatedNode, dice: Dice) {
    this.#world = world;
    this.#node = node;
    this.#dice = dice;
  }

  append(append: Append): Promise<AppendResult> {
    return this.#send('append', async () => {
      const answer = await this.#world.disk.append(append, this.#node);
      this.#world.trace(() => {
        const types = append.events.map(({ data }) => data.type).join(' ');
        return `${this.#node.name} ${append.key.workflowId} ${append.expectedSequence} epoch ${append.epoch} ${answer.result}: ${types}`;
      });
      return answer;
    });
  }

  claim(key: WorkflowKey, owner: string): Promise<number | undefined> {
    return this.#send('claim', async () => {
      const epoch = await this.#world.disk.claim(key, owner, this.#node);
      this.#world.trace(() => `${this.#node.name} ${key.workflowId} claim: ${epoch ?? 'refused'}`);
      return epoch;
    });
  }

  release(key: WorkflowKey, epoch: number): Promise<void> {
    return this.#send('release', () => this.#world.disk.release(key, epoch));
  }

  evict(rule: EvictionRule, now: number): ReturnType<EventStore['evict']> {
    return this.#send('evict', () => this.#world.disk.evict(rule, now));
  }

  remove(key: WorkflowKey): ReturnType<EventStore['remove']> {
    return this.#send('remove', () => this.#world.disk.remove(key));
  }

  read(
    key: WorkflowKey,
    afterSequence: number,
    limit: number,
  ): Promise<readonly WorkflowEvent[] | undefined> {
    return this.#send('read', () => this.#world.disk.store.read(key, afterSequence, limit));
  }

  row(key: WorkflowKey): ReturnType<EventStore['row']> {
    return this.#send('read', () => this.#world.disk.store.row(key));
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#send('read', () => this.#world.disk.store.list(query));
  }

  openWorkflows(): ReturnType<EventStore['openWorkflows']> {
    return this.#send('read', () => this.#world.disk.store.openWorkflows());
  }

  knownRequest(...args: Parameters<EventStore['knownRequest']>): ReturnType<EventStore['knownRequest']> {
    return this.#send('read', async () => {
      const known = await this.#world.disk.store.knownRequest(...args);
      if (known) this.#world.coverage.fault('start: the request id is known before the append');
      return known;
    });
  }

  spendOf(tenant: string, day: number): ReturnType<EventStore['spendOf']> {
    return this.#send('read', () => this.#world.disk.store.spendOf(tenant, day));
  }

  blob(sha256: string): Promise<Uint8Array | undefined> {
    return this.#send('read', () => this.#world.disk.store.blob(sha256));
  }

  check(): Promise<void> {
    return this.#send('read', () => this.#world.disk.store.check());
  }

  async close(): Promise<void> {
    // The disk outlives every node.
  }

  /** Decides what happens to a command on its way, and lets it happen. */
  #send<T>(
    kind: 'append' | 'claim' | 'release' | 'evict' | 'remove' | 'read',
    work: () => Promise<T>,
  ): Promise<T> {
    const { timeline } = this.#world;
    const { store } = this.#world.profile;
    const dice = this.#dice;
    const calm = this.#world.calm;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const refuse = (inMs: number, why: string): void => {
      this.#node.trouble();
      timeline.in(inMs, this.#node, () => reject(new StoreUnavailableError(`${kind}: ${why}`)));
    };
    const done = (inMs: number, answers: boolean): void =>
      this.#execute(
        kind,
        inMs,
        work,
        (answer) => answers && timeline.in(0, this.#node, () => void answer.then(resolve, reject)),
      );

    if (this.#node.cutOffTime > timeline.now) {
      refuse(Math.min(timeoutMsMax, this.#node.cutOffTime - timeline.now), 'no connection');
    } else if (!calm && dice.chance(store.unavailable)) {
      this.#hit(
        kind === 'claim'
          ? 'store: a claim fails'
          : kind === 'read'
            ? 'store: a read fails'
            : 'store: unavailable, nothing done',
      );
      refuse(dice.whole(0, timeoutMsMax), 'the store is unavailable');
    } else if (!calm && kind !== 'read' && dice.chance(store.lostAnswer)) {
      const toldMs = dice.whole(0, timeoutMsMax);
      const doneMs = dice.chance(0.5) ? dice.whole(0, toldMs) : dice.whole(toldMs, lateMsMax);
      this.#hit(
        doneMs <= toldMs
          ? 'store: done, but the caller is told that it failed'
          : 'store: done after the caller was told that it failed',
      );
      done(doneMs, false);
      refuse(toldMs, 'no answer');
    } else if (!calm && dice.chance(store.slow)) {
      this.#hit('store: slow answer');
      this.#node.trouble(timeline.now + slowMsMax);
      done(dice.whole(1, slowMsMax), true);
    } else if (!calm && kind === 'append' && dice.chance(store.twice)) {
      const first = dice.chance(0.5);
      this.#hit(
        first
          ? 'store: append delivered twice, first answer'
          : 'store: append delivered twice, second answer',
      );
      this.#node.trouble(timeline.now + lateMsMax);
      done(0, first);
      done(dice.whole(0, lateMsMax), !first);
    } else {
      done(0, true);
    }
    return promise;
  }

  #execute<T>(
    kind: string,
    inMs: number,
    work: () => Promise<T>,
    answered: (answer: Promise<T>) => void,
  ): void {
    const { timeline, profile } = this.#world;
    timeline.in(inMs, undefined, () => {
      if (!this.#node.alive) {
        this.#hit('store: sent by a node that died before it arrived');
        // One that owns its store takes everything with it; a distant store may still hear of it.
        if (profile.leases === 'always' || this.#dice.chance(0.5)) return;
      }
      const answer = work();
      this.#world.watchDefect(answer);
      if (
        kind === 'append' &&
        !this.#world.calm &&
        this.#node.alive &&
        this.#dice.chance(profile.store.crashAfterAppend)
      ) {
        this.#hit('node: crash between an append and its acknowledgement');
        this.#world.crash(this.#node);
        return;
      }
      answered(answer);
    });
  }

  #hit(point: FaultPoint): void {
    this.#world.coverage.fault(point);
  }
}
