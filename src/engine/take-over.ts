import type { OrchestratorRegistry } from '../orchestrator/registry.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import { StoreUnavailableError, type OpenWorkflow } from '../store/event-store.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import { isTerminal } from '../workflow/status.ts';
import { Journal, readState, type JournalDeps } from './journal.ts';
import type { Ownership } from './ownership.ts';
import { recoveryBatches } from './recovery-batches.ts';
import type { WorkflowActor } from './workflow-actor.ts';

export interface TakeOverDeps extends JournalDeps {
  readonly registry: OrchestratorRegistry;
}

/** The task registry that workflows are taken into. */
export interface Adopter {
  readonly draining: boolean;
  /** The actor that carries it here. */
  find(key: WorkflowKey): WorkflowActor | undefined;
  /** Whether it is carried here or is just being started here. */
  holds(id: string): boolean;
  /** Goes on with a claimed workflow. When it throws, nothing of it has stayed in the registry. */
  adopt(journal: Journal, orchestrator: Orchestrator, order: number): void;
}

/** Takes over workflows that have not ended and that nobody carries: those of a former process, and of one that let go. */
export class TakeOver {
  readonly #deps: TakeOverDeps;
  readonly #ownership: Ownership;
  readonly #adopter: Adopter;
  /** Workflows this process cannot carry (unknown rules, a defect): left untouched until the next start, with the reason. */
  readonly #untouched = new Map<string, string>();

  constructor(deps: TakeOverDeps, ownership: Ownership, adopter: Adopter) {
    this.#deps = deps;
    this.#ownership = ownership;
    this.#adopter = adopter;
  }

  /** Why a workflow is left untouched. */
  whyUntouched(id: string): string | undefined {
    return this.#untouched.get(id);
  }

  /** Does not take this one again in this process. */
  leaveUntouched(id: string, reason: string): void {
    this.#untouched.set(id, reason);
  }

  /** Claims every workflow that has not ended and that no actor here carries. */
  async claimOpen(): Promise<void> {
    const open = await this.#deps.store.openWorkflows();
    const ids = new Set(open.map(({ key }) => keyText(key)));
    for (const id of this.#untouched.keys()) if (!ids.has(id)) this.#untouched.delete(id);
    const overtaken = this.#letGoOfOvertaken(open);
    const orphans = open.filter(({ key }) => {
      const id = keyText(key);
      return !overtaken.has(id) && !this.#adopter.find(key) && !this.#untouched.has(id);
    });
    // Those that were running go on before those that had not begun.
    const running = orphans.filter(({ status }) => status !== 'pending');
    const pending = orphans.filter(({ status }) => status === 'pending');
    for (const group of [running, pending]) {
      for (const [index, batch] of recoveryBatches(group).entries()) {
        // Each batch records and calls while the next one is read, so the first step does not wait for the last workflow.
        if (index > 0) await new Promise<void>((resolve) => this.#deps.clock.soon(resolve));
        if (this.#adopter.draining) return;
        const claims = await Promise.allSettled(batch.map((workflow) => this.#claim(workflow)));
        const failed = claims.find((claim) => claim.status === 'rejected');
        if (failed) throw failed.reason;
      }
    }
  }

  /**
   * Forgets the paused workflows that another owner has claimed since. One that runs or is admitted appends, and finds out
   * by itself; a paused one would stay registered here for days. They are the other's now, and not claimed back at once.
   */
  #letGoOfOvertaken(open: readonly OpenWorkflow[]): ReadonlySet<string> {
    const overtaken = new Set<string>();
    for (const { key, epoch } of open) {
      const actor = this.#adopter.find(key);
      if (actor?.state.status !== 'paused' || epoch === undefined || epoch <= actor.epoch) continue;
      overtaken.add(actor.id);
      actor.overtaken();
    }
    return overtaken;
  }

  async #claim({ key, order }: OpenWorkflow): Promise<void> {
    // Looked at again here: while the earlier ones were claimed, this one may have begun or ended.
    if (this.#adopter.holds(keyText(key))) return;
    const epoch = await this.#ownership.claim(key);
    if (epoch === undefined) return;
    let carried = false;
    try {
      carried = await this.#adopt(key, epoch, order);
    } catch (error) {
      // The store's trouble is not the log's: the next sweep tries again.
      if (error instanceof StoreUnavailableError) throw error;
      this.#leave(
        key,
        `defect: it cannot be recovered (${error instanceof Error ? error.message : String(error)})`,
        error,
      );
    } finally {
      if (!carried) await this.#ownership.giveBack(key, epoch);
    }
  }

  /** Whether it is carried here now. */
  async #adopt(key: WorkflowKey, epoch: number, order: number): Promise<boolean> {
    const state = await readState(this.#deps.store, key);
    if (!state || isTerminal(state.status) || this.#adopter.draining) return false;
    const orchestrator = this.#deps.registry.version(state.orchestrator, state.orchestratorVersion);
    if (!orchestrator) {
      this.#leave(
        key,
        `version: this build does not know ${state.orchestrator} version ${state.orchestratorVersion}`,
      );
      return false;
    }
    const journal = new Journal(this.#deps, key, epoch, state, (s) => orchestrator.progress(s));
    this.#adopter.adopt(journal, orchestrator, order);
    return true;
  }

  #leave(key: WorkflowKey, reason: string, error?: unknown): void {
    this.leaveUntouched(keyText(key), reason);
    this.#deps.logger.error(
      { workflow_id: key.workflowId, reason, ...(error !== undefined && { error }) },
      'workflow left untouched',
    );
  }
}
