import { conditional } from './conditional.ts';
import { iterative } from './iterative.ts';
import type { Orchestrator } from './orchestrator.ts';
import { research } from './research.ts';
import { search } from './search.ts';
import { sequential } from './sequential.ts';

/** The orchestrators that every server has. */
export const builtIns: readonly Orchestrator[] = [research, search, sequential, conditional, iterative];
