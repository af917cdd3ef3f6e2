import type { Mutant } from './mutant.ts';

const conclusion = 'engine/conclusion.ts';
const decide = 'engine/decide.ts';
const reserve = 'workflow/reserve.ts';

/** Rules of an early end with a report. */
export const concludeMutants: readonly Mutant[] = [
  {
    name: 'work may use what is kept for the report',
    patches: [{ file: decide, find: 'capsFor(draft.state, agent)', replace: 'draft.state.options' }],
  },
  {
    name: 'concluded twice',
    patches: [
      {
        file: conclusion,
        find: "if (state.status !== 'running' || state.conclusion) return;",
        replace: "if (state.status !== 'running') return;",
      },
    ],
  },
  {
    name: 'work is aborted without its grace',
    patches: [
      {
        file: conclusion,
        find: 'const over = draft.time >= conclusion.graceDeadline;',
        replace: 'const over = true;',
      },
    ],
  },
  {
    name: 'a conclusion lets new work begin',
    patches: [{ file: decide, find: '    closeWork(draft);\n', replace: '' }],
  },
  {
    name: 'a workflow that fails at its limits concludes',
    patches: [
      {
        file: reserve,
        find: 'if (!options.reserve || deadline === undefined || conclusion) return undefined;\n  return deadline - options.reserve.timeMs;',
        replace:
          'if (deadline === undefined || conclusion) return undefined;\n  return deadline - (options.reserve?.timeMs ?? 1_000);',
      },
    ],
  },
  {
    name: 'the report is not stopped before the end of the time',
    patches: [
      {
        file: reserve,
        find: "if (!options.reserve || deadline === undefined || stage.type !== 'synthesis') return undefined;",
        replace: 'return undefined;',
      },
    ],
  },
  {
    name: 'a delete takes what has not ended',
    patches: [
      {
        file: 'store/memory-store.ts',
        find: "    if (log.endTime === undefined) return 'open';\n",
        replace: '',
      },
    ],
  },
];
