import { hash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { DocumentSet } from '../tool/document-library.ts';
import { cappedText } from '../tool/tool-output.ts';
import { ToolCallError, type ToolResult } from '../tool/tool-source.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import type { AbortCause, EventOf, ToolSourceRef } from '../workflow/event.ts';
import { clip, failure } from '../workflow/failure.ts';
import { toolCallId } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import { requestedUrl } from '../workflow/source-url.ts';

/** A tool call that the log says is under way. */
export interface ToolOrder {
  readonly workflowId: string;
  readonly agentId: string;
  readonly turn: number;
  readonly callId: string;
  /** Which start of the call this is, from 1. */
  readonly start: number;
  readonly tool: string;
  readonly arguments: string;
  /** Handle its output gets as a source. */
  readonly handle: string;
  readonly traceparent: string | undefined;
}

/** A text by its hash. */
export interface KeptText {
  readonly sha256: string;
  readonly text: string;
}

export interface ToolEnd {
  readonly end: EventOf<'tool_call_ended'>;
  readonly start: number;
  /** Texts that the event's sources stand in. */
  readonly texts: readonly KeptText[];
}

/** One tool call that the log already knows of. Obeys its signal and its time, reports once and never appends. */
export class ToolCall {
  readonly order: ToolOrder;
  readonly #abort = new AbortController();
  #cause: AbortCause | undefined;

  constructor(order: ToolOrder) {
    this.order = order;
  }

  /** Stops it. The first cause stays. */
  abort(cause: AbortCause): void {
    if (this.#cause) return;
    this.#cause = cause;
    this.#abort.abort(new Error(`aborted: ${cause}`));
  }

  /** Never rejects. A tool that does not keep its time is not waited for. */
  async run(toolbox: Toolbox, clock: Clock, documents: DocumentSet | undefined): Promise<ToolEnd> {
    const begin = clock.monotonic();
    const { tool, arguments: json } = this.order;
    const checked = toolbox.check(tool, json);
    // Checked before its start was recorded; a server may have changed its mind since.
    if ('refusal' in checked) return this.#failed(checked.refusal, 0);
    const { timeoutMs, outputBytesMax } = checked.tool;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = clock.after(timeoutMs, () => {
      const message = `${tool} did not answer within ${timeoutMs} ms; whether it took effect is unknown`;
      reject(new ToolCallError(failure('timeout', message)));
      this.#abort.abort(new Error(message));
    });
    const answer = toolbox.call(tool, checked.args, {
      signal: this.#abort.signal,
      timeoutMs,
      callId: toolCallId(this.order),
      traceparent: this.order.traceparent,
      documents,
    });
    const took = (): number => Math.round(clock.monotonic() - begin);
    try {
      const result = await Promise.race([answer, late]);
      return this.#answered(result, outputBytesMax, documents, took());
    } catch (error) {
      // After its time nobody waits for it any more.
      answer.catch(() => undefined);
      const reason =
        error instanceof ToolCallError ? error.failure : failure('internal', `${tool}: ${String(error)}`);
      return this.#failed(reason, took());
    } finally {
      timer.cancel();
    }
  }

  #answered(
    result: ToolResult,
    bytesMax: number,
    documents: DocumentSet | undefined,
    durationMs: number,
  ): ToolEnd {
    const output = cappedText(result.text, bytesMax);
    if (result.isError) {
      const { tool } = this.order;
      const reason = failure('tool', `${tool} says that it failed`);
      return this.#end({ result: 'failed', output, failure: reason, durationMs }, []);
    }
    if (!result.sources) {
      if (output.trim() === '') return this.#end({ result: 'ok', output, durationMs }, []);
      const source = this.#own(output);
      const { sha256 } = source;
      return this.#end({ result: 'ok', output, durationMs, sources: [source] }, [{ sha256, text: output }]);
    }
    const found = new Set(result.sources.map(({ sha256 }) => sha256));
    const texts = (documents?.documents ?? []).filter(({ sha256 }) => found.delete(sha256));
    const sources = result.sources.length > 0 ? { sources: [...result.sources] } : {};
    return this.#end({ result: 'ok', output, durationMs, ...sources }, texts);
  }

  /** What a tool said, as a source of its own. */
  #own(output: string): ToolSourceRef {
    const { handle, tool, arguments: json } = this.order;
    const documentName = clip(`${tool} ${json}`, limits.documentNameCharsMax);
    const url = requestedUrl(json);
    return {
      ...{ handle, documentName, sha256: hash('sha256', output), start: 0, end: output.length },
      ...(url !== undefined && { url }),
    };
  }

  #failed(reason: ToolCallError['failure'], durationMs: number): ToolEnd {
    const cause = this.#cause;
    if (!cause) return this.#end({ result: 'failed', failure: reason, durationMs }, []);
    const message = `the call was stopped: ${cause}; whether it took effect is unknown`;
    return this.#end({ result: 'aborted', cause, failure: failure('aborted', message), durationMs }, []);
  }

  #end(
    how: Omit<EventOf<'tool_call_ended'>, 'type' | 'agentId' | 'turn' | 'callId'>,
    texts: readonly KeptText[],
  ): ToolEnd {
    const { agentId, turn, callId, start } = this.order;
    return { end: { type: 'tool_call_ended', agentId, turn, callId, ...how }, start, texts };
  }
}
