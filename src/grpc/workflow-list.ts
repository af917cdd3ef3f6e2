import type { Application } from '../engine/application.ts';
import { limits } from '../workflow/limits.ts';
import { workflowService } from './definition.ts';
import { workflowSummary } from './workflow-message.ts';

type ListQuery = Parameters<Application['list']>[0];
type ListCursor = Awaited<ReturnType<Application['list']>>['next'];

/** Workflows of a list, each encoded as field 1 of ListWorkflowsResponse. */
export interface EncodedList {
  readonly bytes: readonly Buffer[];
  /** Where the next page begins; undefined when there is none. */
  readonly next: ListCursor;
}

export const encodeListReply = workflowService.ListWorkflows.responseSerialize;

/**
 * A page of at most `query.limit` workflows and about `limits.listPageBytesMax` bytes, but at least one workflow if
 * there is any. A cursor belongs to the last row of a page of the store, so a page that is cut is asked for again.
 */
export async function encodedList(application: Application, query: ListQuery): Promise<EncodedList> {
  let { limit } = query;
  for (;;) {
    const { rows, next } = await application.list({ ...query, limit });
    const bytes: Buffer[] = [];
    let size = 0;
    for (const row of rows) {
      const summary = { ...workflowSummary(row), blockedReason: row.blockedReason ?? '' };
      const workflow = encodeListReply({ workflows: [summary] });
      if (bytes.length > 0 && size + workflow.length > limits.listPageBytesMax) break;
      bytes.push(workflow);
      size += workflow.length;
    }
    // The list may have changed meanwhile, so what is sent is the page that its cursor belongs to.
    if (bytes.length === rows.length) return { bytes, next };
    limit = bytes.length;
  }
}
