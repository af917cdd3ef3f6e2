import type { Coverage } from './coverage.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { Timeline } from './timeline.ts';
import { must } from './violation.ts';

/**
 * - always: a claim succeeds and fences whoever had it, as where one process owns the store.
 * - while alive: a claim is refused while the holder is heard of; one that sleeps, is cut off or died is not.
 */
export type LeaseRule = 'always' | 'while alive';

export const leaseTtlMs = 10_000;

interface Lease {
  readonly owner: string;
  readonly node: SimulatedNode;
  readonly epoch: number;
  readonly time: number;
}

/** Who owns which workflow, known from outside of the store. */
export class LeaseBook {
  readonly #timeline: Timeline;
  readonly #coverage: Coverage;
  readonly #rule: LeaseRule;
  readonly #leases = new Map<string, Lease>();
  #lastEpoch = 0;

  constructor(timeline: Timeline, coverage: Coverage, rule: LeaseRule) {
    this.#timeline = timeline;
    this.#coverage = coverage;
    this.#rule = rule;
  }

  epochOf(id: string): number | undefined {
    return this.#leases.get(id)?.epoch;
  }

  holderOf(id: string): Lease | undefined {
    return this.#leases.get(id);
  }

  mayClaim(id: string, owner: string): boolean {
    const lease = this.#leases.get(id);
    if (!lease) return true;
    if (lease.owner === owner) return true;
    const { node } = lease;
    const now = this.#timeline.now;
    if (this.#rule === 'while alive' && node.heardOf(now) + leaseTtlMs > now) {
      this.#coverage.fault('lease: refused while the holder lives');
      return false;
    }
    if (!node.alive) this.#coverage.fault('lease: taken over from a node that died');
    else if (node.awakeTime > now) this.#coverage.fault('lease: taken over from a node that sleeps');
    else this.#coverage.fault('lease: taken over from a node that is cut off');
    return true;
  }

  granted(id: string, owner: string, epoch: number, node: SimulatedNode): void {
    must(epoch > this.#lastEpoch, () => `lease: epoch ${epoch} of ${id} follows ${this.#lastEpoch}`);
    this.#lastEpoch = epoch;
    this.#leases.set(id, { owner, node, epoch, time: this.#timeline.now });
  }

  released(id: string, epoch: number): void {
    if (this.#leases.get(id)?.epoch === epoch) this.#leases.delete(id);
  }

  ended(id: string): void {
    this.#leases.delete(id);
  }
}
