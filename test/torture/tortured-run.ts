import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { CancelWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/CancelWorkflowResponse.ts';
import type { StartResearchRequest__Input } from '../../src/gen/orchestrator/v1/StartResearchRequest.ts';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { type Session, terminalTypes, type Watch } from '../e2e/session.ts';
import type { Gate } from './gate.ts';

export interface RunPlan {
  readonly requestId: string;
  readonly request: StartResearchRequest__Input;
  /** What the client does beside watching, once it has seen so many events. */
  readonly act: 'nothing' | 'cancel' | 'pause';
  readonly afterEvents: number;
  /** The start is asked for again when it was answered. */
  readonly twice: boolean;
}

/**
 * One run as its client lives it, across all deaths of the server: starts it under a request id, watches it without a
 * gap, does what is planned, and keeps whatever it was told.
 */
export class TorturedRun {
  readonly plan: RunPlan;
  /** Everything the watcher was told, in order. */
  readonly events: WorkflowEvent__Output[] = [];
  readonly violations: string[] = [];
  workflowId = '';
  cancelled: CancelWorkflowResponse__Output | undefined;
  /** A pause was acknowledged. */
  paused = false;
  readonly #gate: Gate;
  #acting: Promise<void> | undefined;

  constructor(gate: Gate, plan: RunPlan) {
    this.#gate = gate;
    this.plan = plan;
  }

  get over(): boolean {
    return terminalTypes.has(this.events.at(-1)?.type ?? '');
  }

  /** Until the terminal event was seen and everything asked for was answered. */
  async live(): Promise<void> {
    const { request, requestId, twice } = this.plan;
    const start = async (session: Session): Promise<string> =>
      (await session.start({ ...request, requestId })).workflowId;
    this.workflowId = await this.#gate.ask(start);
    if (twice) {
      const again = await this.#gate.ask(start);
      if (again !== this.workflowId) this.violations.push(`${requestId}: ${this.workflowId}, then ${again}`);
    }
    while (!this.over) await this.#gate.ask((session) => this.#watch(session));
    await this.#acting;
  }

  async #watch(session: Session): Promise<void> {
    const watch = session.watch(this.workflowId, Number(this.events.at(-1)?.sequence ?? 0));
    let taken = 0;
    const take = (): void => {
      for (const event of watch.events.slice(taken)) this.#take(event);
      taken = watch.events.length;
    };
    await watch.until(() => {
      take();
      return false;
    });
    await this.#ended(watch);
  }

  async #ended(watch: Watch): Promise<void> {
    const error = await watch.ended;
    if (error) {
      if (this.over) return;
      // Out of range would mean that the server has lost what it had told.
      if (error.code === Code.OUT_OF_RANGE || error.code === Code.NOT_FOUND) {
        throw new Error(`${this.workflowId}: after ${this.events.length} events: ${error.message}`);
      }
      throw error;
    }
    if (!this.over) throw new Error(`${this.workflowId}: the stream ended before the workflow`);
  }

  #take(event: WorkflowEvent__Output): void {
    const expected = this.events.length + 1;
    if (Number(event.sequence) !== expected) {
      this.violations.push(`${this.workflowId}: was told ${event.sequence}, expected ${expected}`);
    }
    this.events.push(event);
    if (this.plan.act === 'nothing' || this.events.length < this.plan.afterEvents) return;
    this.#acting ??= this.#act();
  }

  /** Never rejects: the watcher goes on beside it. */
  async #act(): Promise<void> {
    try {
      await (this.plan.act === 'cancel' ? this.#cancel() : this.#pause());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.violations.push(`${this.workflowId}: ${this.plan.act}: ${message}`);
    }
  }

  async #cancel(): Promise<void> {
    const { workflowId } = this;
    this.cancelled = await this.#gate.ask((session) => session.cancel(workflowId));
  }

  async #pause(): Promise<void> {
    const { workflowId } = this;
    // It may have ended before, or by the time it is asked again.
    const tolerant =
      (question: (session: Session) => Promise<unknown>) =>
      async (session: Session): Promise<boolean> => {
        try {
          await question(session);
          return true;
        } catch (error) {
          if ((error as ServiceError).code === Code.FAILED_PRECONDITION) return false;
          throw error;
        }
      };
    this.paused = await this.#gate.ask(
      tolerant(async (session) => {
        const { workflow } = await session.ask(workflowService.PauseWorkflow, { workflowId });
        if (workflow?.state !== 'STATE_PAUSED')
          throw new Error(`${workflowId} was paused and is ${workflow?.state}`);
      }),
    );
    await this.#gate.ask(tolerant((session) => session.ask(workflowService.ResumeWorkflow, { workflowId })));
  }
}

/** What a run's client was told that its log, which it has watched to the end, does not keep. */
export function brokenPromises(run: TorturedRun): readonly string[] {
  const { workflowId, events, cancelled, paused, violations } = run;
  const broken = [...violations];
  const end = events.at(-1);
  if (cancelled?.cancelled) {
    if (end?.type !== 'workflow_cancelled')
      broken.push(`${workflowId}: the cancel was acknowledged, it ended as ${end?.type}`);
    const [told, logged] = [cancelled.receipt, end?.workflowCancelled?.receipt].map((one) =>
      JSON.stringify(one),
    );
    if (told !== logged) broken.push(`${workflowId}: the receipt was ${told}, the log says ${logged}`);
  } else if (cancelled && end?.type === 'workflow_cancelled') {
    broken.push(`${workflowId}: the cancel came too late, it ended as cancelled`);
  }
  if (paused && !events.some(({ type }) => type === 'workflow_paused')) {
    broken.push(`${workflowId}: the pause was acknowledged, the log has none`);
  }
  return broken;
}
