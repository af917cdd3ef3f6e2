import type { Clock } from '../clock/clock.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { CallGate } from '../provider/call-gate.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { Asker } from '../provider/waiting-line.ts';
import type { Blob } from '../store/event-store.ts';
import { noTools, type Toolbox } from '../tool/toolbox.ts';
import { attemptId } from '../workflow/id.ts';
import type { Logger } from '../workflow/logger.ts';
import type { Activities } from './activities.ts';
import { CallWaits } from './call-waits.ts';
import type { DayBudget } from './day-budget.ts';
import { decide, nextWakeTime } from './decide.ts';
import type { Draft } from './draft.ts';
import { applyIntent, type Intent } from './intent.ts';
import type { Journal } from './journal.ts';
import { noMaterial } from './material.ts';
import type { MaterialAccess } from './material-access.ts';
import { admit, closeCancelled, failWorkflow, timeOut, timeOutPaused } from './transition.ts';
import { WorkflowFacts } from './workflow-facts.ts';

export interface BatchDeps {
  readonly clock: Clock;
  readonly catalog: ProviderCatalog;
  readonly gate: CallGate;
  readonly dayBudget: DayBudget;
  readonly logger: Logger;
  /** Absent: agents have no tools. */
  readonly tools?: Toolbox | undefined;
  /** Turns an agent may have; default: `limits.turnsPerAgentDefault`. */
  readonly turnsPerAgent?: number | undefined;
}

/** The workflow in whose name is asked. */
export interface BatchHost extends Asker {
  /** A slot came that it has no use for. */
  releaseSlot(): void;
}

/** Events to be appended together, and the texts they refer to. */
export interface Batch {
  readonly draft: Draft;
  readonly blobs: readonly Blob[];
}

/**
 * Composes the batches of one workflow: first what has arrived says, then everything that follows from the state. It
 * asks and prepares, and changes nothing that the log tells of.
 */
export class BatchComposer {
  readonly #deps: BatchDeps;
  readonly #orchestrator: Orchestrator;
  readonly #journal: Journal;
  readonly #activities: Activities;
  readonly #access: MaterialAccess | undefined;
  readonly #host: BatchHost;
  readonly #waits = new CallWaits();
  #waitsFor: string | undefined;
  #beginsNothing = false;

  /** `access` undefined: the workflow has no documents. */
  constructor(
    deps: BatchDeps,
    orchestrator: Orchestrator,
    journal: Journal,
    activities: Activities,
    access: MaterialAccess | undefined,
    host: BatchHost,
  ) {
    this.#deps = deps;
    this.#orchestrator = orchestrator;
    this.#journal = journal;
    this.#activities = activities;
    this.#access = access;
    this.#host = host;
  }

  /** What outside of the log keeps a running workflow from going on. */
  get waitsFor(): string | undefined {
    return this.#waitsFor;
  }

  /** From now on what arrives is recorded, and nothing follows from it. */
  beginNothing(): void {
    this.#beginsNothing = true;
  }

  /** What was composed last is durable. */
  settled(): void {
    this.#waits.end();
  }

  /** When to look again without any news. What was due at `decidedTime` has been decided. */
  nextLook(decidedTime: number): number | undefined {
    const times = [
      nextWakeTime(this.#journal.state, decidedTime),
      this.#waits.until,
      this.#waitsFor === undefined ? undefined : this.#access?.retryTime,
    ].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The batch these intents amount to. A defect in the rules ends the workflow as failed, loudly, and nothing else. */
  compose(intents: readonly Intent[]): Batch {
    this.#waits.begin();
    this.#deps.dayBudget.leave(this.#host.id);
    // What an earlier try of this batch took is asked for again.
    this.#activities.dropPrepared();
    try {
      return this.#decided(intents);
    } finally {
      this.#deps.gate.looked(this.#host.id);
    }
  }

  #decided(intents: readonly Intent[]): Batch {
    const draft = this.#journal.draft();
    const blobs: Blob[] = [];
    try {
      for (const intent of intents) {
        blobs.push(...applyIntent(draft, intent, (id) => this.#waits.waitedMs(id, draft.time)));
        // A slot that came too late goes to the next in line.
        if (intent.type === 'admit' && draft.state.status !== 'running') this.#host.releaseSlot();
      }
      this.#waitsFor = undefined;
      timeOutPaused(draft);
      if (draft.state.status === 'running') this.#proceed(draft, blobs);
      this.#close(draft);
      return { draft, blobs };
    } catch (error) {
      const { workflowId, sequence } = this.#journal.state;
      this.#deps.logger.error({ workflow_id: workflowId, sequence, error }, 'workflow crashed');
      const rest: Blob[] = [];
      return { draft: this.#failed(intents, error, rest), blobs: rest };
    }
  }

  /** The batch that ends a workflow whose rules broke down. Answers that were paid for are recorded all the same. */
  #failed(intents: readonly Intent[], error: unknown, blobs: Blob[]): Draft {
    const draft = this.#journal.draft();
    for (const intent of intents) {
      if (intent.type === 'call_ended' || intent.type === 'tool_ended' || intent.type === 'cancel')
        blobs.push(...applyIntent(draft, intent, () => 0));
    }
    // A cancel beats every other outcome, also this one.
    if (draft.state.status === 'cancelling') {
      this.#close(draft);
      return draft;
    }
    if (draft.state.status === 'pending') admit(draft);
    if (draft.state.status !== 'running') throw error;
    const named = error instanceof Error && error.name !== 'Error';
    failWorkflow(
      draft,
      named ? error.name : 'internal',
      error instanceof Error ? error.message : String(error),
    );
    return draft;
  }

  #close(draft: Draft): void {
    closeCancelled(draft, (agentId, call) =>
      attemptId(this.#journal.key.workflowId, agentId, call.turn, call.attempt),
    );
  }

  /** Decides what follows, unless something outside of the log is in the way. */
  #proceed(draft: Draft, blobs: Blob[]): void {
    this.#waitsFor = this.#access?.obstacle(draft.state);
    if (this.#waitsFor === undefined) {
      if (this.#beginsNothing) return;
      const facts = this.#facts(draft.time, blobs);
      decide(draft, facts);
      if (facts.waitsForDay)
        this.#deps.dayBudget.wait(this.#host.id, draft.key.tenant, () => this.#host.wake());
      return;
    }
    const { deadline } = draft.state;
    if (deadline !== undefined && deadline <= draft.time) timeOut(draft, deadline);
  }

  #facts(time: number, blobs: Blob[]): WorkflowFacts {
    const { catalog, clock, gate, tools = noTools } = this.#deps;
    return new WorkflowFacts(
      {
        orchestrator: this.#orchestrator,
        catalog,
        gate,
        asker: this.#host,
        waits: this.#waits,
        dayBudget: this.#deps.dayBudget,
        material: this.#access?.material ?? noMaterial,
        tools,
        turnsPerAgent: this.#deps.turnsPerAgent,
        time,
        random: () => clock.random(),
        keep: (agentId, prepared, permit) => this.#activities.prepare(agentId, prepared, permit),
      },
      blobs,
    );
  }
}
