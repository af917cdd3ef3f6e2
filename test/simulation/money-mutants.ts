import type { Mutant } from './mutant.ts';

const ledger = 'workflow/ledger.ts';

export const settleSkipped: Mutant = {
  name: 'budget settle skipped',
  patches: [
    {
      file: ledger,
      find: '    heldTokens: ledger.heldTokens - tokensOf(reserved),',
      replace: '    heldTokens: ledger.heldTokens,',
    },
  ],
};

export const heldIgnored: Mutant = {
  name: 'affordability ignores what is held',
  patches: [
    {
      file: ledger,
      find: 'spent + ledger.heldTokens + tokensOf(reserved) > caps.maxTokens',
      replace: 'spent + tokensOf(reserved) > caps.maxTokens',
    },
  ],
};

/** Rules of money: reserved before a call, settled after it, told as it was. */
export const moneyMutants: readonly Mutant[] = [
  settleSkipped,
  heldIgnored,
  {
    name: "the cap of the day is not the store's last word",
    patches: [
      {
        file: 'store/memory-store.ts',
        find: 'for (const change of dayCaps ? spend : []) {',
        replace: 'for (const change of [] as typeof spend) {',
      },
    ],
  },
  {
    name: 'a day forgets what has settled',
    patches: [
      {
        file: 'workflow/day-spend.ts',
        find: '    heldTokens: -tokensOf(call.reserved),',
        replace: '    heldTokens: 0,',
      },
    ],
  },
  {
    name: 'a call counts for the day on which it ends',
    patches: [
      {
        file: 'workflow/day-spend.ts',
        find: '    day: dayOf(call.startTime),',
        replace: '    day: dayOf(time),',
      },
    ],
  },
  {
    name: 'whoever waits for the day is never told',
    patches: [
      {
        file: 'engine/day-budget.ts',
        find: '      waiter.wake();\n',
        replace: '',
      },
    ],
  },
  {
    name: 'budget hold skipped',
    patches: [
      {
        file: ledger,
        find: '    heldTokens: ledger.heldTokens + tokensOf(reserved),',
        replace: '    heldTokens: ledger.heldTokens,',
      },
    ],
  },
  {
    name: 'affordability ignores what is spent',
    patches: [
      {
        file: ledger,
        find: 'ledger.spentNanoUsd + ledger.heldNanoUsd + (reserved.costNanoUsd ?? 0) > caps.maxCostNanoUsd',
        replace: 'ledger.heldNanoUsd + (reserved.costNanoUsd ?? 0) > caps.maxCostNanoUsd',
      },
    ],
  },
  {
    name: 'a call without a price is counted as priced',
    patches: [
      {
        file: ledger,
        find: '(ended.costNanoUsd === undefined ? 1 : 0)',
        replace: '(ended.costNanoUsd === undefined ? 0 : 0)',
      },
    ],
  },
  {
    name: 'a call without reported usage is free',
    patches: [
      {
        file: 'engine/model-call.ts',
        find: '      usage: { inputTokens, outputTokens },\n      assumed: true,',
        replace: '      usage: { inputTokens: 0, outputTokens: 0 },\n      assumed: true,',
      },
    ],
  },
  {
    name: 'receipt miscounts interrupted calls',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'callsUnknown: state.callsUnknown,',
        replace: 'callsUnknown: 0,',
      },
    ],
  },
  {
    name: 'receipt miscounts finished calls',
    patches: [
      {
        file: 'workflow/evolve.ts',
        find: 'else state.callsFinished++;',
        replace: "else if (data.result === 'ok') state.callsFinished++;",
      },
    ],
  },
  {
    name: 'receipt leaves out what is assumed',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'assumedCostNanoUsd: ledger.assumedNanoUsd,',
        replace: 'assumedCostNanoUsd: 0,',
      },
    ],
  },
];
