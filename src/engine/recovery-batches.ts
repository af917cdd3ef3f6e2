import type { OpenWorkflow } from '../store/event-store.ts';
import { limits } from '../workflow/limits.ts';

/** At first few, that go on soon; then ever more together, so that what they record first shares its commits. */
export function recoveryBatches(workflows: readonly OpenWorkflow[]): readonly (readonly OpenWorkflow[])[] {
  const batches: (readonly OpenWorkflow[])[] = [];
  let size: number = limits.recoveryFirstBatch;
  for (let from = 0; from < workflows.length; ) {
    batches.push(workflows.slice(from, from + size));
    from += size;
    size = Math.min(2 * size, limits.recoveryBatch);
  }
  return batches;
}
