import type { Clock } from '../clock/clock.ts';
import type { LeaseStore } from '../store/event-store.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import type { Logger } from '../workflow/logger.ts';

/** What this process owns: claims workflows in its own name and gives them back. */
export class Ownership {
  readonly #leases: LeaseStore;
  readonly #logger: Logger;
  readonly #owner: string;

  constructor(deps: { readonly leases: LeaseStore; readonly logger: Logger; readonly clock: Clock }) {
    this.#leases = deps.leases;
    this.#logger = deps.logger;
    this.#owner = deps.clock.hex(8);
  }

  /** The epoch of the claim; undefined: another owner holds it. */
  claim(key: WorkflowKey): Promise<number | undefined> {
    return this.#leases.claim(key, this.#owner);
  }

  async giveBack(key: WorkflowKey, epoch: number): Promise<void> {
    try {
      await this.#leases.release(key, epoch);
    } catch (error) {
      this.#logger.error(
        { workflow_id: key.workflowId, error },
        'ownership could not be given back; the next process takes it',
      );
    }
  }
}
