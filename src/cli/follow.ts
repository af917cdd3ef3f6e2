import { AgentTexts } from '../client/agent-texts.ts';
import type { OrchestratorClient } from '../client/orchestrator-client.ts';
import type { RpcError } from '../client/rpc-error.ts';
import type { Progress__Output } from '../gen/orchestrator/v1/Progress.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import type { WorkflowEvent__Output } from '../gen/orchestrator/v1/WorkflowEvent.ts';
import { limits } from '../workflow/limits.ts';
import type { CliContext } from './cli-context.ts';
import { durationText } from './amount.ts';
import { eventLine } from './event-line.ts';
import { LiveView } from './live-view.ts';
import { progressLine } from './progress-line.ts';

export interface FollowOptions {
  /** Events after this sequence; default 0, the whole history. */
  readonly afterSequence?: number | undefined;
  /** With --json: whether every event is printed. A command that ends with one document prints none. */
  readonly jsonEvents: boolean;
  /** Whether what agents are writing is shown too; default false. */
  readonly progress?: boolean | undefined;
}

/**
 * Follows a workflow to its end and shows how it goes: a live tree in a terminal, a line per event elsewhere, JSON
 * lines or nothing with --json, nothing with --quiet. Resolves with the workflow as it ended; rejects with RpcError or
 * with the signal's reason.
 */
export async function follow(
  context: CliContext,
  client: OrchestratorClient,
  workflowId: string,
  { afterSequence, jsonEvents, progress = false }: FollowOptions,
): Promise<Workflow__Output> {
  const { output, signal, deps } = context;
  const texts = new AgentTexts(limits.shownTextCharsMax);
  const view = output.live
    ? new LiveView(output, deps.clock, () => client.getWorkflow(workflowId, { signal }), texts.all)
    : undefined;
  const onReconnect = (error: RpcError, delayMs: number): void => {
    const text = `connection lost (${error.message}), trying again in ${durationText(delayMs)}`;
    if (view) view.notice(text);
    else output.note(text);
  };
  const show = (event: WorkflowEvent__Output): void => {
    texts.event(event);
    if (view) view.changed();
    else if (output.json) {
      if (jsonEvents) output.value(event);
    } else if (!output.quiet) output.painted(eventLine(event));
  };
  const onProgress = (message: Progress__Output): void => {
    texts.progress(message);
    // A live view draws what is there at its own pace.
    if (view || output.quiet) return;
    if (!output.json) output.painted(progressLine(message));
    // An event has a member `progress` of its own.
    else if (jsonEvents) output.value({ agentProgress: message });
  };
  const options = { afterSequence, onReconnect, signal, ...(progress && { onProgress }) };
  view?.start();
  let last: Workflow__Output | undefined;
  try {
    for await (const event of client.watch(workflowId, options)) show(event);
    last = await client.getWorkflow(workflowId, { signal });
    return last;
  } finally {
    view?.stop(last);
  }
}
