import { status as Code } from '@grpc/grpc-js';
import type { Clock } from '../clock/clock.ts';
import type { Progress__Output } from '../gen/orchestrator/v1/Progress.ts';
import type { Snapshot__Output } from '../gen/orchestrator/v1/Snapshot.ts';
import type { WatchWorkflowResponse__Output } from '../gen/orchestrator/v1/WatchWorkflowResponse.ts';
import type { WorkflowEvent__Output } from '../gen/orchestrator/v1/WorkflowEvent.ts';
import { limits } from '../workflow/limits.ts';
import { isPassing, type OnReconnect, reconnectDelayMs } from './reconnect.ts';
import { RpcError } from './rpc-error.ts';

export interface WatchOptions {
  /** 0 (default): the whole history, then what comes next; n: everything after event n. */
  readonly afterSequence?: number | undefined;
  /** Instead of the history: a snapshot, handed to this function, and then what comes next. Ignores `afterSequence`. */
  readonly onSnapshot?: ((snapshot: Snapshot__Output) => void) | undefined;
  /** Asks for what agents write and do between two events too, and takes it; see `AgentTexts`. */
  readonly onProgress?: ((progress: Progress__Output) => void) | undefined;
  readonly onReconnect?: OnReconnect | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens one stream after the sequence; undefined asks for a snapshot. Iterating it throws RpcError. */
export type OpenWatch = (
  afterSequence: number | undefined,
  signal: AbortSignal,
) => AsyncIterable<WatchWorkflowResponse__Output>;

/**
 * Every event of a workflow exactly once and in order, over as many streams as it takes; ends after the terminal event.
 * A lost connection, a server that shuts down and a stream closed for being slow are followed by another stream from
 * the last event, after a backoff and at most `limits.reconnectsMax` times in a row. A server that was never reached
 * is not waited for. Throws RpcError, or the signal's reason.
 */
export async function* watchEvents(
  open: OpenWatch,
  clock: Clock,
  options: WatchOptions,
): AsyncGenerator<WorkflowEvent__Output, void, void> {
  const signal = options.signal ?? new AbortController().signal;
  let last = options.onSnapshot ? undefined : (options.afterSequence ?? 0);
  let reached = false;
  let failures = 0;
  for (;;) {
    try {
      for await (const message of open(last, signal)) {
        reached = true;
        failures = 0;
        if (message.snapshot) {
          last = Number(message.snapshot.sequence);
          options.onSnapshot?.(message.snapshot);
        }
        if (message.progress) options.onProgress?.(message.progress);
        for (const event of message.events) {
          const sequence = Number(event.sequence);
          if (last !== undefined && sequence <= last) continue;
          if (last !== undefined && sequence > last + 1) throw gap(event.workflowId, last + 1, sequence);
          last = sequence;
          yield event;
        }
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RpcError) || !isPassing(error)) throw error;
      // An error with a reason came from the server itself, so the address is right.
      reached ||= error.reason !== '';
      if (!reached || failures >= limits.reconnectsMax) throw error;
      const delayMs = reconnectDelayMs(failures++, clock);
      options.onReconnect?.(error, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }
}

function gap(workflowId: string, expected: number, found: number): RpcError {
  return new RpcError(Code.DATA_LOSS, `${workflowId}: expected sequence ${expected}, found ${found}`);
}
