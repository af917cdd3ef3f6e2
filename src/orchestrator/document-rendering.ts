import type { WorkflowState } from '../workflow/state.ts';
import type { Decision } from './orchestrator.ts';

/** What still has to be rendered before a run may complete; undefined: nothing. */
export function rendering(state: WorkflowState): Decision | undefined {
  if (!state.options.generateDocuments) return undefined;
  const formats = state.options.documentFormats.filter((format) => !state.documents.has(format));
  if (formats.length > 0) return { type: 'render', formats };
  const open = [...state.documents.values()].some((document) => document.status === 'started');
  return open ? { type: 'wait' } : undefined;
}

/** Documents a run renders, and how many of them have ended. */
export function documentCounts(state: WorkflowState): { readonly expected: number; readonly ended: number } {
  const expected = state.options.generateDocuments ? state.options.documentFormats.length : 0;
  let ended = 0;
  for (const { status } of state.documents.values()) if (status !== 'started') ended++;
  return { expected, ended };
}
