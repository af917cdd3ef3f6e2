import type { Clock } from '../clock/clock.ts';
import type { WaitWorkflowResponse__Output } from '../gen/orchestrator/v1/WaitWorkflowResponse.ts';
import { limits } from '../workflow/limits.ts';
import { isPassing, type OnReconnect, reconnectDelayMs } from './reconnect.ts';
import { RpcError } from './rpc-error.ts';

export interface WaitOptions {
  readonly onReconnect?: OnReconnect | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks once and is answered at the end of the workflow or after `waitMs`. Rejects with RpcError. */
export type AskWait = (waitMs: number) => Promise<WaitWorkflowResponse__Output>;

/**
 * Waits for the end of a workflow over as many calls as it takes, at most `waitMs` (0 to `limits.waitMsMax`) in all.
 * A lost connection and a server that shuts down are followed by another call after a backoff, until the time is over;
 * then the last error is thrown. A server that was never reached is not waited for. Throws RpcError, or the signal's
 * reason.
 */
export async function waitForEnd(
  ask: AskWait,
  clock: Clock,
  waitMs: number,
  { onReconnect, signal = new AbortController().signal }: WaitOptions,
): Promise<WaitWorkflowResponse__Output> {
  const end = clock.monotonic() + Math.min(Math.max(waitMs, 0), limits.waitMsMax);
  const leftMs = (): number => Math.max(0, end - clock.monotonic());
  // A call that waits tells nothing before it ends; this one tells whether there is a server at all.
  let reply = await ask(0);
  let failures = 0;
  while (!reply.done && leftMs() > 0) {
    try {
      reply = await ask(leftMs());
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RpcError) || !isPassing(error) || leftMs() === 0) throw error;
      const delayMs = Math.min(leftMs(), reconnectDelayMs(failures++, clock));
      onReconnect?.(error, delayMs);
      await clock.sleep(delayMs, signal);
      if (leftMs() === 0) throw error;
    }
  }
  return reply;
}
