import { actorMutants, actsBeforeAppend, slotsOver, tellsBeforeAppend } from './actor-mutants.ts';
import { concludeMutants } from './conclude-mutants.ts';
import { gateMutants, neverHalfOpen, permitLost } from './gate-mutants.ts';
import { heldIgnored, moneyMutants, settleSkipped } from './money-mutants.ts';
import type { Mutant } from './mutant.ts';
import { patternMutants } from './pattern-mutants.ts';
import { progressMutants } from './progress-mutants.ts';
import { qualityMutants } from './quality-mutants.ts';
import { keepsOneLess, noFence, noTerminalCheck, ripeTooSoon, storeMutants } from './store-mutants.ts';
import { timeMutants } from './time-mutants.ts';
import { toolMutants } from './tool-mutants.ts';

const together = (...parts: readonly Mutant[]): Mutant => ({
  name: parts.map(({ name }) => name).join(' + '),
  patches: parts.flatMap(({ patches }) => patches),
});

/** Every rule of ours that the simulation must miss when it is broken, alone and together with another. */
export const mutants: readonly Mutant[] = [
  ...storeMutants,
  ...actorMutants,
  ...timeMutants,
  ...moneyMutants,
  ...concludeMutants,
  ...gateMutants,
  ...toolMutants,
  ...patternMutants,
  ...progressMutants,
  ...qualityMutants,
  together(noFence, noTerminalCheck),
  together(keepsOneLess, ripeTooSoon),
  together(settleSkipped, heldIgnored),
  together(actsBeforeAppend, noFence),
  together(tellsBeforeAppend, slotsOver),
  together(permitLost, neverHalfOpen),
];
