import { setup } from 'xstate';
import type { EventType } from '../workflow/event.ts';
import { terminalStatuses } from '../workflow/status.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What the machine tells its workflow to do, by the names of the machine's actions; all of it may be asked twice. */
export interface WorkflowHost {
  /** Stand in line for a slot. */
  queueUp(): void;
  leaveQueue(): void;
  /** Make true what the log says is under way: calls, documents, timers. */
  carryOut(): void;
  releaseSlot(): void;
  /** Abort every call. */
  stopCalls(): void;
  /** The last event is durable: let go of everything. */
  finish(): void;
}

/** The events of the log that move a workflow from one state to another. */
export const lifecycleEvents = [
  'workflow_admitted',
  'workflow_paused',
  'workflow_resumed',
  'cancellation_requested',
  'workflow_completed',
  'workflow_failed',
  'workflow_timed_out',
  'workflow_cancelled',
] as const satisfies readonly EventType[];

export type LifecycleEvent = (typeof lifecycleEvents)[number];

const known: ReadonlySet<EventType> = new Set(lifecycleEvents);

export function isLifecycleEvent(type: EventType): type is LifecycleEvent {
  return known.has(type);
}

/** The machine only names what is to be done: it is stepped as a pure function, and its workflow does it. */
const named = (): void => undefined;

/**
 * The life of a workflow. It is told what has become durable: the lifecycle events of a batch in order, or `recorded`
 * where it holds none; so it never runs ahead of the log. `lifecycle-steps.ts` says what follows.
 */
export const workflowMachine = setup({
  types: { events: {} as { type: LifecycleEvent } | { type: 'recorded' } },
  actions: {
    queueUp: named,
    leaveQueue: named,
    carryOut: named,
    releaseSlot: named,
    stopCalls: named,
    finish: named,
  } satisfies Record<keyof WorkflowHost, () => void>,
}).createMachine({
  id: 'workflow',
  initial: 'pending',
  states: {
    pending: {
      description: 'Accepted and durable; waits for a slot.',
      entry: 'queueUp',
      exit: 'leaveQueue',
      on: {
        workflow_admitted: 'running',
        workflow_paused: 'paused',
        cancellation_requested: 'cancelling',
      },
    },
    running: {
      description: 'Admitted; agents work.',
      entry: 'carryOut',
      exit: 'releaseSlot',
      on: {
        recorded: { actions: 'carryOut' },
        workflow_paused: 'paused',
        cancellation_requested: 'cancelling',
        workflow_completed: 'completed',
        workflow_failed: 'failed',
        workflow_timed_out: 'timed_out',
      },
    },
    paused: {
      description: 'Held by a person; calls already sent finish, nothing new begins.',
      entry: 'carryOut',
      on: {
        workflow_resumed: 'pending',
        cancellation_requested: 'cancelling',
        workflow_timed_out: 'timed_out',
      },
    },
    cancelling: {
      description: 'A cancel was asked for; calls are aborted and nothing else can be its outcome.',
      entry: 'stopCalls',
      on: { workflow_cancelled: 'cancelled' },
    },
    completed: { description: 'Ended with its result.', type: 'final', entry: 'finish' },
    failed: { description: 'Ended without a result; the error says why.', type: 'final', entry: 'finish' },
    timed_out: {
      description: 'A time limit ended it; what was finished stays readable.',
      type: 'final',
      entry: 'finish',
    },
    cancelled: { description: 'Cancelled; the receipt says what was spent.', type: 'final', entry: 'finish' },
  },
});

const terminal: ReadonlySet<string> = new Set<string>(terminalStatuses);

/** The machine's chart as data, read off the machine itself. */
export function lifecycleOf(machine: typeof workflowMachine): Lifecycle {
  const nodes = Object.values(machine.states);
  const states = nodes.map((node) => ({
    name: node.key,
    description: node.description ?? '',
    terminal: terminal.has(node.key),
  }));
  const transitions = nodes.flatMap((node) =>
    [...node.transitions.values()].flat().flatMap((transition) =>
      (transition.target ?? []).map((target) => ({
        source: node.key,
        event: transition.eventType,
        target: target.key,
      })),
    ),
  );
  const mermaid = [
    'stateDiagram-v2',
    '  [*] --> pending',
    ...transitions.map(({ source, event, target }) => `  ${source} --> ${target}: ${event}`),
    ...states.filter((state) => state.terminal).map((state) => `  ${state.name} --> [*]`),
  ].join('\n');
  return { states, transitions, mermaid };
}
