import { initialTransition, transition } from 'xstate';
import { statuses, type Status } from '../workflow/status.ts';
import { workflowMachine, type LifecycleEvent, type WorkflowHost } from './workflow-machine.ts';

/** Where the machine stands after an event, and what its workflow is told to do on the way, in this order. */
export interface LifecycleStep {
  readonly status: Status;
  readonly orders: readonly (keyof WorkflowHost)[];
}

type Machine = typeof workflowMachine;

/**
 * The lifecycle machine of all workflows. It has no context, so what XState answers is a function of the state and the
 * event alone: each pair is asked once and kept. A workflow holds the name of its state then, where an actor of its own
 * would hold four kilobytes for as long as the workflow waits.
 */
export class LifecycleSteps {
  readonly #machine: Machine;
  readonly #steps = new Map<Status, Map<string, LifecycleStep>>();
  #begin: LifecycleStep | undefined;

  constructor(machine: Machine = workflowMachine) {
    this.#machine = machine;
  }

  /** A new workflow enters its first state. */
  begin(): LifecycleStep {
    this.#begin ??= stepOf(initialTransition(this.#machine));
    return this.#begin;
  }

  /** An event that the state does not know changes nothing. */
  after(status: Status, type: LifecycleEvent | 'recorded'): LifecycleStep {
    const steps = this.#steps.get(status) ?? new Map<string, LifecycleStep>();
    this.#steps.set(status, steps);
    let step = steps.get(type);
    if (!step) {
      step = stepOf(transition(this.#machine, this.#machine.resolveState({ value: status }), { type }));
      steps.set(type, step);
    }
    return step;
  }
}

/** The product's machine. */
export const lifecycleSteps = new LifecycleSteps();

function stepOf([{ value }, actions]: ReturnType<typeof transition<Machine>>): LifecycleStep {
  const status = statuses.find((known) => known === value);
  if (status === undefined) throw new Error(`the machine is in ${JSON.stringify(value)}, which is no status`);
  return { status, orders: actions.map(({ type }) => orderOf(type)) };
}

const { actions: known } = workflowMachine.implementations;

function orderOf(type: string): keyof WorkflowHost {
  if (!Object.hasOwn(known, type)) throw new Error(`the machine asks for ${type}, which no workflow does`);
  return type as keyof WorkflowHost;
}
