import { setup } from 'xstate';

/** What the supervisor's machine asks for. */
export interface SupervisorHost {
  /** Take up every workflow that has not ended. */
  recover(): void;
  /** Keep looking for workflows nobody holds and for finished ones to evict. */
  startSweeping(): void;
  stopSweeping(): void;
  /** Begin nothing new and let what is under way end. */
  drain(): void;
}

/** The life of a supervisor. New work is accepted in `serving` only. */
export const supervisorMachine = setup({
  types: {
    context: {} as { readonly host: SupervisorHost },
    input: {} as { readonly host: SupervisorHost },
    events: {} as { type: 'recovered' } | { type: 'drain' } | { type: 'drained' },
  },
  actions: {
    recover: ({ context }) => context.host.recover(),
    startSweeping: ({ context }) => context.host.startSweeping(),
    stopSweeping: ({ context }) => context.host.stopSweeping(),
    drain: ({ context }) => context.host.drain(),
  },
}).createMachine({
  id: 'supervisor',
  context: ({ input }) => ({ host: input.host }),
  initial: 'recovering',
  states: {
    recovering: { entry: 'recover', on: { recovered: 'serving', drain: 'draining' } },
    serving: { entry: 'startSweeping', exit: 'stopSweeping', on: { drain: 'draining' } },
    draining: { entry: 'drain', on: { drained: 'stopped' } },
    stopped: { type: 'final' },
  },
});
